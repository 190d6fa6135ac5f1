"""Settings from flags, environment, config.toml and defaults, in that order, each with its origin.

A setting that cannot be used is an error that names it and where it stands; nothing is guessed and nothing ignored.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from smschat import paths
from smschat.domain import phone
from smschat.errors import RefusedHereError, SettingsError
from smschat.settings import written
from smschat.settings.secrets import AUTHTOKEN, ProfileSecrets
from smschat.settings.table import TABLE, setting_of
from smschat.settings.values import TunnelKind
from smschat.settings.written import CONFIG, Given

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from smschat.domain.secret import Secret
    from smschat.domain.signing import Method as SignatureMethod
    from smschat.settings.table import Setting
    from smschat.settings.values import Account, Enter, LogLevel, NotifyText
    from smschat.settings.written import Written

DEFAULT_COUNTRY = "NL"
_DEFAULT = "default"

_NEVER_BLANK = frozenset({"signature_secret"})
"""Settings whose variable, when it is set to blanks alone, is an error: who set it believes that it guards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every setting, read and checked.

    Attributes:
        number: digits with country code; None when not set.
        sender: digits with country code or a name; `number` unless set; None when neither is.
        api_url: origin, no path.
        public_url: without a slash at the end; never None where `tunnel` is `fixed`.
        listen: host and port; port 0: any free one.
        country: ISO alpha-2.
        rate: segments a second, above 0.
        daily_budget: segments a day; None: no limit.
        theme, notify_command, proxy, ngrok_path: None when not set.
        keys: keys by action, several joined by commas.
        undo_send_s: seconds; 0: sending cannot be taken back.
        ngrok_authtoken: as the environment or config.toml gives it; `authtoken` knows the other places as well.
        origins: by setting: `flag`, `environment NAME`, `config.toml`, `config.toml [profiles.NAME]` or `default`.
        file: the config.toml that was looked for.
    """

    client_id: str | None = field(repr=False)
    number: str | None = field(repr=False)
    account: Account
    sender: str | None = field(repr=False)
    api_url: str
    tunnel: TunnelKind
    public_url: str | None = field(repr=False)
    listen: tuple[str, int]
    ngrok_authtoken: Secret | None
    signature_secret: Secret | None
    signature_method: SignatureMethod
    ngrok_path: Path | None
    data_dir: Path
    profile: str
    country: str
    rate: float
    daily_budget: int | None
    theme: str | None
    keys: Mapping[str, str]
    enter: Enter
    undo_send_s: float
    notify_command: str | None = field(repr=False)
    notify: frozenset[str]
    notify_text: NotifyText
    log_level: LogLevel
    proxy: str | None = field(repr=False)
    origins: Mapping[str, str] = field(repr=False)
    file: Path
    secrets: ProfileSecrets = field(repr=False, compare=False)

    @property
    def store_path(self) -> Path:
        """Where the profile's store is, or would be."""
        return self.data_dir / f"{self.profile}.db"

    def client_secret(self) -> Secret | None:
        """The client secret, fetched now and kept; None when it is nowhere.

        It may block: a command for 10 s, the OS keyring for 3 s.

        Raises:
            SettingsError: its command or its file failed.
        """
        return self.secrets.client_secret.fetch()

    def client_secret_origin(self) -> str | None:
        """Where the client secret comes from, without running a command; None when it is nowhere. May block for 3 s.

        Raises:
            SettingsError: credentials.toml cannot be read, or others can read it.
        """
        return self.secrets.client_secret.origin()

    def authtoken(self) -> Secret | None:
        """The authtoken of ngrok, fetched now and kept; None when it is nowhere. May block for 3 s.

        Raises:
            SettingsError: credentials.toml cannot be read, or others can read it.
        """
        return self.secrets.authtoken.fetch()

    def authtoken_origin(self) -> str | None:
        """Where the authtoken of ngrok comes from; None when it is nowhere. May block for 3 s.

        Raises:
            SettingsError: credentials.toml cannot be read, or others can read it.
        """
        return self.secrets.authtoken.origin()


