"""The borrowed callback, with the real client, the real store and a strict stand-in: what was there is never lost."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from smschat.domain.secret import Secret
from smschat.errors import ForeignCallbackError, GatewayError, GatewayRefusedError, OutcomeUnknownError
from smschat.gateway import KpnGateway
from smschat.messaging.account import Ending, ProductionCallback
from smschat.messaging.numbers import Numbers
from smschat.store import SqliteStore
from tests.standin import OWN, UPDATE, Manner, Reply

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from tests.standin import Standin

NUMBER = "3197010000001"
FOREIGN = ("https://one.example/sms?key=theirs", "https://two.example/sms")


@dataclass
class World:
    """A number, whoever else has it, and one smschat after the other."""

    standin: Standin
    store: SqliteStore
    account: ProductionCallback
    token: str
    starts: int = 0
    others: str | None = None
    history: list[str] = field(default_factory=list)

    @property
    def present(self) -> str:
        """Where the number's SMS go now; empty: nowhere."""
        address: str = self.standin.numbers.number(NUMBER).get("moHttpUrl", "")
        return address

    def is_set_by_others(self, address: str | None) -> None:
        """Somebody else sets or clears the address."""
        self.others = address
        self.standin.numbers.owns(NUMBER, mo_http_url=address, voiceStatusCallback="https://pbx.example/ended")

    async def start(self, *, is_agreed: bool) -> None:
        """Take the number, at an address that is another one each time."""
        self.starts += 1
        url = f"https://host-{self.starts}.example/{self.token}"
        self.standin.numbers.answers[url] = 200
        await self.account.take(NUMBER, url, may_take=lambda _: is_agreed)

    async def end(self) -> list[Ending]:
        """Give back, and park what is left of ours."""
        endings = [(await self.account.give_back(loan, asked=False)).ending for loan in await self.store.loans()]
        await self.account.park(NUMBER)
        return endings

    async def loans(self) -> list[str]:
        return [loan.url for loan in await self.store.loans()]

    async def check(self) -> None:
        """What always holds, whatever happened."""
        kept = await self.loans()
        assert not any(self.token in url for url in kept), "an address of ours was kept as somebody else's"
        assert self.others is None or self.others in {self.present, *kept}, "a foreign address was lost"
        assert self.standin.numbers.number(NUMBER)["voiceStatusCallback"] == "https://pbx.example/ended"


@asynccontextmanager
async def world(standin: Standin, folder: Path, address: str | None = None) -> AsyncIterator[World]:
    store = await SqliteStore.open(folder / "default.db")
    gateway = KpnGateway(api_url=standin.url, client_id="an-id", client_secret=Secret("a-secret"))
    try:
        token = await store.path_token()
        account = ProductionCallback(store, Numbers(gateway.numbers, store), token=token)
        made = World(standin=standin, store=store, account=account, token=token)
        standin.numbers.answers.update(dict.fromkeys(FOREIGN, 200))
        made.is_set_by_others(address)
        yield made
    finally:
        await gateway.aclose()
        await store.close()


async def test_nobodys_address_is_taken_without_a_yes(tmp_path: Path, standin: Standin) -> None:
    async with world(standin, tmp_path, FOREIGN[0]) as one:
        with pytest.raises(ForeignCallbackError) as told:
            await one.start(is_agreed=False)
        assert told.value.url == FOREIGN[0]
        assert "theirs" not in f"{told.value.message} {told.value.hint}"
        assert one.present == FOREIGN[0]
        assert await one.loans() == []
        assert await one.store.registration() is None
        assert standin.of(UPDATE) == []


async def test_what_was_there_is_on_disk_before_ours_takes_its_place(tmp_path: Path, standin: Standin) -> None:
    """The update is lost on the way: the yes holds for the next try, which is not asked again."""
    async with world(standin, tmp_path, FOREIGN[0]) as one:
        standin.script(UPDATE, Reply(manner=Manner.CLOSE))
        with pytest.raises(OutcomeUnknownError):
            await one.start(is_agreed=True)
        assert await one.loans() == [FOREIGN[0]]
        await one.start(is_agreed=False)
        assert one.token in one.present


async def test_a_yes_for_one_address_is_none_for_another(tmp_path: Path, standin: Standin) -> None:
    async with world(standin, tmp_path, FOREIGN[0]) as one:
        await one.start(is_agreed=True)
        one.is_set_by_others(FOREIGN[1])
        with pytest.raises(ForeignCallbackError):
            await one.start(is_agreed=False)
        assert await one.loans() == [FOREIGN[0]]
        await one.start(is_agreed=True)
        assert await one.loans() == [FOREIGN[1]]


async def test_a_yes_ends_with_the_try_to_give_back(tmp_path: Path, standin: Standin) -> None:
    """Nobody heard that it was given back; the number says so at the next start, and then it is asked again."""
    async with world(standin, tmp_path, FOREIGN[0]) as one:
        await one.start(is_agreed=True)
        standin.script(UPDATE, Reply(manner=Manner.CLOSE))
        (loan,) = await one.store.loans()
        assert (await one.account.give_back(loan)).ending is Ending.OWED
        one.is_set_by_others(FOREIGN[0])
        with pytest.raises(ForeignCallbackError):
            await one.start(is_agreed=False)
        assert await one.loans() == []


