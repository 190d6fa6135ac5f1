"""The engine of the set-up: checks what the user gives, each part for real, and stores it; for the screen and `login`.

The rule: nothing here asks or prints, nothing is stored unasked, and a check changes nothing: it sends no SMS,
registers no callback and leaves no process behind.

What was typed holds for the rest of this run, also where the environment says otherwise; what was stored holds from the
next start on, and `save_…` says where the environment goes before it.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from smschat import settings as settings_module
from smschat.domain import phone
from smschat.domain.checks import Check, Finding, fault_of
from smschat.errors import GatewayError, NumberError, OutcomeUnknownError, SettingsError, SmschatError
from smschat.settings import Account, TunnelKind, values

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from smschat.gateway import KpnGateway, Look
    from smschat.runtime.plan import Plan
    from smschat.runtime.thread import RuntimeThread
    from smschat.settings import Login, Place, Secret, Settings

CREDENTIALS: Final = "credentials"
NUMBER: Final = "number"
TUNNEL: Final = "tunnel"

_NOT_THE_GATEWAY_FIX: Final = "check api_url: it is the host alone, https://api-prd.kpn.com"
_NOTHING_SENT_FIX: Final = "try again later; nothing was sent"


class Setup:
    """What the set-up screen and `login` do, one method for each thing.

    Every `check_…` tells what it found as a `Check` and raises no SmschatError; each `try_…` beside one raises it, for
    those who need its exit code.

    Args:
        load: reads the settings anew, with this environment before that of the process.
        make_plan: what a runtime is built from, of some settings.

    Attributes:
        settings: as they are now; read again after each `save_…`.
        level: the project's tier as the last good credentials had it, `demo` or `prod`; None: not known.
    """

    def __init__(self, load: Callable[[Mapping[str, str]], Settings], make_plan: Callable[[Settings], Plan]) -> None:
        self._load = load
        self._make_plan = make_plan
        self._typed: dict[str, str] = {}
        self.settings = load({})
        self.level: str | None = None

    async def check_credentials(self, *, client_id: str, client_secret: Secret, api_url: str | None = None) -> Check:
        """A token, and whether the project has the product, asked of the gateway; see `try_credentials`."""
        try:
            return await self.try_credentials(client_id=client_id, client_secret=client_secret, api_url=api_url)
        except SmschatError as error:
            return fault_of(CREDENTIALS, error)

    async def try_credentials(self, *, client_id: str, client_secret: Secret, api_url: str | None = None) -> Check:
        """Ask the gateway for a token and for a call that can be no SMS.

        Args:
            api_url: None: that of the settings.

        Raises:
            SettingsError: `api_url` is no usable address.
            GatewayError: the credentials are refused, the product is missing, or the gateway is out of reach.
        """
        origin = _read("api_url", values.api_url, api_url) if api_url else self.settings.api_url
        if not client_id or any(not char.isprintable() for char in client_id):
            raise SettingsError("the client ID is not a line of text", hint="copy it from your project again")
        gateway = await asyncio.to_thread(self._gateway, origin, client_id, client_secret)
        try:
            look = await gateway.look()
        except GatewayError as error:
            raise _plainer(error, origin) from error
        finally:
            await gateway.aclose()
        self.level = look.level
        return _of_look(look)

    def check_number(self, text: str, *, account: Account) -> tuple[Check, str | None]:
        """Whether a number is possible, and the number as digits with country code; None where it is not.

        Args:
            text: any usual form; a national one is read by the setting `country`, else as Dutch.
        """
        try:
            digits = phone.parse_peer(text, self.settings.country)
        except NumberError as error:
            return fault_of(NUMBER, error), None
        country = phone.country_of(digits)
        named = f"{phone.pretty(digits)} ({country or 'of no country that is known'})"
        if account is Account.PRODUCTION:
            return Check(name=NUMBER, finding=Finding.OK, text=f"{named}, a virtual number of yours"), digits
        if phone.is_landline(digits):
            return Check(
                name=NUMBER,
                finding=Finding.NOTE,
                text=f"{named} looks like a landline, which cannot answer an SMS",
                fix="on a test account use the mobile phone in your hand",
            ), digits
        return Check(name=NUMBER, finding=Finding.OK, text=f"{named}, your own phone"), digits

    async def places(self) -> tuple[Place, ...]:
        """Where secrets can be kept on this machine, the best first; takes 3 s at most."""
        return await asyncio.to_thread(settings_module.places, self.settings.file)

    async def save_account(
        self,
        *,
        client_id: str | None,
        client_secret: Secret | None,
        number: str | None,
        account: Account | None,
        api_url: str | None = None,
        place: Place | None,
    ) -> tuple[Check, ...]:
        """Store the account, and read the settings again; what is None is left as it is.

        Args:
            number: digits with country code, as `check_number` tells them.
            place: where the secret is kept; None: nowhere, it holds for this run only.

        Returns:
            One for each thing stored, saying where.

        Raises:
            SettingsError: something cannot be stored.
        """
        origin = _read("api_url", values.api_url, api_url) if api_url else None
        international = f"+{number}" if number else None
        login = settings_module.Login(
            client_id=client_id, client_secret=client_secret, number=international, account=account, api_url=origin
        )
        typed = {
            "SMSCHAT_CLIENT_ID": client_id,
            "SMSCHAT_CLIENT_SECRET": client_secret.reveal() if client_secret else None,
            "SMSCHAT_NUMBER": international,
            "SMSCHAT_ACCOUNT": account.value if account else None,
            "SMSCHAT_API_URL": origin,
        }
        return await self._save(login, place, typed)

    async def find_agent(self) -> Check:
        """Whether there is an ngrok agent, and whether it is new enough."""
        from smschat.runtime.checkup.agent import of_agent  # noqa: PLC0415 - only for those who want one

        return await of_agent(self.settings.ngrok_path)

    async def install_agent(self, progress: Callable[[int | None], None]) -> Check:
        """Fetch the agent from ngrok and install it; takes as long as 10 MB take.

        Args:
            progress: told the percent, or None where they are not known, on the event loop of the caller.
        """
        from smschat import tunnel  # noqa: PLC0415 - only for those who want one

        loop = asyncio.get_running_loop()

        def tell(percent: int | None) -> None:
            loop.call_soon_threadsafe(progress, percent)

        try:
            await asyncio.to_thread(tunnel.install_agent, tell)
        except SmschatError as error:
            return fault_of("ngrok agent", error)
        return await self.find_agent()

    async def check_tunnel(self, *, kind: TunnelKind, authtoken: Secret | None, public_url: str | None) -> Check:
        """Whether there is a way in, opened for real and closed; see `try_tunnel`."""
        try:
            return await self.try_tunnel(kind=kind, authtoken=authtoken, public_url=public_url)
        except SmschatError as error:
            return fault_of(TUNNEL, error)

    async def try_tunnel(self, *, kind: TunnelKind, authtoken: Secret | None, public_url: str | None) -> Check:
        """Try a way in.

        Args:
            authtoken: ngrok's; None: the one that the settings have.
            public_url: `fixed`: the address; `ngrok`: the account's own domain, or None.

        Raises:
            SettingsError: the address is missing or has no usable form.
            TunnelError: ngrok gives no public address.
            StoreError, ListenerError: this machine is in the way.
        """
        from smschat.runtime import way_in  # noqa: PLC0415 - only for those who want one

        address = _read("public_url", values.public_url, public_url) if public_url else None
        if kind is TunnelKind.OFF:
            return Check(name=TUNNEL, finding=Finding.NOTE, text="off: SMS can be sent, and none are received")
        if kind is TunnelKind.FIXED:
            return await way_in.try_fixed(self.settings, address)
        return await way_in.try_ngrok(self.settings, authtoken=authtoken, domain=address)

    async def save_tunnel(
        self, *, kind: TunnelKind, authtoken: Secret | None, public_url: str | None, place: Place | None
    ) -> tuple[Check, ...]:
        """Store the way in, and read the settings again.

        Args:
            authtoken: None: left as it is.
            public_url: None or empty: taken out.
            place: where the authtoken is kept; None: nowhere, it holds for this run only.

        Raises:
            SettingsError: something cannot be stored, or the address has no usable form.
        """
        address = _read("public_url", values.public_url, public_url) if public_url else ""
        if kind is TunnelKind.FIXED and not address:
            raise SettingsError("there is no address", hint="give the https:// address that reaches the listener")
        login = settings_module.Login(tunnel=kind, public_url=address, ngrok_authtoken=authtoken)
        typed = {
            "SMSCHAT_TUNNEL": kind.value,
            "SMSCHAT_PUBLIC_URL": address,
            "NGROK_AUTHTOKEN": authtoken.reveal() if authtoken else None,
        }
        return await self._save(login, place, typed)

    def plan(self) -> Plan:
        """What a runtime of the settings as they are now is built from."""
        return self._make_plan(self.settings)

    def thread(self) -> RuntimeThread:
        """A runtime of the settings as they are now, in a thread that is not started."""
        from smschat.runtime.preferences import Preferences  # noqa: PLC0415 - not needed for checking
        from smschat.runtime.root import Runtime  # noqa: PLC0415 - not needed for checking
        from smschat.runtime.thread import RuntimeThread  # noqa: PLC0415

        return RuntimeThread(Runtime(self.plan()), Preferences.of(self.settings))

    def _gateway(self, origin: str, client_id: str, client_secret: Secret) -> KpnGateway:
        """Takes a moment: the HTTP client is imported, and the machine's certificates are read."""
        from smschat.gateway import KpnGateway  # noqa: PLC0415 - imports the HTTP client

        return KpnGateway(api_url=origin, client_id=client_id, client_secret=client_secret, proxy=self.settings.proxy)

    async def _save(self, login: Login, place: Place | None, typed: Mapping[str, str | None]) -> tuple[Check, ...]:
        def save() -> tuple[Check, ...]:
            return settings_module.keep_login(self._load({}), login, place)

        checks = await asyncio.to_thread(save)
        self._typed |= {name: value for name, value in typed.items() if value is not None}
        self.settings = await asyncio.to_thread(self._load, self._typed)
        return checks


def _read(name: str, reader: Callable[[str], str], text: str) -> str:
    try:
        return reader(text.strip())
    except ValueError as error:
        raise SettingsError(
            f"`{name}` {error}", hint="copy it from the browser's address bar, without what follows"
        ) from error


def _of_look(look: Look) -> Check:
    level = f" (level {look.level})" if look.level else ""
    return Check(
        name=CREDENTIALS, finding=Finding.OK, text=f"the gateway takes them, and the project has SMS - Vonage{level}"
    )


def _plainer(error: GatewayError, origin: str) -> GatewayError:
    """An error of a look, in the words of somebody who only looked: nothing can have been sent."""
    if error.http is not None and 200 <= error.http < 300:  # noqa: PLR2004 - HTTP statuses
        host = urlsplit(origin).hostname
        error.message = f"what answers at {host} is not KPN's gateway"
        error.hint = _NOT_THE_GATEWAY_FIX
    elif isinstance(error, OutcomeUnknownError):
        error.hint = _NOTHING_SENT_FIX
    return error