def load(
    flags: Mapping[str, object],
    env: Mapping[str, str],
    config: Path | None = None,
    *,
    ignored: Collection[str] = (),
) -> Settings:
    """Read every setting.

    Args:
        flags: values by setting name; None means that the flag was not given.
        env: the environment; an empty variable counts as not set.
        config: another config.toml, which must exist; None: the usual one, which need not.
        ignored: settings that keep their default whatever stands anywhere (`ACCOUNT_SETTINGS` for the demo).

    Raises:
        SettingsError: a setting is unknown or malformed, or the file cannot be read.
    """
    file = config or paths.config_file(env)
    in_file = written.read(file, must_exist=config is not None)
    profile = _profile(flags, env, in_file, ignored)
    read: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for setting in TABLE:
        given = None if setting.name in ignored else _given(setting, flags, env, in_file, profile)
        read[setting.name] = _value(setting, given)
        origins[setting.name] = given.origin if given else _DEFAULT
    read["data_dir"] = read["data_dir"] or paths.data_dir({})
    _settle_numbers(read, origins)
    _refuse_what_cannot_be(read)
    token = read[AUTHTOKEN]
    secrets = ProfileSecrets(
        env, paths.credentials_file(file), profile, authtoken=token and (token, origins[AUTHTOKEN])
    )
    return Settings(**read, origins=origins, file=file, secrets=secrets)


def _refuse_what_cannot_be(read: Mapping[str, Any]) -> None:
    """What no setting says by itself. Raises SettingsError."""
    if read["tunnel"] is TunnelKind.FIXED and read["public_url"] is None:
        raise SettingsError("`tunnel` is `fixed` and `public_url` is not set", hint=_how_to_set("public_url"))


def require_account(settings: Settings) -> None:
    """Make sure of what sending needs. May block for 3 s, for the OS keyring.

    Raises:
        SettingsError: client_id, client_secret or number is missing; the message names each.
    """
    found = {
        "client_id": settings.client_id,
        "client_secret": settings.client_secret_origin(),
        "number": settings.number,
    }
    missing = [name for name, value in found.items() if not value]
    if missing:
        *some, last = missing
        names = f"{', '.join(some)} and {last}" if some else last
        variables = ", ".join(f"SMSCHAT_{name.upper()}" for name in missing)
        silent = settings.secrets.keyring.withheld if "client_secret" in missing else None
        raise SettingsError(
            f"not set: {names}" + (f"; {silent.message}" if silent else ""),
            hint=(f"{silent.hint}; or " if silent else "")
            + f"run `smschat login`, or set {variables}; the keys are those of your project at developer.kpn.com, "
            "the number is your own phone on a test account; `smschat demo` needs none of them",
        )


def _profile(flags: Mapping[str, object], env: Mapping[str, str], in_file: Written, ignored: Collection[str]) -> str:
    """Which profile it is; no profile's own table can say it."""
    setting = setting_of("profile")
    given = None if setting.name in ignored else _given(setting, flags, env, in_file, "")
    return str(_value(setting, given))


def _given(
    setting: Setting, flags: Mapping[str, object], env: Mapping[str, str], in_file: Written, profile: str
) -> Given | None:
    flag = flags.get(setting.name)
    if flag is not None:
        return Given(str(flag), "flag", f"flag --{setting.name.replace('_', '-')}")
    if text := env.get(setting.variable, "").strip():
        return Given(text, f"environment {setting.variable}", f"environment {setting.variable}")
    if setting.name in _NEVER_BLANK and env.get(setting.variable):
        raise SettingsError(
            f"`{setting.name}` is blank (environment {setting.variable})",
            hint="a blank secret checks nothing: unset the variable, or put the secret into it",
        )
    return in_file.given(setting, profile)


def _value(setting: Setting, given: Given | None) -> object:
    if given is None:
        return None if setting.default is None else setting.read(setting.default)
    try:
        return setting.read(given.text)
    except ValueError as error:
        raise SettingsError(f"`{setting.name}` {error} ({given.where})", hint=setting.meaning) from error


def _settle_numbers(read: dict[str, Any], origins: Mapping[str, str]) -> None:
    """Number, country and sender depend on each other: the number tells the country, and is the sender."""
    try:
        name = "number"
        if read["number"] is not None:
            read["number"] = phone.parse_peer(read["number"], read["country"] or DEFAULT_COUNTRY)
        if read["country"] is None:
            read["country"] = (read["number"] and phone.country_of(read["number"])) or DEFAULT_COUNTRY
        name = "sender"
        read["sender"] = phone.parse_sender(read["sender"], read["country"]) if read["sender"] else read["number"]
    except RefusedHereError as error:
        raise SettingsError(f"`{name}`: {error.message} ({origins[name]})", hint=error.hint) from error


def _how_to_set(name: str) -> str:
    setting = setting_of(name)
    return f"set {setting.variable}, or {name} in {CONFIG}: {setting.meaning}"
