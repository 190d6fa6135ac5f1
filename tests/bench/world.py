"""A store of any size, full of people who wrote to each other: `python -m tests.bench.world --messages N …`.

The rule: the same seed gives the same world, and every row goes through the store's own code. The conversations'
sizes follow Zipf: of 1,000,000 SMS over 10,000 conversations the largest has about 100,000.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Final

from smschat.domain.delivery import Answer, Status
from smschat.domain.segments import count
from smschat.domain.sms import Direction, Encoding, Part, SmsType
from smschat.store import PastConversation, PastSms, SqliteStore
from tests.bench import phrases

if TYPE_CHECKING:
    from collections.abc import Iterator

OWN_NUMBER: Final = "31970000000"
UNTIL: Final = datetime(2026, 5, 12, 14, 32, tzinfo=UTC)
SPAN: Final = timedelta(days=700)
TEXTS: Final = 4000
LONGEST_BURST: Final = 6
PRICE: Final = "0.07250000"
NETWORKS: Final = ("20404", "20408", "20416")

_FATES: Final = {
    Status.DELIVERED: 900,
    Status.ACCEPTED: 30,
    Status.BUFFERED: 8,
    Status.FAILED: 20,
    Status.EXPIRED: 8,
    Status.REJECTED: 8,
    Status.REFUSED: 8,
    Status.UNKNOWN: 18,
}
_REASONS: Final = {
    Status.FAILED: ("1", "the network could not deliver it"),
    Status.EXPIRED: ("2", "the phone could not be reached in time"),
    Status.REJECTED: ("14", "the network blocks the number"),
}
_OTHER_REASONS: Final = {
    Status.REFUSED: "the gateway refused the sender",
    Status.UNKNOWN: "no answer from the gateway; it may have been sent",
}


@dataclass(frozen=True, slots=True)
class Wording:
    """A text and how it travels."""

    text: str
    type: SmsType
    encoding: Encoding
    segments: int


class World:
    """Conversations and SMS, made while they are asked for.

    Args:
        messages: SMS in all, 0 or more.
        conversations: how many there are, 1 or more; those without an SMS come last.
        seed: the same number gives the same world.
    """

    def __init__(self, *, messages: int, conversations: int, seed: int) -> None:
        self._random = random.Random(seed)
        self._messages = messages
        self._wordings = [self._wording() for _ in range(TEXTS)]
        self.conversations = [self._conversation(rank) for rank in range(conversations)]

    def sms(self) -> Iterator[PastSms]:
        """The SMS in the order of time; the last one is in the first, and largest, conversation."""
        step = SPAN / max(self._messages, 1)
        moment = UNTIL - SPAN
        for place in self._places():
            moment += step
            yield self._sms(self.conversations[place].peer, moment)

    def _places(self) -> Iterator[int]:
        """Which conversation each SMS belongs to: everyone once, then bursts, the largest ones most often."""
        ranks = range(len(self.conversations))
        weights = list(accumulate(1 / (rank + 1) for rank in ranks))
        left = self._messages
        for rank in reversed(ranks[: max(left - 1, 0)]):
            left -= 1
            yield rank
        while left > 1:
            (rank,) = self._random.choices(ranks, cum_weights=weights)
            burst = min(self._random.randint(1, LONGEST_BURST), left - 1)
            left -= burst
            yield from [rank] * burst
        yield from [0] * left

    def _conversation(self, rank: int) -> PastConversation:
        chance = self._random.random
        has_name = rank == 0 or chance() < 0.85
        is_sender = rank % 97 == 96
        return PastConversation(
            peer=_sender(rank) if is_sender else f"316{10_000_000 + rank * 7919 % 89_999_999:08d}",
            name=self._name(rank) if has_name and not is_sender else "",
            draft=self._random.choice(self._wordings).text if chance() < 0.03 else "",
            pinned=rank in {0, 4},
            muted=chance() < 0.02,
            archived=rank > 2 and chance() < 0.04,
            opted_out=chance() < 0.005,
            unread=self._random.randint(1, 5) if chance() < 0.08 else 0,
        )

    def _name(self, rank: int) -> str:
        first = phrases.FIRST_NAMES[rank % len(phrases.FIRST_NAMES)]
        last = phrases.LAST_NAMES[rank // len(phrases.FIRST_NAMES) % len(phrases.LAST_NAMES)]
        initial = rank // (len(phrases.FIRST_NAMES) * len(phrases.LAST_NAMES))
        return f"{first} {chr(64 + initial)}. {last}" if initial else f"{first} {last}"

    def _wording(self) -> Wording:
        choose = self._random.choice
        text = choose(phrases.PHRASES).format(
            name=choose(phrases.FIRST_NAMES),
            place=choose(phrases.PLACES),
            thing=choose(phrases.THINGS),
            time=choose(phrases.TIMES),
            number=self._random.randint(10, 99_999),
        )
        counted = count(text)
        kind = SmsType.UNICODE if counted.encoding is Encoding.UCS2 else SmsType.TEXT
        return Wording(text, kind, counted.encoding, counted.segments)

    def _sms(self, peer: str, moment: datetime) -> PastSms:
        inbound = not peer.isdigit() or self._random.random() < 0.45
        direction = Direction.INBOUND if inbound else Direction.OUTBOUND
        words = self._random.choice(self._wordings)
        status = Status.RECEIVED if inbound else self._fate()
        return PastSms(
            id=f"{self._random.getrandbits(128):032x}",
            peer=peer,
            direction=direction,
            sender=peer if inbound else OWN_NUMBER,
            recipient=OWN_NUMBER if inbound else peer,
            type=words.type,
            text=words.text,
            encoding=words.encoding,
            segments=words.segments,
            status=status,
            reason=_reason(status),
            created_at=moment,
            parts=() if inbound else self._parts(status, words.segments),
            answer=_answer(status),
        )

    def _fate(self) -> Status:
        (status,) = self._random.choices(_FATE_NAMES, cum_weights=_FATE_WEIGHTS)
        return status

    def _parts(self, status: Status, segments: int) -> tuple[Part, ...]:
        if status in {Status.REFUSED, Status.UNKNOWN}:
            return ()
        code = _REASONS[status][0] if status in _REASONS else None
        return tuple(
            Part(
                message_id=f"{self._random.getrandbits(64):016X}",
                status=status,
                network=self._random.choice(NETWORKS),
                price=PRICE,
                error_code=code,
            )
            for _ in range(segments)
        )


_FATE_NAMES: Final = tuple(_FATES)
_FATE_WEIGHTS: Final = tuple(accumulate(_FATES.values()))
_ACCEPTED: Final = Answer(http=200, status="0")


def _sender(rank: int) -> str:
    name = phrases.SENDERS[rank // 97 % len(phrases.SENDERS)]
    return name if rank < 97 * len(phrases.SENDERS) else f"{name[:6]}{rank}"


def _reason(status: Status) -> str | None:
    return _REASONS[status][1] if status in _REASONS else _OTHER_REASONS.get(status)


def _answer(status: Status) -> Answer | None:
    if status is Status.REFUSED:
        return Answer(http=200, status="15", error_text="Invalid sender address")
    return None if status in {Status.RECEIVED, Status.UNKNOWN} else _ACCEPTED


async def write(world: World, path: Path) -> int:
    """Write a world into the store at `path`; how many SMS it holds."""
    async with await SqliteStore.open(path) as store:
        await store.own("receiving")  # whoever owns it moves the WAL into the database as it grows
        return await store.import_history(world.conversations, world.sms())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.world", description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000, help="SMS in all")
    parser.add_argument("--conversations", type=int, default=200, help="how many conversations they are in")
    parser.add_argument("--out", type=Path, default=Path("world"), help="the data folder to write to")
    parser.add_argument("--profile", default="default", help="the profile, which names the file")
    parser.add_argument("--seed", type=int, default=1, help="another number, another world")
    return parser.parse_args()


def main() -> int:
    """Write the world, tell standard error how fast, and print the name of its top conversation."""
    arguments = _arguments()
    path = arguments.out / f"{arguments.profile}.db"
    if path.exists():
        print(f"{path} is there already; remove it, or choose another --out", file=sys.stderr)
        return 1
    start = time.perf_counter()
    world = World(messages=arguments.messages, conversations=arguments.conversations, seed=arguments.seed)
    written = asyncio.run(write(world, path))
    took = time.perf_counter() - start
    print(f"{path}: {written} SMS in {took:.1f} s, {written / took:.0f} a second", file=sys.stderr)
    print(asyncio.run(top(path)))
    return 0


async def top(path: Path) -> str:
    """The name on top of the list of conversations."""
    async with await SqliteStore.open(path) as store:
        found = await store.conversations(limit=1)
        return found[0].title if found else ""


if __name__ == "__main__":
    sys.exit(main())
