"""The stand-in's Phone Numbers: numbers that are owned, numbers to rent, and a gateway that tests an address first.

The rule: what is not stated about the gateway goes the hard way. A field that an update leaves out is cleared, and a
list without a number is `{}`.

    def test_it(standin: Standin) -> None:
        standin.numbers.owns("3197000000001", mo_http_url="https://other.example/sms")
        standin.numbers.lets("3197000000002", cost="1.25")            # to rent
        standin.numbers.answers["https://other.example/sms"] = 200    # is not asked: it answers 200
        standin.numbers.refuses_with = 200                            # "420" comes inside HTTP 200; usual is HTTP 420
        standin.script(BUY, Reply(body={}))                           # the next answer, whatever it is asked
        standin.numbers.is_in_production = False                      # the project lacks the product
        ...
        assert standin.numbers.number("3197000000001")["moHttpUrl"] == "https://other.example/sms"
        assert standin.numbers.tested == [("https://other.example/sms", 200)]

An address that an update sets is tested with an empty GET, over real HTTP on loopback; elsewhere nothing answers but
what `answers` says, and nothing is asked. Anything but 200 is refused with 420 and changes nothing.
"""

from __future__ import annotations

import contextlib
import http.client
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from tests.document import fault
from tests.numbers_document import BUY, CANCEL, FIELDS, OWN, SEARCH, UPDATE, said

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.standin import Request

Answer = tuple[int, object]
"""HTTP status and body."""

_LOOPBACK = {"127.0.0.1", "localhost"}
_CHANGES = tuple(name for name in FIELDS[UPDATE] if name not in FIELDS[BUY])
_TEST_S = 10.0


class StandinNumbers:
    """The numbers of one account; every method may be called from any thread.

    Attributes:
        is_in_production: else the project lacks the product.
        refuses_with: HTTP status of an answer whose body has `error-code` 420.
        answers: the HTTP status that an address answers its test with, without being asked.
        tested: the addresses that were tested, and what they answered; 0 where nothing did.
    """

    def __init__(self) -> None:
        self.is_in_production = True
        self.refuses_with = 420
        self.answers: dict[str, int] = {}
        self.tested: list[tuple[str, int]] = []
        self._lock = threading.Lock()
        self._own: dict[str, dict[str, Any]] = {}
        self._to_rent: dict[str, dict[str, Any]] = {}

    def owns(self, msisdn: str, *, country: str = "NL", mo_http_url: str | None = None, **more: Any) -> None:
        """Give the account a number; further fields as the wire names them, such as `voiceCallbackType="app"`."""
        address = {"moHttpUrl": mo_http_url} if mo_http_url else {}
        with self._lock:
            self._own[msisdn] = _number(msisdn, country, address | more)

    def lets(self, msisdn: str, *, country: str = "NL", cost: str = "1.25", **more: Any) -> None:
        """Offer a number for rent."""
        with self._lock:
            self._to_rent[msisdn] = _number(msisdn, country, {"cost": cost} | more)

    def number(self, msisdn: str) -> dict[str, Any]:
        """A number of the account, as the wire has it."""
        with self._lock:
            return dict(self._own[msisdn])

    def owned(self) -> list[str]:
        """The numbers of the account."""
        with self._lock:
            return list(self._own)

    def reply(self, request: Request) -> Answer:
        """What the gateway says when nothing else was scripted; the token has been checked."""
        if not self.is_in_production:
            code = "keymanagement.service.InvalidAPICallAsNoApiProductMatchFound"
            return 401, fault(code, "Invalid API call as no apiproduct match found")
        if request.violations:
            return self.refuses_with, said("420", "Invalid request :: " + "; ".join(request.violations))
        if request.path in {OWN, SEARCH}:
            with self._lock:
                return 200, self._list(request.path, dict(request.query))
        act = {BUY: self._buy, CANCEL: self._cancel, UPDATE: self._update}[request.path]
        is_done = act(request.form)
        return (200, said("200", "success")) if is_done else (self.refuses_with, said("420", "method failed"))

    def _list(self, path: str, query: Mapping[str, str]) -> object:
        numbers: Iterable[dict[str, Any]] = self._own.values()
        if path == SEARCH:
            kind, features = query.get("type", "landline"), set(filter(None, query.get("features", "").split(",")))
            numbers = [
                number
                for number in self._to_rent.values()
                if (number["country"], number["type"]) == (query["country"], kind) and features <= {*number["features"]}
            ]
        found = [number for number in numbers if _fits(number["msisdn"], query)]
        size, index = int(query.get("size", "10")), int(query.get("index", "1"))
        return {"count": len(found), "numbers": found[(index - 1) * size : index * size]} if found else {}

    def _buy(self, form: Mapping[str, str]) -> bool:
        with self._lock:
            number = self._to_rent.get(form["msisdn"])
            if number is None or number["country"] != form["country"]:
                return False
            bought = self._to_rent.pop(form["msisdn"])
            self._own[form["msisdn"]] = {name: value for name, value in bought.items() if name != "cost"}
            return True

    def _cancel(self, form: Mapping[str, str]) -> bool:
        with self._lock:
            return self._is_own(form) and bool(self._own.pop(form["msisdn"]))

    def _update(self, form: Mapping[str, str]) -> bool:
        with self._lock:
            if not self._is_own(form):
                return False
        address = form.get("moHttpUrl")
        if address and not self._is_answering(address):
            return False
        with self._lock:
            number = {name: value for name, value in self._own[form["msisdn"]].items() if name not in _CHANGES}
            self._own[form["msisdn"]] = number | {name: form[name] for name in _CHANGES if form.get(name)}
        return True

    def _is_own(self, form: Mapping[str, str]) -> bool:
        number = self._own.get(form["msisdn"])
        return number is not None and number["country"] == form["country"]

    def _is_answering(self, address: str) -> bool:
        """The gateway's own test; nothing is locked meanwhile, because what answers may be asked from a test's loop."""
        status = self.answers[address] if address in self.answers else _empty_get(address)
        with self._lock:
            self.tested.append((address, status))
        return status == http.HTTPStatus.OK


def _number(msisdn: str, country: str, more: Mapping[str, Any]) -> dict[str, Any]:
    usual = {"country": country, "msisdn": msisdn, "type": "mobile-lvn", "features": ["SMS", "VOICE"]}
    return {**usual, **more}


def _fits(msisdn: str, query: Mapping[str, str]) -> bool:
    pattern = query.get("pattern", "").strip("*")
    match query.get("search_pattern", "0"):
        case "0":
            return msisdn.startswith(pattern)
        case "1":
            return pattern in msisdn
        case _:
            return msisdn.endswith(pattern)


def _empty_get(address: str) -> int:
    """The status of an empty GET; 0 where nothing answers, and everywhere but on loopback."""
    parts = urlsplit(address)
    if parts.hostname not in _LOOPBACK:
        return 0
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=_TEST_S)
    try:
        with contextlib.closing(connection):
            connection.request("GET", parts.path or "/", headers={"User-Agent": "Nexmo/MessagingHUB/v1.0"})
            return connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return 0
