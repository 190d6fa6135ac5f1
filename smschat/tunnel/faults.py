"""What went wrong with the agent, as one sentence and what to do about it.

The rule: a code of ngrok's (ngrok.com/docs/errors) has a sentence of ours; an unknown one keeps ngrok's own words.
Those are foreign text, and they name the authtoken: they pass `cleaned` before anybody sees them.
"""

from __future__ import annotations

import json
import re
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from smschat.domain.secret import masked
from smschat.domain.text import shown
from smschat.errors import SmschatError, TunnelError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyngrok.log import NgrokLog

LONGEST_WORDS: Final = 240
"""Characters of ngrok's own words that are passed on."""

_CODE = re.compile(r"ERR_NGROK_(\d{1,6})")
_CONTROLS = re.compile(r"(?:\\[nrt]|[\x00-\x20\x7f-\x9f\u2028\u2029])+")
_QUOTES = re.compile(r'\\(["\\])')
_URL = re.compile(r"\b[a-z][a-z0-9+.-]*://[^\s\"'<>]+", re.IGNORECASE)
_TOKEN = re.compile(r"(?i)\b((?:your\s+)?auth\s?token(?:\s+is)?\s*[:=]\s*)\S+")
_LONG = re.compile(r"[A-Za-z0-9_-]{20,}")
_NETWORK = re.compile(
    r"(?i)no such host|network is unreachable|no route to host|connection refused|i/o timeout|TLS handshake timeout"
    r"|server misbehaving|temporary failure in name resolution|connection reset|context deadline exceeded"
)
_DENIED = re.compile(r"(?i)permission denied|operation not permitted")
_OLD_FORMAT = re.compile(r"(?i)unknown version '?\"?3|valid versions are")
_LAST_WORDS = re.compile(r"^(?:ERROR:|panic:|fatal error:|FATAL)")
_UNAUTHENTICATED = frozenset({"103", "105", "106", "107", "120", "121", "4018"})
_PASSING = frozenset({"8007", "8009"})

_DASHBOARD = "https://dashboard.ngrok.com/get-started/your-authtoken"
_UPDATE = "run `ngrok update`, or `smschat doctor --install-ngrok`"
_CONFINED = (
    "let the agent read smschat's data folder; one that is confined, as from a snap, cannot: "
    "install another by `smschat doctor --install-ngrok`, and set ngrok_path to it"
)
_PLAN = "wait, or see https://dashboard.ngrok.com/billing"
_DOMAIN = "set public_url to a domain of this ngrok account (https://dashboard.ngrok.com/domains), or leave it out"


@dataclass(frozen=True, slots=True)
class _Fault:
    """What a code means, and what to do."""

    message: str
    hint: str


_TABLE: Final = {
    "102": _Fault("the last payment for the ngrok account failed", "see https://dashboard.ngrok.com/billing"),
    "103": _Fault("the ngrok account is suspended", "write to support@ngrok.com, or use another account"),
    "105": _Fault("the ngrok authtoken is malformed", f"copy it again from {_DASHBOARD}"),
    "106": _Fault(
        "the ngrok authtoken is of a version that is no longer served", f"copy the new one from {_DASHBOARD}"
    ),
    "107": _Fault(
        "the ngrok authtoken is not valid: it was revoked, or belongs to an account that is no longer yours",
        f"copy the one that holds now from {_DASHBOARD}",
    ),
    "108": _Fault(
        "the ngrok account has as many agents online as it may have",
        "stop another agent; https://dashboard.ngrok.com/agents lists them",
    ),
    "120": _Fault("ngrok no longer serves agents of this version", _UPDATE),
    "121": _Fault("the ngrok agent is older than this account may use", _UPDATE),
    "319": _Fault("the domain of public_url is not reserved by this ngrok account", _DOMAIN),
    "320": _Fault("the domain of public_url belongs to another ngrok account", _DOMAIN),
    "324": _Fault(
        "the ngrok account has as many endpoints online as it may have", "stop another endpoint of the account"
    ),
    "334": _Fault(
        "another agent has this ngrok address online",
        "stop it, or set public_url to another domain; if it was ours, its place is free within a minute",
    ),
    "717": _Fault(
        "ngrok serves so many calls only to those who have an account",
        f"copy the authtoken from {_DASHBOARD} and give it to `smschat login`",
    ),
    "727": _Fault("the ngrok account has used up its requests for this month", _PLAN),
    "734": _Fault("the ngrok account has used up its rate of requests", "wait a minute"),
    "3200": _Fault("the ngrok address is offline", "wait: the tunnel is opened again and again"),
    "4018": _Fault(
        "ngrok asks for an authtoken, and there is none or its account is not verified",
        f"copy the authtoken from {_DASHBOARD} and give it to `smschat login`",
    ),
    "8007": _Fault("no ngrok server can be reached", "look at the network, the firewall and the proxy"),
    "8009": _Fault("no ngrok server took the tunnel", "look at the network, the firewall and the proxy"),
    "8012": _Fault("the ngrok agent cannot reach the listener", "start smschat again"),
    "9009": _Fault(
        "this ngrok account may not use a proxy",
        "leave the setting proxy and the variable http_proxy out, or see https://dashboard.ngrok.com/billing",
    ),
    "9040": _Fault("ngrok takes no agents from the address of this machine", "leave the VPN, or use another network"),
}


