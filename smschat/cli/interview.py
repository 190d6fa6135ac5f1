"""`smschat login` on a terminal: one step after the other, each checked as it is answered, and asked again.

The rule: what is stored is stored at the end of its step and said at once, so that whoever leaves early knows what is
there; nothing is sent without a yes.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from smschat import paths
from smschat import settings as settings_module
from smschat.cli import asking, output, session
from smschat.cli.report import lines
from smschat.domain.checks import Check, Finding, fault_of
from smschat.domain.text import shown
from smschat.errors import SmschatError, ThrottledError, UnreachableError
from smschat.runtime.round_trip import RoundTrip, Stage
from smschat.settings import Account, Place, TunnelKind

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from smschat.cli.report import Report
    from smschat.domain.secret import Secret
    from smschat.runtime import Runtime
    from smschat.runtime.round_trip import TripNews
    from smschat.runtime.setup import Setup

INTERRUPTED: Final = 130
TRIP: Final = "round trip"
_LONGEST_ANSWER: Final = 200

_WELCOME: Final = """\
Enter keeps what stands in brackets, - skips a step, Ctrl-C leaves.
No account yet? smschat demo needs none."""


class Interview:
    """The questions of `login`.

    Args:
        flags: what they give stands in brackets, to be kept by Enter.
    """

    def __init__(self, setup: Setup, flags: argparse.Namespace, report: Report) -> None:
        self._setup = setup
        self._flags = flags
        self._report = report
        self._stored: list[Check] = []
        self._has_failed = False
        self._has_agreed = getattr(flags, "yes", False)

    def run(self) -> int:
        """All steps; the exit code."""
        output.note(_WELCOME)
        steps: dict[str, Callable[[], None]] = {"account": self._account, "tunnel": self._tunnel}
        if not self._flags.no_trip:
            steps[TRIP] = self._trip
        try:
            for number, (name, step) in enumerate(steps.items(), 1):
                output.note(f"\n{number}. {name.capitalize()}")
                self._run(name, step)
        except KeyboardInterrupt:
            self._say_what_is_stored()
            return self._report.end(INTERRUPTED)
        output.note("\nDone: smschat opens the chat, smschat login asks again, smschat logout forgets it all.")
        return self._report.end(1 if self._has_failed else 0)

    def _run(self, name: str, step: Callable[[], None]) -> None:
        try:
            step()
        except asking.SkippedError:
            output.note(f"skipped: smschat login asks for the {name} again")
        except SmschatError as error:
            self._has_failed = True
            self._report.fail(name, error)

    def _account(self) -> None:
        output.note("The keys of your project at developer.kpn.com, which needs the product SMS - Vonage.")
        client_id, secret = self._credentials()
        output.note("A test account texts with your own phone, a production account with a rented virtual number.")
        kind = self._flags.account or self._setup.settings.account.value
        account = Account(asking.choose("account", [one.value for one in Account], present=kind))
        number = self._number(account)
        place = self._place("client secret") if secret is not None else None
        saving = self._setup.save_account(
            client_id=client_id,
            client_secret=secret,
            number=number,
            account=account,
            api_url=self._flags.api_url,
            place=place,
        )
        self._keep(*session.run(saving))

    def _credentials(self) -> tuple[str, Secret | None]:
        """Client ID and secret that the gateway takes; None for a secret that is kept where it is."""
        present = self._flags.client_id or self._setup.settings.client_id
        while True:
            present = asking.ask("client ID", present=present)
            origin = self._setup.settings.client_secret_origin()
            typed = asking.ask_hidden("client secret", present=origin)
            secret = settings_module.Secret(typed) if typed else None
            used = secret or self._setup.settings.client_secret()
            if used is not None and (self._flags.no_check or self._are_taken(present, used)):
                return present, secret

    def _are_taken(self, client_id: str, secret: Secret) -> bool:
        output.note("asking the gateway …")
        checking = self._setup.try_credentials(client_id=client_id, client_secret=secret, api_url=self._flags.api_url)
        try:
            self._report.tell(session.run(checking))
        except (UnreachableError, ThrottledError) as error:
            self._show(fault_of("credentials", error))
            return asking.agrees("The gateway did not say no. Keep them without the check?")
        except SmschatError as error:
            self._show(fault_of("credentials", error))
            return False
        return True

    def _number(self, account: Account) -> str:
        present = self._flags.number or (self._setup.settings.number and f"+{self._setup.settings.number}")
        asked = "your own mobile number" if account is Account.TEST else "your virtual number"
        while True:
            check, digits = self._setup.check_number(asking.ask(asked, present=present), account=account)
            if digits is not None:
                self._report.tell(check)
                return digits
            self._show(check)
            present = None

    def _tunnel(self) -> None:
        output.note("How answers reach you: by ngrok, at an address that you have (fixed), or not at all (off).")
        settings = self._setup.settings
        kinds = [one.value for one in TunnelKind]
        kind = TunnelKind(asking.choose("tunnel", kinds, present=self._flags.tunnel or settings.tunnel.value))
        if kind is TunnelKind.NGROK:
            self._agent()
        while True:
            authtoken, address = self._way_in(kind)
            if self._is_open(kind, authtoken, address):
                break
        place = self._place("authtoken") if authtoken is not None else None
        saving = self._setup.save_tunnel(kind=kind, authtoken=authtoken, public_url=address, place=place)
        self._keep(*session.run(saving))

    def _agent(self) -> None:
        """Make sure of the agent; nothing is fetched without a yes."""
        while (check := session.run(self._setup.find_agent())).is_fault:
            self._show(check)
            if asking.agrees("Fetch ngrok's agent from ngrok.com now, and install it for you alone?"):
                check = session.run(self._setup.install_agent(_tell_progress))
                if not check.is_fault:
                    break
                self._show(check)
            asking.ask("Enter looks again", present="look")
        self._report.tell(check)

    def _way_in(self, kind: TunnelKind) -> tuple[Secret | None, str | None]:
        """Authtoken and address, as the kind needs them."""
        settings = self._setup.settings
        present = self._flags.public_url or (settings.public_url if kind is settings.tunnel else None)
        match kind:
            case TunnelKind.NGROK:
                asked = "ngrok's authtoken (dashboard.ngrok.com, Your Authtoken)"
                typed = asking.ask_hidden(asked, present=settings.authtoken_origin())
                domain = asking.ask("your own ngrok domain", present=present or "none")
                token = settings_module.Secret(typed) if typed else None
                return token, None if domain == "none" else domain
            case TunnelKind.FIXED:
                return None, asking.ask("the https:// address that reaches the listener", present=present)
            case TunnelKind.OFF:
                return None, None

    def _is_open(self, kind: TunnelKind, authtoken: Secret | None, address: str | None) -> bool:
        if self._flags.no_check:
            return True
        if kind is TunnelKind.NGROK:
            output.note("opening a tunnel for a moment …")
        check = session.run(self._setup.check_tunnel(kind=kind, authtoken=authtoken, public_url=address))
        if check.is_fault:
            self._show(check)
            return False
        self._report.tell(check)
        return True

    def _place(self, what: str) -> Place | None:
        """Where a secret is kept; None: nowhere, because the user does not want it in a file."""
        place = session.run(self._setup.places())[0]
        if place is Place.KEYRING or self._has_agreed:
            return place
        file = paths.credentials_file(self._setup.settings.file)
        output.note(f"There is no OS keyring here; without one it is {file}, which you alone can read.")
        self._has_agreed = asking.agrees(f"May the {what} be kept in that file?")
        if self._has_agreed:
            return place
        kept_not = f"the {what} is not kept: it holds for this login only"
        fix = "run login again, or give it by the environment at each start"
        self._report.tell(Check(name=what, finding=Finding.NOTE, text=kept_not, fix=fix))
        return None

    def _trip(self) -> None:
        if not asking.agrees("One SMS to your own phone proves it all; it is paid for as any other. Send it?"):
            raise asking.SkippedError
        if not session.run(self._travel()):
            self._has_failed = True

    async def _travel(self) -> bool:
        """The round trip; whether all of it that can be seen has worked."""
        async with session.opened(self._setup.plan()) as runtime:
            return await _Traveller(runtime, self._report).travel()

    def _keep(self, *checks: Check) -> None:
        self._stored += checks
        self._report.tell(*checks)

    def _show(self, check: Check) -> None:
        """A fault that is asked about again at once, so that it is none of what `login` came to."""
        for line in lines(check):
            output.note(line)

    def _say_what_is_stored(self) -> None:
        output.note("\nstopped; stored so far:" if self._stored else "\nstopped; nothing was stored")
        for check in self._stored:
            output.note(f"  {check.text}")


class _Traveller:
    """The round trip in lines."""

    def __init__(self, runtime: Runtime, report: Report) -> None:
        self._report = report
        self._is_over = asyncio.Event()
        self._has_failed = False
        self._trip = RoundTrip(runtime, self._hear)

    async def travel(self) -> bool:
        try:
            if not await self._trip.get_ready():
                return False
            await self._trip.text()
            if self._trip.is_two_way:
                output.note("  answer it when it comes; Ctrl-C waits no longer")
                await self._trip.answered()
            await self._is_over.wait()
        except SmschatError:
            return False  # it was told
        finally:
            self._trip.end()
        return not self._has_failed

    def _hear(self, news: TripNews) -> None:
        if news.stage is Stage.FAILED:
            self._has_failed = True
            self._report.tell(Check(name=TRIP, finding=Finding.FAULT, text=news.text, fix=news.fix))
        elif news.stage is Stage.ANSWERED:
            self._report.tell(Check(name=TRIP, finding=Finding.OK, text=f"{news.text}: it works"))
            output.note(f"  {shown(news.sms.text, multiline=False, limit=_LONGEST_ANSWER)}" if news.sms else "")
        else:
            output.note(f"  {news.text}")
        if news.is_over:
            self._is_over.set()


def _tell_progress(percent: int | None) -> None:
    output.note("fetching …" if percent is None else f"fetching: {percent} %")
