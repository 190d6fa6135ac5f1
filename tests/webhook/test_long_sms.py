"""Long SMS by real callbacks: the right text each time, in whatever order, however often and late the parts come."""

from __future__ import annotations

import asyncio
import itertools
import re
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smschat.domain.delivery import Status
from smschat.store.inbound import GAP
from tests.webhook.rig import FORMS, OWN_NUMBER, rig

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator
    from pathlib import Path

    from hypothesis.strategies import DrawFn

    from tests.webhook.rig import Rig

HOUR_S: Final = 3600
PORTS: Final = "0504158A0000"
"""To port 5514 (a picture message), from port 0."""

_senders = (f"316{number:08}" for number in itertools.count(1))
_ids = (f"0A{number:014X}" for number in itertools.count(1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """How parts say where they belong: by fields, or by a reference of 8 or 16 bits in the user data header."""

    name: str
    ref: int
    has_ports: bool = False

    @property
    def is_binary(self) -> bool:
        return self.name != "fields"

    @property
    def udh(self) -> str | None:
        """What is left of the header once the parts are joined."""
        return f"06{PORTS}".lower() if self.is_binary and self.has_ports else None

    def fields(self, total: int, place: int, text: str) -> dict[str, str]:
        if not self.is_binary:
            concat = {"concat-ref": f"{self.ref}", "concat-total": f"{total}", "concat-part": f"{place}"}
            return {"type": "unicode", "text": text, "concat": "true", **concat}
        element = f"0003{self.ref:02X}" if self.name == "8 bit" else f"0804{self.ref:04X}"
        body = (PORTS if self.has_ports else "") + f"{element}{total:02X}{place:02X}"
        return {"type": "binary", "data": text.encode().hex(), "udh": f"{len(body) // 2:02X}{body}"}


FIELDS, EIGHT, SIXTEEN = (Carried(name=name, ref=204) for name in ("fields", "8 bit", "16 bit"))


def part(carried: Carried, sender: str, total: int, place: int, text: str) -> dict[str, str]:
    """A callback with a message id of its own."""
    return {"msisdn": sender, "to": OWN_NUMBER, "messageId": next(_ids), **carried.fields(total, place, text)}


def long_sms(carried: Carried, sender: str, texts: list[str]) -> list[dict[str, str]]:
    """Its callbacks, in the order of the parts."""
    return [part(carried, sender, len(texts), place, text) for place, text in enumerate(texts, start=1)]


async def said(gateway: Rig, sender: str) -> list[str]:
    """What a sender's SMS say, octets read as text."""
    transcript = await gateway.transcript(sender)
    return [bytes.fromhex(sms.data).decode() if sms.data else sms.text for sms in transcript]


@contextmanager
def running(folder: Path) -> Iterator[tuple[Rig, Callable[[Awaitable[None]], None]]]:
    """A rig for many examples, and the way to run something beside it."""
    with asyncio.Runner() as runner:
        opened = rig(folder)
        gateway = runner.run(opened.__aenter__())

        async def all_of(work: Awaitable[None]) -> None:
            await work

        try:
            yield gateway, lambda work: runner.run(all_of(work))
        finally:
            runner.run(opened.__aexit__(None, None, None))


TEXTS: Final = ["one ", "two\n", " three", "🙂 four ", "five"]


@pytest.mark.parametrize("carried", [FIELDS, EIGHT, SIXTEEN], ids=lambda carried: carried.name)
async def test_every_order_of_up_to_five_parts_is_the_same_text(tmp_path: Path, carried: Carried) -> None:
    forms = itertools.cycle(FORMS)
    async with rig(tmp_path) as gateway:
        for total in range(2, 6):
            for order in itertools.permutations(range(total)):
                sender = next(_senders)
                calls = long_sms(carried, sender, TEXTS[:total])
                for place in order:
                    assert await said(gateway, sender) == []
                    assert await gateway.call(calls[place], next(forms)) == 200
                assert await said(gateway, sender) == ["".join(TEXTS[:total])], order


@st.composite
def texts_of(draw: DrawFn, mark: str) -> list[str]:
    """Two to five parts, each begun by what no other part has."""
    words = st.text(st.characters(exclude_categories=["C"], exclude_characters="⟦⟧…"), max_size=8)
    return [f"⟦{mark}.{place}⟧{draw(words)}" for place in range(draw(st.integers(2, 5)))]


@st.composite
def references(draw: DrawFn) -> Carried:
    name = draw(st.sampled_from(["fields", "8 bit", "16 bit"]))
    ref = draw(st.integers(0, 0xFFFF if name == "16 bit" else 0xFF))
    return Carried(name=name, ref=ref, has_ports=draw(st.booleans()))


@st.composite
def with_repeats(draw: DrawFn, calls: list[dict[str, str]], earlier: list[dict[str, str]]) -> list[dict[str, str]]:
    """The calls in any order, with some of them, and of those before them, repeated at any later place."""
    order = draw(st.permutations(calls))
    for call in draw(st.lists(st.sampled_from([*calls, *earlier]), max_size=4)):
        first = order.index(call) + 1 if call in order else 0
        order.insert(draw(st.integers(first, len(order))), call)
    return order


def test_a_reference_used_again_and_again_with_repeats_and_parts_that_come_late(tmp_path: Path) -> None:
    """Each SMS comes whole before the next one with its reference begins, one part of it an hour after the others."""
    with running(tmp_path) as (gateway, run):

        async def holds(carried: Carried, all_texts: list[list[str]], data: st.DataObject) -> None:
            sender, earlier = next(_senders), list[dict[str, str]]()
            for number, texts in enumerate(all_texts):
                calls = long_sms(carried, sender, texts)
                late = data.draw(st.none() | st.sampled_from(calls))
                on_time = [call for call in calls if call is not late]
                for call in data.draw(with_repeats(on_time, earlier)):
                    assert await gateway.call(call, data.draw(st.sampled_from(FORMS))) == 200
                whole = ["".join(texts) for texts in all_texts[: number + 1]]
                if late is not None:
                    await waits(sender, whole[:-1], texts, calls.index(late))
                    assert await gateway.call(late) == 200
                assert await said(gateway, sender) == whole
                earlier += calls
            last = (await gateway.transcript(sender))[-1]
            assert (last.status, last.udh) == (Status.RECEIVED, carried.udh)

        async def waits(sender: str, before: list[str], texts: list[str], missing: int) -> None:
            assert await said(gateway, sender) == before
            gateway.clock.advance(HOUR_S)
            await gateway.show_waiting()
            *_, partial = await gateway.transcript(sender)
            gap = "" if partial.data else GAP
            assert partial.status is Status.PARTIAL
            assert (await said(gateway, sender))[-1] == "".join([*texts[:missing], gap, *texts[missing + 1 :]])

        @settings(max_examples=60)
        @given(references(), st.tuples(texts_of("a"), texts_of("b"), texts_of("c")), st.data())
        def check(carried: Carried, all_texts: tuple[list[str], ...], data: st.DataObject) -> None:
            run(holds(carried, list(all_texts), data))

        check()


def test_nothing_is_lost_or_doubled_or_mixed_where_totals_and_places_lie(tmp_path: Path) -> None:
    """Whatever the parts say of themselves, each is shown once, and beside none of another total."""
    lies = st.sampled_from([0, 1, 2, 3, 5, 254, 255])
    with running(tmp_path) as (gateway, run):

        async def holds(carried: Carried, claims: list[tuple[int, int]], data: st.DataObject) -> None:
            sender = next(_senders)
            calls = [part(carried, sender, *claim, f"⟦{number}⟧") for number, claim in enumerate(claims)]
            for call in data.draw(with_repeats(calls, [])):
                assert await gateway.call(call, data.draw(st.sampled_from(FORMS))) == 200
            await gateway.show_waiting()
            shown = [[int(mark) for mark in re.findall(r"⟦(\d+)⟧", text)] for text in await said(gateway, sender)]
            assert sorted(itertools.chain(*shown)) == list(range(len(claims)))
            for marks in shown:
                assert len({claims[mark][0] for mark in marks}) == 1
                places = [claims[mark][1] for mark in marks]
                assert places == sorted(set(places))

        @settings(max_examples=60)
        @given(references(), st.lists(st.tuples(lies, lies), min_size=1, max_size=5), st.data())
        def check(carried: Carried, claims: list[tuple[int, int]], data: st.DataObject) -> None:
            run(holds(carried, claims, data))

        check()


@pytest.mark.parametrize("total", ["0", "1", "256", "1000", "-2", "2.0", "two", "", "99999999999999999999"])
async def test_a_total_that_cannot_be_makes_each_part_an_sms_of_its_own(tmp_path: Path, total: str) -> None:
    async with rig(tmp_path) as gateway:
        sender = next(_senders)
        for call in long_sms(FIELDS, sender, TEXTS[:3]):
            assert await gateway.call(call | {"concat-total": total}) == 200
        assert await said(gateway, sender) == TEXTS[:3]
        assert {sms.status for sms in await gateway.transcript(sender)} == {Status.RECEIVED}


async def test_a_total_that_promises_too_much_is_shown_with_its_gap(tmp_path: Path) -> None:
    async with rig(tmp_path) as gateway:
        sender = next(_senders)
        for place in (2, 1):
            assert await gateway.call(part(FIELDS, sender, 5, place, TEXTS[place - 1])) == 200
        gateway.clock.advance(60)
        await gateway.show_waiting()
        assert await said(gateway, sender) == [f"{TEXTS[0]}{TEXTS[1]}{GAP}"]


async def test_long_sms_that_come_at_the_same_time_are_kept_apart(tmp_path: Path) -> None:
    """Of one sender with several references, the same number in 8 and in 16 bits among them, and of another one."""
    async with rig(tmp_path) as gateway:
        one, other = next(_senders), next(_senders)
        kinds = [FIELDS, Carried(name="fields", ref=205), EIGHT, SIXTEEN]
        sets = [long_sms(kind, one, [f"{number}a", f"{number}b"]) for number, kind in enumerate(kinds)]
        sets.append(long_sms(FIELDS, other, ["other a", "other b"]))
        for place in (1, 0):
            for calls in sets:
                assert await gateway.call(calls[place]) == 200
        assert sorted(await said(gateway, one)) == ["0a0b", "1a1b", "2a2b", "3a3b"]
        assert await said(gateway, other) == ["other aother b"]


async def test_a_name_writes_long_sms_too(tmp_path: Path) -> None:
    async with rig(tmp_path) as gateway:
        for call in reversed(long_sms(FIELDS, "KPN Store", TEXTS)):
            assert await gateway.call(call, "form") == 200
        assert await said(gateway, "KPN Store") == ["".join(TEXTS)]


async def test_national_and_international_forms_are_one_sender(tmp_path: Path) -> None:
    async with rig(tmp_path) as gateway:
        for place, sender in enumerate(("0611111111", "+31 6 11111111", "0031611111111"), start=1):
            assert await gateway.call(part(FIELDS, sender, 3, place, TEXTS[place - 1])) == 200
        assert await said(gateway, "31611111111") == ["".join(TEXTS[:3])]


async def test_the_rest_that_comes_within_a_day_completes_and_later_does_not(tmp_path: Path) -> None:
    async with rig(tmp_path) as gateway:
        for hours, is_joined in ((23.9, True), (24.1, False)):
            sender = next(_senders)
            first, second = long_sms(FIELDS, sender, ["one ", "two"])
            assert await gateway.call(first) == 200
            await gateway.show_waiting()
            gateway.clock.advance(hours * HOUR_S)
            assert await gateway.call(second) == 200
            await gateway.show_waiting()
            assert await said(gateway, sender) == (["one two"] if is_joined else [f"one {GAP}", f"{GAP}two"])
