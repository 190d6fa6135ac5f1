"""Settings from flags, a plan from settings, and a runtime for as long as a command needs it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar, assert_never

from smschat import settings as settings_module
from smschat.cli import output
from smschat.domain.identity import Identity
from smschat.domain.text import shown
from smschat.errors import NotConfirmedError, SettingsError
from smschat.settings import TunnelKind
from smschat.settings.values import NotifyText

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncIterator, Callable, Collection, Coroutine, Mapping
    from datetime import datetime

    from smschat.domain.callbacks import RawCallback, Signature
    from smschat.errors import ForeignCallbackError
    from smschat.gateway import KpnGateway
    from smschat.runtime import Plan, Runtime, Tunnel
    from smschat.runtime.setup import Setup
    from smschat.settings import Settings

T = TypeVar("T")

FLAG_SETTINGS = ("profile",)

_taken: dict[str, str] = {}
"""The secrets that this process took out of its environment, for when it reads its settings again."""


def demo_settings(flags: argparse.Namespace) -> Settings:
    """The settings that hold in the demo: those of the screen and of the data folder."""
    return _load(flags, ignored=settings_module.ACCOUNT_SETTINGS)


def settings_of(
    flags: argparse.Namespace, more: Mapping[str, str] | None = None, *, ignored: Collection[str] = ()
) -> Settings:
    """The settings that hold for this command, with the log begun.

    Args:
        more: variables that go before those of the environment: what was typed for this run only.
        ignored: settings that keep their default whatever stands anywhere.

    Raises:
        SettingsError: one is malformed, or `--config` names no file.
    """
    return _load(flags, ignored=ignored, more=more)


def environment() -> dict[str, str]:
    """The environment for `settings.load`, secrets included; no child of this process gets those from now on."""
    env = settings_module.take_secrets(os.environ)
    _taken.update({name: env[name] for name in settings_module.SECRET_VARIABLES if name in env})
    return {**env, **_taken}


def _load(
    flags: argparse.Namespace, *, ignored: Collection[str] = (), more: Mapping[str, str] | None = None
) -> Settings:
    from pathlib import Path  # noqa: PLC0415 - only where settings are read

    from smschat import log  # noqa: PLC0415

    given: dict[str, object] = {name: getattr(flags, name) for name in FLAG_SETTINGS if hasattr(flags, name)}
    if getattr(flags, "verbose", 0):
        given["log_level"] = "debug"
    config = getattr(flags, "config", None)
    env = {**environment(), **(more or {})}
    settings = settings_module.load(given, env, Path(config) if config else None, ignored=ignored)
    log.begin(settings)
    return settings


def identity_of(settings: Settings) -> Identity:
    """Who sends, as far as the settings tell."""
    return Identity(
        number=settings.number or "",
        sender=settings.sender or "",
        country=settings.country,
        is_test=settings.account == "test",
        daily_budget=settings.daily_budget,
    )


def plan_of(settings: Settings, *, may_take_over: bool = False) -> Plan:
    """What the runtime is built from.

    Args:
        may_take_over: somebody said yes to taking the place of whatever callback address a number has.
    """
    from smschat.runtime import Plan  # noqa: PLC0415 - only for commands that run one

    def make_gateway() -> KpnGateway:
        from smschat.gateway import KpnGateway  # noqa: PLC0415 - imports the HTTP client, after the first frame

        secret = settings.client_secret()
        assert settings.client_id is not None and secret is not None  # noqa: S101, PT018 - `missing` came first
        return KpnGateway(
            api_url=settings.api_url, client_id=settings.client_id, client_secret=secret, proxy=settings.proxy
        )

    return Plan(
        profile=settings.profile,
        store_path=settings.store_path,
        identity=identity_of(settings),
        make_gateway=make_gateway,
        find_missing=lambda: missing_account(settings),
        tunnel=tunnel_of(settings),
        listen=settings.listen,
        rate=settings.rate,
        verify=_verify_of(settings),
        keeps_address=settings.tunnel is not TunnelKind.NGROK or settings.public_url is not None,
        may_take_over=may_take_over,
        notify_command=settings.notify_command,
        hides_text=settings.notify_text is NotifyText.HIDE,
    )


def _verify_of(settings: Settings) -> Callable[[RawCallback, datetime], Signature] | None:
    """The check of signatures, if a secret for it is set; loaded with the first callback."""
    secret = settings.signature_secret
    if secret is None:
        return None

    def verify(raw: RawCallback, now: datetime) -> Signature:
        from smschat.domain.signing import Method  # noqa: PLC0415 - only where callbacks come
        from smschat.webhook.signatures import verifier  # noqa: PLC0415

        return verifier(secret, Method(settings.signature_method.value))(raw, now)

    return verify


def setup_of(flags: argparse.Namespace) -> Setup:
    """The engine of the set-up, for the settings of this command.

    Raises:
        SettingsError: a setting is malformed.
    """
    from smschat.runtime.setup import Setup  # noqa: PLC0415 - only for commands that run one

    may_take_over = says_yes(flags)
    return Setup(
        lambda typed: settings_of(flags, typed), lambda settings: plan_of(settings, may_take_over=may_take_over)
    )


def missing_account(settings: Settings) -> SettingsError | None:
    """What keeps this profile from sending; None when nothing does."""
    try:
        settings_module.require_account(settings)
    except SettingsError as error:
        return error
    return None


def tunnel_of(settings: Settings) -> Tunnel:
    """The tunnel of the settings; nothing is looked for or opened yet."""
    from smschat.tunnel import FixedTunnel, NgrokTunnel, NoTunnel  # noqa: PLC0415 - only for commands that run

    match settings.tunnel:
        case TunnelKind.NGROK:
            return NgrokTunnel(
                folder=settings.data_dir,
                profile=settings.profile,
                authtoken=settings.authtoken,
                domain=settings.public_url,
                agent=settings.ngrok_path,
                proxy=settings.proxy,
            )
        case TunnelKind.FIXED:
            return FixedTunnel(settings.public_url or "")
        case TunnelKind.OFF:
            return NoTunnel()
        case _:
            assert_never(settings.tunnel)


@asynccontextmanager
async def opened(plan: Plan) -> AsyncIterator[Runtime]:
    """A runtime with its store open, closed in any case."""
    from smschat.runtime import Runtime  # noqa: PLC0415 - only for commands that run one

    runtime = Runtime(plan)
    try:
        await runtime.open()
        await runtime.settle()
        yield runtime
    finally:
        await runtime.close()
        tell_last_words(runtime)


def tell_last_words(runtime: Runtime) -> None:
    """Say what the user should know after the end."""
    for words in runtime.last_words:
        output.note(f"smschat: {shown(words, multiline=False)}")


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run a command's coroutine; SIGTERM and SIGHUP cancel it as Ctrl-C does.

    A secret's command or keyring that a thread still waits for by then is not waited for.

    Raises:
        KeyboardInterrupt: one of the three came, and the coroutine has cleaned up.
    """
    try:
        return asyncio.run(_cancelled_by_signals(main))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None
    finally:
        settings_module.wait_again()


