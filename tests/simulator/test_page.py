"""The simulator's own page and its JSON: everything that came, nothing that opens a door, and no text that acts."""

from __future__ import annotations

import html
import math
import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import httpx
import pytest

from smschat.simulator import Simulator, page, people
from smschat.simulator.journal import Entry, Kind, masked
from tests.simulator.rig import OWN, STRANGER

if TYPE_CHECKING:
    from tests.simulator.rig import Rig

NOON = datetime(2026, 1, 31, 12, 0, tzinfo=UTC)
EVIL = "<script>alert(1)</script>\"'&amp;"


class _Tags(HTMLParser):
    """The tags and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


def _tags(text: str) -> _Tags:
    parser = _Tags()
    parser.feed(text)
    return parser


async def test_the_page_lists_requests_and_callbacks_newest_first_with_their_fields(rig: Rig) -> None:
    await rig.talk(people.ECHO.number, "first words")
    answer = await rig.http.get(f"{rig.simulator.url}/")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html;charset=UTF-8"
    kinds = re.findall(r"<td>(\w+) \((?:was asked|called back)\)</td>", answer.text)
    assert kinds == ["inbound", "receipt", "send", "register", "token"]
    for shown in ("first words", people.ECHO.number, "header inbound", "no-product", "31970000000"):
        assert shown in answer.text


async def test_the_journal_is_the_same_as_json(rig: Rig) -> None:
    await rig.talk(people.ECHO.number, "first words")
    listed = (await rig.http.get(f"{rig.simulator.url}/journal")).json()
    assert [entry["kind"] for entry in listed] == ["inbound", "receipt", "send", "register", "token"]
    sent = listed[2]
    assert (sent["method"], sent["address"], sent["http"]) == ("POST", "/communication/nexmo/sms/send", 200)
    assert (sent["inbound"], sent["is_callback"], sent["tries"]) == ("yes", False, 1)
    assert sent["fields"]["text"] == "first words"
    assert listed[0]["fields"]["text"] == "first words"
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", sent["at"])


async def test_looking_leaves_no_trace(rig: Rig) -> None:
    before = len(rig.simulator.journal)
    for path in ("/", "/journal", "/?every=2"):
        assert (await rig.http.get(rig.simulator.url + path)).status_code == 200
    assert len(rig.simulator.journal) == before


async def test_nothing_that_opens_a_door_is_shown(rig: Rig) -> None:
    await rig.register(url=f"{rig.hook.url}/path-token")
    await rig.send(STRANGER, form={"callback": f"{rig.hook.url}/path-token/r/ref"})
    await rig.simulator.settled()
    for path in ("/", "/journal"):
        shown = (await rig.http.get(rig.simulator.url + path)).text
        for door in ("zq7-secret", rig.bearer, "path-token"):
            assert door not in shown


async def test_what_somebody_wrote_is_text_and_nothing_else(rig: Rig) -> None:
    await rig.register()
    plain = _tags((await rig.http.get(f"{rig.simulator.url}/")).text)
    rig.simulator.write(sender=EVIL, to=OWN, text=EVIL)
    await rig.post("/<script>alert(2)</script>", {EVIL: EVIL})
    await rig.simulator.settled()
    answer = await rig.http.get(f"{rig.simulator.url}/")
    told = _tags(answer.text)
    assert told.tags == plain.tags
    assert told.attributes == plain.attributes
    assert html.escape(EVIL) in answer.text
    assert "script" not in told.tags


async def test_the_page_loads_and_runs_nothing(rig: Rig) -> None:
    for path in ("/", "/journal"):
        answer = await rig.http.get(rig.simulator.url + path)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("query", "every"), [("", None), ("?every=2", "2"), ("?every=999", "999"), ("?every=0", None), ("?every=2;x", None)]
)
async def test_a_browser_asks_again_when_told_to(rig: Rig, query: str, every: str | None) -> None:
    text = (await rig.http.get(f"{rig.simulator.url}/{query}")).text
    found = re.search(r'<meta http-equiv="refresh" content="(\d+)">', text)
    assert (found[1] if found else None) == every


@pytest.mark.parametrize("host", ["rebound.example", "rebound.example:80", "127.0.0.1.example", "", "[::1", "10.0.0.1"])
async def test_a_page_of_somebody_elses_name_cannot_look_in(rig: Rig, host: str) -> None:
    for path in ("/", "/journal"):
        answer = await rig.http.get(rig.simulator.url + path, headers={"Host": host})
        assert answer.status_code == 403 or (host == "" and answer.status_code == 400)
        assert "token" not in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost:1", "localhost", "[::1]:80"])
def test_this_machine_has_several_names(host: str) -> None:
    assert page.is_here(host)


async def test_an_empty_simulator_says_so() -> None:
    async with (
        Simulator(pace=math.inf) as simulator,
        httpx.AsyncClient(trust_env=False, verify=False, timeout=60) as http,
    ):
        assert "nothing yet" in (await http.get(simulator.url)).text
        assert (await http.get(f"{simulator.url}/journal")).json() == []


def test_a_page_shows_the_newest_and_no_more_than_it_can() -> None:
    entries = [Entry(at=NOON, kind=Kind.OTHER, method="GET", address=f"/{nth}", http=404) for nth in range(1000)]
    shown = page.page(entries, ()).body.decode()
    assert "GET /999<" in shown
    assert f"GET /{1000 - page.SHOWN}<" in shown
    assert f"GET /{999 - page.SHOWN}<" not in shown


def test_addresses_of_callbacks_keep_their_origin_only() -> None:
    fields = {
        "callback": "https://a.example/token",
        "moHttpUrl": "https://u:p@b.example/token",
        "text": "https://c.example/x",
    }
    assert masked(fields) == {
        "callback": "https://a.example/…",
        "moHttpUrl": "https://b.example/…",
        "text": "https://c.example/x",
    }
    assert masked({"callback": "https://[::1", "callback_url": ""}) == {"callback": "-", "callback_url": ""}
