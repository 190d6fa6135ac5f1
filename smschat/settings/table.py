"""Every setting there is, one row each: the reference that reading, `config show` and the template are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smschat.domain.signing import Method
from smschat.settings import values

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting.

    Attributes:
        variable: its environment variable.
        read: its value from text; raises ValueError.
        default: as text; None: it has none, or one that depends on others.
        default_is: words for a default that is not a text.
        takes: the types that config.toml may hold for it.
    """

    name: str
    variable: str
    meaning: str
    read: Callable[[str], object] = values.words
    default: str | None = None
    default_is: str = ""
    takes: tuple[type, ...] = (str,)

    @property
    def is_secret(self) -> bool:
        """Whether its value is never shown."""
        return self.read is values.secret


_NUMBER = (str, int)
_AMOUNT = (int, float)

TABLE = (
    Setting(
        name="client_id", variable="SMSCHAT_CLIENT_ID", meaning="OAuth client ID of the project in KPN's API store"
    ),
    Setting(
        name="number",
        variable="SMSCHAT_NUMBER",
        meaning="test account: your own phone; production: a virtual number",
        takes=_NUMBER,
    ),
    Setting(
        name="account",
        variable="SMSCHAT_ACCOUNT",
        meaning="`test` or `production`: how the callback is registered",
        read=values.one_of(values.Account),
        default="test",
    ),
    Setting(
        name="sender",
        variable="SMSCHAT_SENDER",
        meaning="sender ID shown to recipients: a number, or up to 11 letters and digits",
        default_is="that of `number`",
        takes=_NUMBER,
    ),
    Setting(
        name="api_url",
        variable="SMSCHAT_API_URL",
        meaning="the gateway's host; paths are fixed",
        read=values.api_url,
        default="https://api-prd.kpn.com",
    ),
    Setting(
        name="tunnel",
        variable="SMSCHAT_TUNNEL",
        meaning="`ngrok`, `fixed` (needs public_url) or `off`",
        read=values.one_of(values.TunnelKind),
        default="ngrok",
    ),
    Setting(
        name="public_url",
        variable="SMSCHAT_PUBLIC_URL",
        meaning="`fixed`: an HTTPS address that already reaches the listener; `ngrok`: the account's own domain",
        read=values.public_url,
    ),
    Setting(
        name="listen",
        variable="SMSCHAT_LISTEN",
        meaning="HOST:PORT where the listener binds; port 0: any free one",
        read=values.listen,
        default="127.0.0.1:0",
    ),
    Setting(
        name="ngrok_authtoken", variable="NGROK_AUTHTOKEN", meaning="ngrok's token of your account", read=values.secret
    ),
    Setting(
        name="signature_secret",
        variable="SMSCHAT_SIGNATURE_SECRET",
        meaning="secret of signed webhooks: a callback whose `sig` is missing or wrong is refused",
        read=values.secret,
        default_is="callbacks are not checked",
    ),
    Setting(
        name="signature_method",
        variable="SMSCHAT_SIGNATURE_METHOD",
        meaning="`md5hash`, `md5`, `sha1`, `sha256` or `sha512`",
        read=values.one_of(Method),
        default="md5hash",
    ),
    Setting(
        name="ngrok_path",
        variable="SMSCHAT_NGROK_PATH",
        meaning="ngrok's program",
        read=values.path,
        default_is="found in PATH",
    ),
    Setting(
        name="data_dir",
        variable="SMSCHAT_DATA_DIR",
        meaning="folder of the stores, one for each profile",
        read=values.path,
        default_is="where the system keeps data of programs",
    ),
    Setting(
        name="profile",
        variable="SMSCHAT_PROFILE",
        meaning="which store to use",
        read=values.profile,
        default="default",
    ),
    Setting(
        name="country",
        variable="SMSCHAT_COUNTRY",
        meaning="two letters; for numbers in national form",
        read=values.country,
        default_is="that of `number`, else NL",
    ),
    Setting(
        name="rate",
        variable="SMSCHAT_RATE",
        meaning="SMS segments a second at most",
        read=values.amount(0, 1000, is_open=True),
        default="30",
        takes=_AMOUNT,
    ),
    Setting(
        name="daily_budget",
        variable="SMSCHAT_DAILY_BUDGET",
        meaning="segments a day; over it sending asks",
        read=values.whole(0, 10**9),
        default_is="none",
        takes=(int,),
    ),
    Setting(name="theme", variable="SMSCHAT_THEME", meaning="colours of the chat", default_is="smschat's own"),
    Setting(
        name="keys",
        variable="SMSCHAT_KEYS",
        meaning='other keys, by action as `smschat keys` names them; a table [keys] with action = "key"',
        read=values.keys,
        default="",
        default_is="as `smschat keys` shows them",
        takes=(dict,),
    ),
    Setting(
        name="enter",
        variable="SMSCHAT_ENTER",
        meaning="what Enter does in the composer: `send` or `newline`",
        read=values.one_of(values.Enter),
        default="send",
    ),
    Setting(
        name="undo_send_s",
        variable="SMSCHAT_UNDO_SEND_S",
        meaning="seconds in which a sent SMS can be taken back; 0: none",
        read=values.amount(0, 60),
        default="0",
        takes=_AMOUNT,
    ),
    Setting(
        name="notify_command",
        variable="SMSCHAT_NOTIFY_COMMAND",
        meaning="program that is run when an SMS arrives",
        default_is="none",
    ),
    Setting(
        name="notify",
        variable="SMSCHAT_NOTIFY",
        meaning="how the terminal tells of an SMS: `bell`, `desktop` (OSC 9 and 777), both with a comma, or `none`",
        read=values.notify,
        default="bell,desktop",
    ),
    Setting(
        name="notify_text",
        variable="SMSCHAT_NOTIFY_TEXT",
        meaning="whether a notification has the text: `show` or `hide`",
        read=values.one_of(values.NotifyText),
        default="show",
    ),
    Setting(
        name="log_level",
        variable="SMSCHAT_LOG_LEVEL",
        meaning="`debug`, `info`, `warning` or `error`",
        read=values.one_of(values.LogLevel),
        default="info",
    ),
    Setting(
        name="proxy",
        variable="SMSCHAT_PROXY",
        meaning="HTTP proxy on the way to the gateway",
        read=values.proxy,
        default_is="none, or that of the environment",
    ),
)

NAMES = tuple(setting.name for setting in TABLE)


def setting_of(name: str) -> Setting:
    """The row of a setting."""
    return next(setting for setting in TABLE if setting.name == name)


ACCOUNT_SETTINGS = frozenset(
    {"client_id", "number", "account", "sender", "api_url", "tunnel", "public_url", "listen", "country", "rate"}
    | {"daily_budget", "ngrok_authtoken", "ngrok_path", "signature_secret", "signature_method", "profile", "proxy"}
)
"""What `smschat demo` ignores: everything that says which account, over which gateway, reached in which way."""
