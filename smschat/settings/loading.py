"""Settings from flags, environment, config.toml and defaults, in that order, each with its origin.

A setting that cannot be used is an error that names it and where it stands; nothing is guessed and nothing ignored.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from smschat import paths
from smschat.domain import phone
from smschat.errors import RefusedHereError, SettingsError
from smschat.settings.secrets import ClientSecret, refuse_if_open
from smschat.settings.table import NAMES, TABLE
from smschat.settings.values import TunnelKind

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from smschat.domain.secret import Secret
    from smschat.settings.table import Setting
    from smschat.settings.values import Account, Enter, LogLevel, SignatureMethod

DEFAULT_COUNTRY = "NL"
CONFIG = "config.toml"
_DEFAULT = "default"


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
        origins: by setting: `flag`, `environment NAME`, `config.toml` or `default`.
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
    log_level: LogLevel
    proxy: str | None = field(repr=False)
    origins: Mapping[str, str] = field(repr=False)
    file: Path
    secret_source: ClientSecret = field(repr=False, compare=False)

    def client_secret(self) -> Secret | None:
        """The client secret, fetched now and kept; None when it is nowhere. A command may take 10 s.

        Raises:
            SettingsError: its command or its file failed.
        """
        return self.secret_source.fetch()

    def client_secret_origin(self) -> str | None:
        """Where the client secret comes from, without fetching it; None when it is nowhere.

        Raises:
            SettingsError: credentials.toml cannot be read, or others can read it.
        """
        return self.secret_source.origin()


@dataclass(frozen=True, slots=True)
class _Given:
    """What somebody wrote for a setting; `where` names the place in an error."""

    text: str = field(repr=False)
    origin: str
    where: str


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
    written = _written(file, must_exist=config is not None)
    _check_names(written, file)
    read: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for setting in TABLE:
        given = None if setting.name in ignored else _given(setting, flags, env, written, file)
        read[setting.name] = _value(setting, given)
        origins[setting.name] = given.origin if given else _DEFAULT
    read["data_dir"] = read["data_dir"] or paths.data_dir({})
    _settle_numbers(read, origins)
    if read["signature_secret"] is not None:
        raise SettingsError(
            f"`signature_secret` is set ({origins['signature_secret']}), and this version checks no signatures",
            hint="take it out: the callbacks' address is secret and is all that protects them",
        )
    if read["tunnel"] is TunnelKind.FIXED and read["public_url"] is None:
        raise SettingsError("`tunnel` is `fixed` and `public_url` is not set", hint=_how_to_set("public_url"))
    secret = ClientSecret(env, paths.credentials_file(file), read["profile"])
    return Settings(**read, origins=origins, file=file, secret_source=secret)


def require_account(settings: Settings) -> None:
    """Make sure of what sending needs.

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
        raise SettingsError(
            f"not set: {names}",
            hint=f"set {variables}; the keys are those of your project at developer.kpn.com, the number is your own "
            "phone on a test account; `smschat demo` needs none of them",
        )


def _written(file: Path, *, must_exist: bool) -> dict[str, object]:
    if not file.exists() and not must_exist:
        return {}
    import tomllib  # noqa: PLC0415 - only where there is a file

    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file} is not TOML: {error}", hint='a line is name = "value"') from error
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or "it is not UTF-8"
        raise SettingsError(f"{file} cannot be read: {why}", hint="check the path and its permissions") from error


def _check_names(written: Mapping[str, object], file: Path) -> None:
    if "client_secret" in written:
        raise SettingsError(
            f"{file}: client_secret does not belong here",
            hint=f"put it into SMSCHAT_CLIENT_SECRET, or into {paths.credentials_file(file)} with mode 600",
        )
    for name in written:
        if name not in NAMES:
            import difflib  # noqa: PLC0415 - only to say what is wrong

            near = difflib.get_close_matches(name, NAMES, n=1)
            hint = f"did you mean `{near[0]}`?" if near else "`smschat config show` names every setting"
            raise SettingsError(f"{file}: there is no setting `{name}`", hint=hint)
    if any(setting.is_secret and setting.name in written for setting in TABLE):
        refuse_if_open(file)


def _given(
    setting: Setting, flags: Mapping[str, object], env: Mapping[str, str], written: Mapping[str, object], file: Path
) -> _Given | None:
    flag = flags.get(setting.name)
    if flag is not None:
        return _Given(str(flag), "flag", f"flag --{setting.name.replace('_', '-')}")
    if text := env.get(setting.variable, "").strip():
        return _Given(text, f"environment {setting.variable}", f"environment {setting.variable}")
    if setting.name not in written:
        return None
    return _Given(_as_text(setting, written[setting.name], file), CONFIG, str(file))


def _as_text(setting: Setting, value: object, file: Path) -> str:
    if isinstance(value, bool) or not isinstance(value, setting.takes):
        kinds = {str: "a text in quotes", int: "a number", float: "a number", dict: "a table"}
        raise SettingsError(f"{file}: `{setting.name}` must be {kinds[setting.takes[0]]}", hint=setting.meaning)
    if not isinstance(value, dict):
        return str(value).strip()
    keys = {action: key if isinstance(key, list) else [key] for action, key in value.items()}
    return " ".join(f"{action}={','.join(map(str, several)).replace(' ', '')}" for action, several in keys.items())


def _value(setting: Setting, given: _Given | None) -> object:
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
    setting = next(setting for setting in TABLE if setting.name == name)
    return f"set {setting.variable}, or {name} in {CONFIG}: {setting.meaning}"
