"""`smschat login` and `logout`: the set-up without a screen, and its end.

The rule: a secret comes from a hidden line or from standard input, never from a flag; what the gateway or ngrok refuses
is not stored, unless `--no-check` says so.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from smschat import settings as settings_module
from smschat.cli import output, session
from smschat.cli.report import Report
from smschat.domain.checks import Check, Finding
from smschat.domain.text import shown
from smschat.errors import NotConfirmedError, NumberError, SettingsError, SmschatError, UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from smschat.domain.secret import Secret
    from smschat.runtime.setup import Setup
    from smschat.settings import Place, Settings

PIPE_IT: Final = "pipe it in, on a line of its own: printf '%s\\n' \"$SECRET\" | smschat login --yes"
LONGEST_INPUT: Final = 8192
MOST_LINES: Final = 2


def login(flags: argparse.Namespace) -> int:
    """Check and store what an account needs: asked for on a terminal, else from flags, settings and standard input."""
    report = Report(as_json=getattr(flags, "json", False))
    setup = session.setup_of(flags)
    if not sys.stdin.isatty():
        return _by_pipe(setup, flags, report)
    if not sys.stderr.isatty():
        raise UsageError("login asks on standard error, which is no terminal", hint=PIPE_IT)
    from smschat.cli.interview import Interview  # noqa: PLC0415 - only where somebody is asked

    return Interview(setup, flags, report).run()


def logout(flags: argparse.Namespace) -> int:
    """Erase what `login` stored, and say what is left."""
    from smschat.tunnel import forget  # noqa: PLC0415 - only for those who leave

    settings = session.settings_of(flags)
    told = settings_module.erase_login(settings)
    gone, used = forget(settings.data_dir, settings.profile)
    erased = [*told.erased, *(f"the authtoken in {file}, which a killed smschat left" for file in gone)]
    left = [*told.left, *(f"the authtoken in {file}, until the smschat ends that uses it" for file in used)]
    if getattr(flags, "json", False):
        output.document({"erased": erased, "left": left})
        return 0
    if not erased:
        output.line("there was nothing to erase")
    for text in (*(f"erased: {text}" for text in erased), *(f"left: {text}" for text in left)):
        output.line(shown(text, multiline=False))
    return 0


def _by_pipe(setup: Setup, flags: argparse.Namespace, report: Report) -> int:
    """Nobody is asked: what is missing or refused ends it."""
    part = "account"
    try:
        secret, authtoken = _secrets()
        place = _place(setup, flags) if secret or authtoken else None
        _account(setup, flags, secret, place, report)
        part = "tunnel"
        _tunnel(setup, flags, authtoken, place, report)
    except SmschatError as error:
        return report.end(report.fail(part, error))
    return report.end(0)


def _secrets() -> tuple[Secret | None, Secret | None]:
    """Client secret and authtoken, a line each; an empty or missing line is none.

    Raises:
        UsageError: there is more than that.
    """
    text = sys.stdin.read(LONGEST_INPUT)
    lines = [line.strip() for line in text.rstrip().splitlines()]
    if len(lines) > MOST_LINES or len(text) == LONGEST_INPUT:
        raise UsageError("standard input has more than two lines", hint=f"{PIPE_IT}; a second line is the authtoken")
    secret, authtoken = (settings_module.Secret(line) if line else None for line in [*lines, "", ""][:MOST_LINES])
    return secret, authtoken


def _place(setup: Setup, flags: argparse.Namespace) -> Place:
    """Where secrets are kept: the OS keyring by itself, a file only after a yes.

    Raises:
        NotConfirmedError: only the file is there, and nobody said yes.
    """
    place = session.run(setup.places())[0]
    if place is settings_module.Place.FILE and not getattr(flags, "yes", False):
        raise NotConfirmedError(
            "there is no OS keyring to keep secrets in",
            hint="--yes keeps them in credentials.toml, readable by you alone",
        )
    return place


def _account(
    setup: Setup, flags: argparse.Namespace, secret: Secret | None, place: Place | None, report: Report
) -> None:
    settings = setup.settings
    known = flags.number or (settings.number and f"+{settings.number}")
    client_id, number = _required({"--client-id": flags.client_id or settings.client_id, "--number": known})
    account = settings_module.Account(flags.account or settings.account)
    check, digits = setup.check_number(number, account=account)
    if digits is None:
        raise NumberError(check.text, hint=check.fix)
    used = secret or settings.client_secret()
    if used is None:
        raise SettingsError("there is no client secret", hint=PIPE_IT)
    found = [check]
    if not flags.no_check:
        trying = setup.try_credentials(client_id=client_id, client_secret=used, api_url=flags.api_url)
        found.append(session.run(trying))
    report.tell(*found)
    saving = setup.save_account(
        client_id=client_id,
        client_secret=secret,
        number=digits,
        account=account,
        api_url=flags.api_url,
        place=place,
    )
    report.tell(*session.run(saving))


def _tunnel(
    setup: Setup, flags: argparse.Namespace, authtoken: Secret | None, place: Place | None, report: Report
) -> None:
    if not (flags.tunnel or flags.public_url or authtoken):
        _tell_of_tunnel(setup.settings, report)
        return
    kind = settings_module.TunnelKind(flags.tunnel or setup.settings.tunnel)
    public_url = flags.public_url or (setup.settings.public_url if kind is setup.settings.tunnel else None)
    if not flags.no_check:
        trying = setup.try_tunnel(kind=kind, authtoken=authtoken, public_url=public_url)
        report.tell(session.run(trying))
    saving = setup.save_tunnel(kind=kind, authtoken=authtoken, public_url=public_url, place=place)
    report.tell(*session.run(saving))


def _tell_of_tunnel(settings: Settings, report: Report) -> None:
    """A tunnel that nobody gave an authtoken for opens for nobody."""
    if settings.tunnel is settings_module.TunnelKind.NGROK and settings.authtoken() is None:
        text = "ngrok has no authtoken, so nothing can be received"
        fix = "pipe it in as a second line; or --tunnel fixed --public-url URL, or --tunnel off"
        report.tell(Check(name="tunnel", finding=Finding.NOTE, text=text, fix=fix))


def _required(given: dict[str, str | None]) -> list[str]:
    """The values, each of them there.

    Raises:
        SettingsError: some are not; the message names their flags.
    """
    missing = [name for name, value in given.items() if not value]
    if missing:
        raise SettingsError(
            f"not given: {' and '.join(missing)}",
            hint=f"give them as flags, or set {_variables(missing)}; on a terminal login asks",
        )
    return [value for value in given.values() if value]


def _variables(flags: Iterable[str]) -> str:
    return ", ".join(f"SMSCHAT_{flag.removeprefix('--').replace('-', '_').upper()}" for flag in flags)