async def _cancelled_by_signals(main: Coroutine[Any, Any, T]) -> T:
    doing = asyncio.create_task(main)

    def end() -> None:
        settings_module.give_up()
        doing.cancel()

    for number in (signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, end)
    try:
        await asyncio.wait({doing})
    finally:
        end()
        await asyncio.gather(doing, return_exceptions=True)
    return doing.result()


async def unless(ended: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    """Do it, and give it up as soon as the event is set; it has cleaned up when this returns or raises."""
    doing, ending = asyncio.create_task(work), asyncio.create_task(ended.wait())
    try:
        await asyncio.wait({doing, ending}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (doing, ending):
            task.cancel()
        await asyncio.wait({doing, ending})
    if not doing.cancelled():
        doing.result()


async def what_is_missing(plan: Plan) -> SettingsError | None:
    """What keeps the account of a plan from sending; asked in a thread, because the keyring may keep us waiting."""
    return await asyncio.to_thread(lambda: plan.missing)


def until_told_to_end() -> asyncio.Event:
    """An event that SIGTERM and SIGHUP set; for commands that run until then. Call it inside the loop."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(number, ended.set)
    return ended


def says_yes(flags: argparse.Namespace) -> bool:
    """Whether `--yes` was given."""
    return bool(getattr(flags, "yes", False))


def can_ask() -> bool:
    """Whether there is somebody at a terminal to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def confirm(question: str, flags: argparse.Namespace) -> None:
    """Ask on a terminal; elsewhere only `--yes` is a yes.

    Raises:
        NotConfirmedError: nobody said yes; nothing was done.
    """
    if says_yes(flags):
        return
    if not can_ask():
        raise NotConfirmedError(question, hint="say --yes to do it without being asked")
    output.note(f"{question}. Go on? [y/N]")
    _judge(sys.stdin.readline())


async def take_over_from(error: ForeignCallbackError) -> None:
    """Ask on a terminal whether ours may take the place of somebody else's callback address, and wait for the answer.

    The loop goes on meanwhile, so that SIGTERM ends the wait.

    Raises:
        ForeignCallbackError: there is nobody to ask; nothing was done.
        NotConfirmedError: the answer is no; nothing was done.
    """
    if not can_ask():
        raise error
    output.note(f"inbound SMS of this number go to {shown(error.url, multiline=False)}")
    output.note("smschat takes its place, keeps it, and gives it back at the end. Go on? [y/N]")
    await _answered()


async def confirm_meanwhile(question: str, flags: argparse.Namespace, *, code: str | None = None) -> None:
    """As `confirm`, while the loop goes on, so that SIGTERM ends the wait.

    Raises:
        NotConfirmedError: nobody said yes; nothing was done.
    """
    if says_yes(flags):
        return
    if not can_ask():
        raise NotConfirmedError(question, hint="say --yes to do it without being asked", code=code)
    output.note(f"{question}. Go on? [y/N]")
    await _answered()


async def _answered() -> None:
    loop, answer = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(sys.stdin.fileno(), answer.set)
    try:
        await answer.wait()
    finally:
        loop.remove_reader(sys.stdin.fileno())
    _judge(sys.stdin.readline())


def _judge(answer: str) -> None:
    if answer.strip().lower() not in {"y", "yes", "j", "ja"}:
        raise NotConfirmedError("not confirmed, nothing was done")
