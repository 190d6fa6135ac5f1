"""`smschat send`: from the shell, in scripts, with an exit code for each outcome.

The rule: the SMS is on disk, claimed by this process, before anything leaves; when this process gives up it is
withdrawn, so that a script may try later without sending it twice.
"""

from __future__ import annotations

import asyncio
import math
from typing import TYPE_CHECKING, Final

from smschat.cli import dry_run, output, session
from smschat.cli.kinds import content_of
from smschat.domain import documents
from smschat.domain.changes import SmsChanged
from smschat.domain.delivery import FINAL, Status
from smschat.errors import SmschatError, UsageError
from smschat.messaging.compose import FREE_SEGMENTS, Extras, Wish, compose

if TYPE_CHECKING:
    import argparse

    from smschat.domain.changes import Change
    from smschat.domain.sms import NewSms, Sms
    from smschat.runtime import Plan, Runtime

GIVE_UP_S: Final = 30.0
NOT_DELIVERED: Final = 7
TIMED_OUT: Final = 124


def send(flags: argparse.Namespace) -> int:
    """Send to one number or several, once to each; the exit code tells the outcome, the worst one for several."""
    _check_flags(flags)
    settings = session.settings_of(flags)
    plan = session.plan_of(settings)
    text, extras = content_of(flags)
    numbers = [number for number in flags.to.split(",") if number.strip()] or [flags.to]
    asked = [_wish(number, text, extras, flags) for number in numbers]
    by_recipient = {compose(wish, plan.identity).recipient: wish for wish in asked}
    wishes = list(by_recipient.values())
    made = [compose(wish, plan.identity) for wish in wishes]
    if plan.missing is not None and not (flags.dry_run and all(sms.sender for sms in made)):
        raise plan.missing
    if flags.dry_run:
        return dry_run.show(made, settings, flags)
    _confirm(made, flags)
    return session.run(_send(plan, wishes, flags))


def _check_flags(flags: argparse.Namespace) -> None:
    if flags.curl and not flags.dry_run:
        raise UsageError("--curl goes with --dry-run", hint="add --dry-run: nothing is sent then")
    if flags.queue and flags.wait:
        raise UsageError("--queue and --wait do not go together", hint="leave out one of them")
    if flags.at is not None and flags.wait:
        raise UsageError(
            "--at and --wait do not go together", hint="whoever owns the outbox sends it then: the chat, or `listen`"
        )
    if flags.timeout is not None and not flags.wait:
        raise UsageError("--timeout goes with --wait", hint="add --wait")


def _wish(number: str, text: str, extras: Extras, flags: argparse.Namespace) -> Wish:
    return Wish(
        to=number,
        text=text,
        sender=extras.sender,
        sms_type=extras.sms_type,
        data=extras.data,
        udh=extras.udh,
        options=extras.options,
        client_ref=flags.ref,
        wants_receipt=not flags.no_receipt,
        wants_inbound=False if flags.no_inbound else None,
        send_at=flags.at,
    )


def _confirm(made: list[NewSms], flags: argparse.Namespace) -> None:
    if len(made) > 1:
        total = sum(sms.segments for sms in made)
        session.confirm(f"this sends {len(made)} SMS, {total} segments in all", flags)
    elif made[0].segments > FREE_SEGMENTS:
        session.confirm(f"this SMS has {made[0].segments} segments, each is paid for", flags)


async def _send(plan: Plan, wishes: list[Wish], flags: argparse.Namespace) -> int:
    async with session.opened(plan) as runtime:
        is_left = flags.queue or flags.at is not None
        claim = None if is_left else runtime.store.holder
        made = [compose(wish, plan.identity, claim=claim) for wish in wishes]
        await _ask_about_peers(runtime, made, flags)
        await _tell_of_countries(runtime, made, flags)
        if not is_left:
            await runtime.go_online(receiving=flags.wait)
        if flags.wait:
            return await _waiting(runtime, made, flags)
        ended: list[tuple[Sms, SmschatError | None]] = []
        try:
            send_one = _queued if is_left else _one
            for sms in made:
                ended.append(await send_one(runtime, sms, flags))  # noqa: PERF401 - those before an error are told of
        except asyncio.CancelledError:
            _print(await _written(runtime, made), flags)
            raise
        except SmschatError as error:
            return await _broken_off(runtime, made, [earlier for _, earlier in ended], error, flags)
        flags.outcome = max((_told(error, flags) for _, error in ended), default=0)  # stands if nobody reads the rest
        _print([sms for sms, _ in ended], flags)
        return int(flags.outcome)


async def _broken_off(
    runtime: Runtime,
    made: list[NewSms],
    earlier: list[SmschatError | None],
    error: SmschatError,
    flags: argparse.Namespace,
) -> int:
    """One of several could not be written down: those before it were sent, and are told of all the same."""
    written = await _written(runtime, made)
    if not written:
        raise error
    if len(written) < len(made):
        output.note(f"smschat: {len(made) - len(written)} of {len(made)} SMS were not written down, so not sent")
    output.failure(error, as_json=False)
    flags.outcome = max(error.exit_code, *(_told(other, flags) for other in earlier), 0)
    _print(written, flags)
    return int(flags.outcome)


