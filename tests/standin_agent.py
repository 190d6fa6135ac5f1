"""A strict stand-in for the ngrok agent, as a program of its own: its arguments, its log, its local API, its edge.

The rule: it knows nothing of smschat. It obeys `script.json` in the folder that its wrapper names, refuses what the
agent refuses (flags, settings and fields that it does not know), and writes down in `journal.jsonl` what it was given.
Its "edge" is a port of loopback that forwards real HTTP to the upstream, and can be online only once, as an address.

`tests.agent.Agent` makes the wrapper, the script and reads the journal. Sources: ngrok.com/docs/agent/api,
/docs/agent/config/v3, /docs/errors.
"""

from __future__ import annotations

import http.client
import json
import os
import signal
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

AGENT_SETTINGS = {
    *("api_key", "authtoken", "connect_cas", "connect_interface", "connect_timeout", "connect_url", "console_ui"),
    *("console_ui_color", "crl_noverify", "dns_resolver_ips", "heartbeat_interval", "heartbeat_tolerance"),
    *("inspect_db_size", "log_level", "log_format", "log", "metadata", "proxy_url", "remote_management"),
    *("update_channel", "update_check", "web_addr", "web_allow_hosts"),
}
ENDPOINT_FIELDS = {"name", "url", "upstream", "bindings", "inspect", "pooling_enabled", "traffic_policy", "metadata"}

NO_ROUTE = "dial tcp: lookup connect.ngrok-agent.com on 127.0.0.53:53: no such host"
FAULTS = {
    "ERR_NGROK_105": "The authtoken you specified does not look like a proper ngrok authtoken.\n"
    "Your authtoken: {token}",
    "ERR_NGROK_107": "The authtoken you specified is properly formed, but it is invalid.\nYour authtoken: {token}",
    "ERR_NGROK_108": "Your account is limited to 1 simultaneous ngrok agent sessions.",
    "ERR_NGROK_120": 'Your ngrok-agent version "{version}" is no longer supported.',
    "ERR_NGROK_121": 'Your ngrok-agent version "{version}" is too old. The minimum supported agent version for your '
    'account is "3.20.0". Update to a newer version with `ngrok update`.',
    "ERR_NGROK_319": "You must reserve a custom hostname for your account before it can be used to create endpoints.",
    "ERR_NGROK_334": "The endpoint '{url}' is already online.",
    "ERR_NGROK_4018": "Usage of ngrok requires a verified account and authtoken.\n\n"
    "Sign up for an account: https://dashboard.ngrok.com/signup",
    "ERR_NGROK_9009": "Running the agent with an http/s proxy is a paid feature.",
}