async def test_a_refusal_keeps_it_owed_and_an_address_that_does_not_stay_is_parked(
    tmp_path: Path, standin: Standin
) -> None:
    async with world(standin, tmp_path, FOREIGN[0]) as one:
        await one.start(is_agreed=True)
        standin.numbers.answers[FOREIGN[0]] = 404
        assert await one.end() == [Ending.OWED]
        assert one.present == ""
        (loan,) = await one.store.loans()
        assert loan.error
        standin.numbers.answers[FOREIGN[0]] = 200
        returned = await one.account.give_back(loan)
        assert (returned.ending, one.present) == (Ending.GIVEN_BACK, FOREIGN[0])


async def test_what_somebody_cleared_meanwhile_is_not_given_back(tmp_path: Path, standin: Standin) -> None:
    async with world(standin, tmp_path, FOREIGN[0]) as one:
        await one.start(is_agreed=True)
        one.is_set_by_others(None)
        assert await one.end() == [Ending.CHANGED]
        assert (one.present, await one.loans()) == ("", [])


async def test_an_address_that_was_registered_by_hand_stays_until_somebody_asks(
    tmp_path: Path, standin: Standin
) -> None:
    by_hand = "https://hand.example/hook"
    async with world(standin, tmp_path, FOREIGN[0]) as one:
        standin.numbers.answers[by_hand] = 200
        await one.account.take(NUMBER, by_hand, may_take=lambda _: True)
        assert await one.end() == [Ending.KEPT]
        assert (one.present, await one.loans()) == (by_hand, [FOREIGN[0]])
        (loan,) = await one.store.loans()
        assert (await one.account.give_back(loan)).ending is Ending.GIVEN_BACK
        assert one.present == FOREIGN[0]


async def test_what_is_registered_by_hand_over_a_borrowed_address_never_takes_its_place(
    tmp_path: Path, standin: Standin
) -> None:
    first, second = "https://hand.example/1", "https://hand.example/2"
    async with world(standin, tmp_path, FOREIGN[0]) as one:
        standin.numbers.answers |= {first: 200, second: 200}
        for by_hand in (first, second):
            await one.account.take(NUMBER, by_hand, may_take=lambda _: True)
            assert (one.present, await one.loans()) == (by_hand, [FOREIGN[0]])
        with pytest.raises(ForeignCallbackError):
            await one.start(is_agreed=False)
        with pytest.raises(GatewayRefusedError):
            await one.account.take(NUMBER, "https://nowhere.example/x", may_take=lambda _: True)
        await one.start(is_agreed=True)
        assert await one.loans() == [FOREIGN[0]]
        assert await one.end() == [Ending.GIVEN_BACK]
        assert one.present == FOREIGN[0]


async def test_a_gateway_that_does_not_take_ours_is_said_and_kept(tmp_path: Path, standin: Standin) -> None:
    async with world(standin, tmp_path) as one:
        with pytest.raises(GatewayRefusedError):
            await one.account.take(NUMBER, "https://nowhere.example/x", may_take=lambda _: True)
        registration = await one.store.registration()
        assert registration is not None
        assert registration.error


async def test_an_earlier_address_of_ours_is_nobody_elses(tmp_path: Path, standin: Standin) -> None:
    async with world(standin, tmp_path) as one:
        one.is_set_by_others(f"https://earlier.example/behind/{one.token.replace('-', '%2D')}")
        await one.start(is_agreed=False)
        assert await one.loans() == []
        one.others = None
        await one.check()


STEPS = st.one_of(
    st.tuples(st.just("start"), st.booleans()),
    st.tuples(st.just("lost start"), st.booleans()),
    st.just(("end", False)),
    st.just(("lost end", False)),
    st.tuples(st.just("others set"), st.booleans()),
    st.just(("others clear", False)),
    st.tuples(st.just("refuses"), st.booleans()),
    st.tuples(st.just("takes"), st.booleans()),
)


async def step(one: World, what: str, *, which: bool) -> None:
    """One thing that happens; a kill is that nothing happens between two starts."""
    foreign = FOREIGN[which]
    match what:
        case "start":
            await start(one, is_agreed=which)
        case "lost start":
            with lost(one.standin, UPDATE):
                await start(one, is_agreed=which)
        case "end":
            await one.end()
        case "lost end":
            with lost(one.standin, OWN):
                await one.end()
        case "others set":
            one.is_set_by_others(foreign)
        case "others clear":
            one.is_set_by_others(None)
        case _:
            one.standin.numbers.answers[foreign] = 503 if what == "refuses" else 200


@contextmanager
def lost(standin: Standin, path: str) -> Iterator[None]:
    """Requests for a path are read and never answered, which some do not survive."""
    standin.always(path, Reply(manner=Manner.CLOSE))
    with suppress(GatewayError):
        yield
    standin.always(path, None)


async def start(one: World, *, is_agreed: bool) -> None:
    """A start that somebody else's address may end."""
    before = one.present
    try:
        await one.start(is_agreed=is_agreed)
    except ForeignCallbackError:
        assert not is_agreed
        assert one.present == before


def test_no_course_of_things_loses_a_foreign_address_or_keeps_ours_as_one(standin: Standin) -> None:
    @settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(STEPS, min_size=3, max_size=12))
    def holds(course: list[tuple[str, bool]]) -> None:
        asyncio.run(_run(standin, course))

    holds()


async def _run(standin: Standin, course: list[tuple[str, bool]]) -> None:
    with TemporaryDirectory() as folder:
        async with world(standin, Path(folder), FOREIGN[0]) as one:
            for what, which in course:
                await step(one, what, which=which)
                await one.check()
            standin.numbers.answers.update(dict.fromkeys(FOREIGN, 200))
            await one.end()
            assert one.others in {None, one.present}
            assert await one.loans() == []
            assert one.token not in one.present