def no_agent(given: object) -> TunnelError:
    """There is no program to start; `given` is the setting, None where it has none."""
    where = f" at {given}" if given else ""
    return TunnelError(
        f"there is no ngrok agent{where}",
        hint="run `smschat doctor --install-ngrok`; or get it from https://ngrok.com/download and set ngrok_path",
        code="no_agent",
    )


def too_old(version: str | None) -> TunnelError:
    """The agent lacks what we need of it; None: a version that could not be found out."""
    named = f" {version}" if version else ""
    return TunnelError(f"the ngrok agent{named} is too old, 3.30.0 is needed", hint=_UPDATE, code="agent_old")


def no_network() -> TunnelError:
    """The agent does not reach its service."""
    return TunnelError(
        "the ngrok agent does not reach its service",
        hint="look at the network, the firewall and the proxy",
        code="ngrok_unreachable",
    )


def closed() -> TunnelError:
    """`close` came while it was being opened."""
    return TunnelError("the tunnel was closed while it was being opened", code="tunnel_closed")


def not_in_time(limit_s: float) -> TunnelError:
    """The agent did not come up, and said nothing of why."""
    return TunnelError(
        f"the ngrok agent did not come up within {limit_s:g} seconds",
        hint="run `ngrok diagnose`; it names what stands in the way",
        code="agent_start",
    )