class Agent:
    """One run of the agent."""

    def __init__(self, folder: Path, arguments: list[str]) -> None:
        self.folder = folder
        self.arguments = arguments
        self.script: dict[str, Any] = json.loads((folder / "script.json").read_text(encoding="utf-8"))
        self.settings: dict[str, Any] = {}
        self.endpoints: dict[str, Endpoint] = {}
        self.captured: list[dict[str, str]] = []

    @property
    def token(self) -> str:
        """The authtoken of the settings, empty when there is none."""
        return str(self.settings.get("authtoken") or "")

    @property
    def keeps_requests(self) -> bool:
        """Whether requests are kept for inspection."""
        return self.settings.get("inspect_db_size") != -1

    def note(self, event: str, **what: object) -> None:
        """Write into the journal, in one write so that lines of several processes stay whole."""
        line = json.dumps({"event": event, "pid": os.getpid(), **what}) + "\n"
        journal = os.open(self.folder / "journal.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(journal, line.encode())
        os.close(journal)

    def log(self, level: str, message: str, **fields: str) -> None:
        """A line of the agent's log: logfmt, on standard output."""
        told = " ".join(f"{name}={_quoted(value)}" for name, value in fields.items())
        print(f't=2026-11-22T07:27:09+0000 lvl={level} msg="{message}" {told}'.rstrip(), flush=True)

    def fault(self, code: str, **words: str) -> str:
        """The service's words for a code, the code at the end."""
        words = {"token": self.token, "version": self.script["version"], **words}
        return f"{FAULTS.get(code, 'Something is wrong.').format(**words)}\r\n\r\n{code}\r\n"

    def run(self) -> None:
        """Be `ngrok version` or `ngrok start`."""
        if self.arguments in (["version"], ["--version"]):
            self.note("version", argv=sys.argv, environ=dict(os.environ))
            print(f"ngrok version {self.script['version']}")
            return
        self.read_arguments()
        if self.script["says"]:
            sys.exit(self.script["says"])
        self.start()

    def read_arguments(self) -> None:
        """Take what `start` takes, and the settings of its file."""
        if self.arguments[:5] != ["start", "--none", "--log", "stdout", "--config"] or len(self.arguments) != 6:
            sys.exit(f"ERROR:  unknown arguments: {self.arguments}")
        file = Path(self.arguments[5])
        text, mode = file.read_text(encoding="utf-8"), f"{file.stat().st_mode & 0o777:o}"
        self.note("start", argv=sys.argv, environ=dict(os.environ), config=text, config_mode=mode, session=os.getsid(0))
        self.settings = self.settings_of(yaml.safe_load(text), file)

    def settings_of(self, config: dict[str, Any], file: Path) -> dict[str, Any]:
        """The agent's part of the file; what it does not know ends it, with words on standard error."""
        if str(config.get("version")) != "3" or _number(self.script["version"]) < (3, 16):
            sys.exit(
                f"ERROR:  Error reading configuration file '{file}': unknown version '3'. valid versions are: [1 2]"
            )
        settings: dict[str, Any] = config.get("agent") or {}
        strange = sorted({*config} - {"version", "agent", "endpoints", "tunnels"}) or sorted(
            {*settings} - AGENT_SETTINGS
        )
        if strange:
            sys.exit(f"ERROR:  Error reading configuration file '{file}': field {strange[0]} not found")
        return settings

    def start(self) -> None:
        """Serve the local API, begin a session as the script has it, and then be there."""
        for number, act in ((signal.SIGUSR1, self.crash), (signal.SIGUSR2, self.lose_session)):
            signal.signal(number, lambda *_, act=act: act())
        if self.script["ignores_sigterm"]:
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
        if self.script["hangs"] == "at once":
            _for_ever()
        web = _Server(("127.0.0.1", 0), Api, self)
        self.log("info", "starting web service", obj="web", addr=f"127.0.0.1:{web.server_address[1]}")
        threading.Thread(target=web.serve_forever, args=(0.02,), daemon=True).start()
        if self.script["hangs"] == "offline":
            self.retry()
        if self.script["hangs"]:
            _for_ever()
        self.begin_session(web)
        if self.script["crashes_after_s"] is not None:
            time.sleep(self.script["crashes_after_s"])
            self.crash()
        _for_ever()

    def begin_session(self, web: _Server) -> None:
        """Be let in by the service, or not."""
        code = self.script["refuses"] or self.missing_token() or self.unknown_token()
        if code:
            self.log(
                "eror", "failed to reconnect session", obj="csess", err=f"authentication failed: {self.fault(code)}"
            )
            if self.script["retries"]:
                _for_ever()
            self.log("crit", "command failed", err=f"authentication failed: {self.fault(code)}")
            sys.exit(1)
        self.log("info", "tunnel session started", obj="tunnels.session")
        self.log("info", "client session established", obj="csess", id="1")
        self.note("session", api=f"http://127.0.0.1:{web.server_address[1]}/api")

    def missing_token(self) -> str | None:
        """4018 where the settings have no authtoken."""
        return None if self.token else "ERR_NGROK_4018"

    def unknown_token(self) -> str | None:
        """107 where the account knows other authtokens."""
        known = self.script["authtokens"]
        return None if known is None or self.token in known else "ERR_NGROK_107"

    def retry(self) -> None:
        """Without a way to the service, the agent tries again and again."""
        while True:
            self.log("eror", "failed to reconnect session", obj="csess", err=NO_ROUTE)
            time.sleep(0.1)

    def crash(self) -> None:
        """End as after an error of its own."""
        self.log("crit", "command failed", err="the service closed the session for good")
        os._exit(3)

    def lose_session(self) -> None:
        """The service ends the session, because the authtoken was revoked; the agent goes on trying."""
        for message in ("session closing", "failed to reconnect session"):
            self.log("eror", message, obj="csess", err=f"authentication failed: {self.fault('ERR_NGROK_107')}")


class Endpoint:
    """An address of the edge, and what it leads to."""

    def __init__(self, agent: Agent, asked: dict[str, Any]) -> None:
        self.asked = asked
        self.edge: _Server | None = None
        self.url = agent.script["public_url"] or asked.get("url")
        loopback = f"http://127.0.0.1:{agent.script['public_port']}"
        if self.url in (None, loopback):
            self.url = loopback
            self.edge = _Server(("127.0.0.1", agent.script["public_port"]), Edge, agent)
            self.edge.upstream = asked["upstream"]["url"]
            threading.Thread(target=self.edge.serve_forever, args=(0.02,), daemon=True).start()

    def told(self) -> dict[str, object]:
        """As the API tells of it."""
        upstream = {"url": self.asked["upstream"]["url"], "protocol": "http1"}
        name = self.asked["name"]
        return {"name": name, "uri": f"/api/endpoints/{name}", "url": self.url, "upstream": upstream}

    def close(self) -> None:
        """Be offline."""
        if self.edge is not None:
            self.edge.shutdown()
            self.edge.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    upstream = ""

    def __init__(self, address: tuple[str, int], handler: type[BaseHTTPRequestHandler], agent: Agent) -> None:
        super().__init__(address, handler)
        self.agent = agent

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that hangs up is no news."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    @property
    def agent(self) -> Agent:
        return self.server.agent

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the base class
        """Nothing but the agent's own log goes to standard output."""

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def answer(self, status: int, document: object, **headers: str) -> None:
        octets = b"" if document is None else json.dumps(document).encode()
        self.send_response(status)
        named = {"Content-Type": "application/json", "Content-Length": str(len(octets))}
        for name, value in {**named, **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(octets)


class Api(_Handler):
    """The agent's API on loopback: endpoints, and the older tunnels."""

    def do_GET(self) -> None:
        match self._parts():
            case ["api"]:
                self.answer(200, {"tunnels_uri": "/api/tunnels", "http_requests_uri": "/api/requests/http"})
            case ["api", "status"]:
                self.answer(200, {"status": "online", "agent_version": self.agent.script["version"]})
            case ["api", "requests", "http"]:
                self.answer(200, {"uri": "/api/requests/http", "requests": self.agent.captured})
            case ["api", "endpoints" | "tunnels" as kind] if self._has(kind):
                told = [endpoint.told() for endpoint in self.agent.endpoints.values()]
                self.answer(200, {kind: told, "uri": f"/api/{kind}"})
            case ["api", "endpoints", name] if self._has("endpoints") and name in self.agent.endpoints:
                self.answer(200, self.agent.endpoints[name].told())
            case _:
                self._not_found()

    def do_DELETE(self) -> None:
        match self._parts():
            case ["api", "endpoints" | "tunnels" as kind, name] if self._has(kind) and name in self.agent.endpoints:
                self.agent.endpoints.pop(name).close()
                self.answer(204, None)
            case _:
                self._not_found()

    def do_POST(self) -> None:
        asked = json.loads(self.body())
        self.agent.note("endpoint", path=self.path, asked=asked)
        if self._parts() != ["api", "endpoints"] or not self._has("endpoints"):
            self._not_found()
            return
        strange = sorted({*asked} - ENDPOINT_FIELDS)
        if strange:
            self._failed(400, 102, "invalid tunnel configuration", f"field {strange[0]} not found")
            return
        self._open(asked)

    def _open(self, asked: dict[str, Any]) -> None:
        url = str(asked.get("url") or self.agent.script["public_url"] or "https://example.ngrok-free.dev")
        if self.agent.script["refuses_endpoint"]:
            self._failed(
                502, 103, "failed to start tunnel", self.agent.fault(self.agent.script["refuses_endpoint"], url=url)
            )
            return
        try:
            endpoint = Endpoint(self.agent, asked)
        except OSError:  # the port is taken: another agent has this address
            self._failed(502, 103, "failed to start tunnel", self.agent.fault("ERR_NGROK_334", url=url))
            return
        self.agent.endpoints[asked["name"]] = endpoint
        self.answer(201, endpoint.told())

    def _parts(self) -> list[str]:
        return [part for part in urlsplit(self.path).path.split("/") if part]

    def _has(self, kind: str) -> bool:
        """Endpoints came with 3.30.0."""
        return kind == "tunnels" or _number(self.agent.script["version"]) >= (3, 30)

    def _failed(self, status: int, code: int, message: str, error: str) -> None:
        self.answer(status, {"error_code": code, "status_code": status, "msg": message, "details": {"err": error}})

    def _not_found(self) -> None:
        self.answer(404, {"status_code": 404, "msg": "Not Found", "details": {"path": self.path}})


class Edge(_Handler):
    """What the public address answers: what the upstream does."""

    def do_GET(self) -> None:
        """Forward it."""
        self._forward()

    def do_HEAD(self) -> None:
        """Forward it."""
        self._forward()

    def do_POST(self) -> None:
        """Forward it."""
        self._forward()

    def _forward(self) -> None:
        body = self.body()
        if self.agent.keeps_requests:
            self.agent.captured.append({"uri": self.path})
        own = ("host", "connection", "content-length", "transfer-encoding")
        headers = {name: value for name, value in self.headers.items() if name.lower() not in own}
        headers |= {"X-Forwarded-For": self.client_address[0], "X-Forwarded-Proto": "https"}
        upstream = http.client.HTTPConnection(urlsplit(self.server.upstream).netloc, timeout=20)
        try:
            upstream.request(self.command, self.path, body or None, headers)
            self._pass_on(upstream.getresponse())
        except OSError:
            self.answer(502, {"msg": "the upstream is not there"}, ngrok_error_code="ERR_NGROK_8012")
        finally:
            upstream.close()

    def _pass_on(self, answer: http.client.HTTPResponse) -> None:
        octets = answer.read()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "content-length", "transfer-encoding", "date", "server"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(octets)))
        self.end_headers()
        self.wfile.write(octets)


def _quoted(value: str) -> str:
    return json.dumps(value) if not value or set(value) & set(' "=\n\r\\') else value


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))


def _for_ever() -> None:
    while True:
        signal.pause()


if __name__ == "__main__":
    Agent(Path(sys.argv[1]), sys.argv[2:]).run()