async def _ask_about_peers(runtime: Runtime, made: list[NewSms], flags: argparse.Namespace) -> None:
    """Who said STOP, and whom the user blocked, is written to only after a yes; asked before anything is sent."""
    if session.says_yes(flags):
        return
    peers = [await runtime.messenger.conversation(sms.peer) for sms in made]
    stopped = sum(peer is not None and peer.opted_out for peer in peers)
    blocked = sum(peer is not None and peer.blocked for peer in peers)
    words = [f"{stopped} of {len(made)} sent STOP and want no more SMS"] if stopped else []
    words += [f"{blocked} of {len(made)} are blocked by you"] if blocked else []
    if len(made) == 1:
        words = ["they sent STOP and want no more SMS"] * stopped + ["you have blocked this number"] * blocked
    if words:
        await session.confirm_meanwhile("; and ".join(words), flags, code="opted_out" if stopped else None)


async def _tell_of_countries(runtime: Runtime, made: list[NewSms], flags: argparse.Namespace) -> None:
    """What is known of a country that is written to for the first time, each note once; to the person only."""
    if getattr(flags, "json", False):
        return
    advice = [await runtime.messenger.advice(sms.peer, Extras(sender=sms.sender)) for sms in made]
    for note in dict.fromkeys(note for one in advice for note in one.country_notes):
        output.note(f"smschat: {output.country_line(note)}")


async def _queued(runtime: Runtime, made: NewSms, flags: argparse.Namespace) -> tuple[Sms, SmschatError | None]:
    confirmed = _is_confirmed(made, flags)
    return await runtime.messenger.post(made, confirmed=confirmed, peer_confirmed=True), None


async def _one(
    runtime: Runtime, made: NewSms, flags: argparse.Namespace, give_up_s: float = GIVE_UP_S
) -> tuple[Sms, SmschatError | None]:
    runtime.online.outbox.reserve(made.id)
    sms = await runtime.messenger.post(made, confirmed=_is_confirmed(made, flags), peer_confirmed=True)
    return await runtime.online.outbox.deliver(sms, give_up_s=give_up_s)


async def _written(runtime: Runtime, made: list[NewSms]) -> list[Sms]:
    """Those that exist, as they are now."""
    return await runtime.messenger.sms_many([sms.id for sms in made])


def _is_confirmed(made: NewSms, flags: argparse.Namespace) -> bool:
    return getattr(flags, "yes", False) or made.segments > FREE_SEGMENTS


async def _waiting(runtime: Runtime, made: list[NewSms], flags: argparse.Namespace) -> int:
    """Send, and print each state until all that were accepted are final; 7 when one of them was not delivered.

    The time of `--timeout` begins here. It never cuts an attempt short: that would make its outcome doubtful.
    """
    until = math.inf if flags.timeout is None else asyncio.get_running_loop().time() + flags.timeout
    watch = _Watch(flags)
    runtime.subscribe(watch.hear)
    codes = []
    try:
        for new in made:
            left_s = until - asyncio.get_running_loop().time()
            sms, error = await _one(runtime, new, flags, min(GIVE_UP_S, left_s))
            watch.follow(sms, is_awaited=error is None)
            codes.append(_told(error, flags))
        async with asyncio.timeout_at(None if until == math.inf else until):
            await watch.all_final()
    except TimeoutError:
        output.note("smschat: still not final when the time was up")
        return max(*codes, TIMED_OUT)
    except asyncio.CancelledError:
        for sms in await _written(runtime, made):
            watch.follow(sms, is_awaited=False)
        raise
    return max(*codes, 0 if watch.all_delivered() else NOT_DELIVERED)


class _Watch:
    """Prints the SMS it follows whenever their state changes, once for each state."""

    def __init__(self, flags: argparse.Namespace) -> None:
        self._as_json = getattr(flags, "json", False)
        self._states: dict[str, Status] = {}
        self._awaited: set[str] = set()
        self._seen: dict[str, Sms] = {}
        self._moved = asyncio.Event()

    def hear(self, changes: tuple[Change, ...]) -> None:
        for change in changes:
            if isinstance(change, SmsChanged):
                self._seen[change.sms.id] = change.sms
                if change.sms.id in self._states:
                    self._print(change.sms)

    def follow(self, sms: Sms, *, is_awaited: bool) -> None:
        if is_awaited:
            self._awaited.add(sms.id)
        self._states.setdefault(sms.id, Status.QUEUED)
        self._print(max(sms, self._seen.get(sms.id, sms), key=lambda seen: seen.revision))

    async def all_final(self) -> None:
        while not all(self._states[sms_id] in FINAL for sms_id in self._awaited):
            self._moved.clear()
            await self._moved.wait()

    def all_delivered(self) -> bool:
        return all(self._states[sms_id] is Status.DELIVERED for sms_id in self._awaited)

    def _print(self, sms: Sms) -> None:
        if self._states[sms.id] is sms.status:
            return
        self._states[sms.id] = sms.status
        self._moved.set()
        if self._as_json:
            output.document(documents.of_sms(sms))
        else:
            output.line(output.sms_line(sms))


def _told(error: SmschatError | None, flags: argparse.Namespace) -> int:
    """The exit code of an outcome, and for a person the sentence; with --json the SMS says it."""
    if error is None:
        return 0
    if not getattr(flags, "json", False):
        output.failure(error, as_json=False)
    return error.exit_code


def _print(sent: list[Sms], flags: argparse.Namespace) -> None:
    if not getattr(flags, "json", False):
        for sms in sent:
            output.line(output.sms_line(sms))
    elif len(sent) == 1:
        output.document(documents.of_sms(sent[0]))
    else:
        output.document({"sms": [documents.of_sms(sms) for sms in sent]})