def not_started(error: Exception, logs: Sequence[NgrokLog]) -> TunnelError:
    """What pyngrok raised, or what stood in its way, with what the agent said."""
    from pyngrok.exception import PyngrokError, PyngrokNgrokHTTPError  # noqa: PLC0415 - loaded already where this is called

    if isinstance(error, TunnelError):
        return error
    if isinstance(error, SmschatError):
        return TunnelError(error.message, hint=error.hint, code=error.code)
    if isinstance(error, PyngrokNgrokHTTPError):
        return _refused(error.status_code, error.body)
    named = told(logs)
    if named is not None:
        return named
    if isinstance(error, PyngrokError):
        return TunnelError(
            "the ngrok agent does not come up, and does not say why",
            hint="run `ngrok diagnose`; see that ngrok_path is an ngrok agent, or leave it out",
            code="agent_start",
        )
    why = (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
    if isinstance(error, UnicodeError):
        why = "what it writes is no text"
    return TunnelError(
        f"the ngrok agent could not be started: {cleaned(why)}", hint="run `ngrok diagnose`", code="agent_start"
    )


def refused_at_start(log: NgrokLog) -> TunnelError | None:
    """Why an agent that is being started will not be let in, so that nobody waits for its next tries."""
    code = _code_of(log)
    return of_code(code, log.err or log.line) if code is not None and code not in _PASSING else None


def session_ended(log: NgrokLog) -> TunnelError | None:
    """Why a running agent will not be let in again; None where it may be: it tries again by itself."""
    code = _code_of(log)
    return of_code(code, log.err or log.line) if code in _UNAUTHENTICATED else None


def ended(status: int, logs: Sequence[NgrokLog]) -> TunnelError:
    """The agent is gone; `status` as a process has it, negative for a signal."""
    named = told(logs[-3:])
    if named is not None and named.code.startswith("ngrok_"):
        return named
    how = f"ended by {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"
    words = cleaned(_words(logs[-3:]))
    return TunnelError(
        f"the ngrok agent has ended ({how})" + (f": {words}" if words else ""),
        hint="it is started again without help; if it keeps ending, run `ngrok diagnose`",
        code="agent_ended",
    )


def of_code(code: str, words: str) -> TunnelError:
    """The fault of a code, digits alone; `words` are ngrok's own."""
    known = _TABLE.get(code)
    if known is not None:
        return TunnelError(known.message, hint=known.hint, code=f"ngrok_{code}")
    own = cleaned(words) or "it gives no reason"
    hint = f"see https://ngrok.com/docs/errors/err_ngrok_{code}"
    return TunnelError(f"ngrok refuses it (ERR_NGROK_{code}): {own}", hint=hint, code=f"ngrok_{code}")


def cleaned(words: str) -> str:
    """Foreign words as part of a sentence: one line, no code, no authtoken, no address that could hold a secret."""
    text = _QUOTES.sub(r"\1", _CONTROLS.sub(" ", masked(words)))
    text = _URL.sub(lambda found: _plain(found[0]), _TOKEN.sub(r"\1***", text))
    text = " ".join(_CODE.sub(" ", text).split()).strip(" .:")
    return shown(text, multiline=False, limit=LONGEST_WORDS)


def told(logs: Sequence[NgrokLog]) -> TunnelError | None:
    """The fault that the log names, the latest first; None where it names none."""
    for log in reversed(logs):
        code = _code_in(log.line)
        if code is not None:
            return of_code(code, log.err or log.line)
    words = _words(logs)
    if _OLD_FORMAT.search(words):
        return too_old(None)
    if _NETWORK.search(words):
        return no_network()
    if words:
        hint = _CONFINED if _DENIED.search(words) else "run `ngrok diagnose`; it names what stands in the way"
        return TunnelError(f"the ngrok agent does not come up: {cleaned(words)}", hint=hint, code="agent_start")
    return None


def _words(logs: Sequence[NgrokLog]) -> str:
    """The agent's words for what is wrong: of its log, else what it wrote beside it; empty where it gave none."""
    for log in reversed(logs):
        if log.err and log.err not in ("nil", "<nil>") and log.lvl in ("WARNING", "ERROR", "CRITICAL"):
            return log.err
    plain = [log.line for log in logs if log.lvl == "NOTSET"]
    return next((line for line in plain if _LAST_WORDS.match(line)), plain[-1] if plain else "")


def _refused(status: int, body: str) -> TunnelError:
    """What the agent's API answered when the address was asked for."""
    words = _error_in(body)
    code = _code_in(body)
    if code is not None:
        return of_code(code, words)
    if status == 404:  # noqa: PLR2004 - no such path
        return too_old(None)
    hint = "run `ngrok diagnose`; set public_url to a domain of this ngrok account, or leave it out"
    return TunnelError(
        f"the ngrok agent gives no address (HTTP {status}): {cleaned(words)}", hint=hint, code="endpoint_refused"
    )


def _error_in(body: str) -> str:
    try:
        answer = json.loads(body)
        return str(answer.get("details", {}).get("err") or answer.get("msg") or "")
    except (ValueError, AttributeError):
        return body


def _code_of(log: NgrokLog) -> str | None:
    return _code_in(log.line) if log.lvl in ("ERROR", "CRITICAL") else None


def _code_in(text: str) -> str | None:
    found = _CODE.findall(text)
    return found[-1] if found else None


def _plain(url: str) -> str:
    """The address, without what could be a secret: credentials, a query, and whatever is long."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    path = "" if _LONG.search(parts.path) else parts.path
    return f"{parts.scheme}://{parts.hostname or ''}{path}"
