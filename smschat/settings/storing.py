"""What `login` and the set-up store: settings into config.toml, secrets into the OS keyring or credentials.toml.

Everything is checked before anything is written, and a secret stands in one place of ours alone: storing it in one
takes it out of the other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final, assert_never

from smschat.domain import phone
from smschat.domain.checks import Check, Finding
from smschat.errors import RefusedHereError, SettingsError
from smschat.settings import credentials, files, os_keyring, written
from smschat.settings.os_keyring import OsKeyring
from smschat.settings.secrets import AUTHTOKEN, CLIENT_SECRET
from smschat.settings.table import setting_of
from smschat.settings.values import TunnelKind
from smschat.settings.written import CONFIG, DEFAULT_PROFILE

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from smschat.domain.secret import Secret
    from smschat.settings.loading import Settings
    from smschat.settings.values import Account
    from smschat.settings.wording import Where
    from smschat.settings.written import Written

NAMES: Final = {
    "client_id": "client ID",
    CLIENT_SECRET: "client secret",
    "number": "number",
    "account": "account",
    "api_url": "gateway address",
    "tunnel": "tunnel",
    "public_url": "public address",
    AUTHTOKEN: "authtoken",
    "ngrok_path": "ngrok program",
}
"""What login stores, each as people call it."""

_PLAIN: Final = tuple(name for name in NAMES if name not in {CLIENT_SECRET, AUTHTOKEN})


class Place(StrEnum):
    """Where a secret can be kept."""

    KEYRING = "keyring"
    FILE = "credentials.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """What is to be stored; None leaves a thing as it is.

    Attributes:
        number: in any form that the setting takes.
        public_url: empty: there is to be none.
    """

    client_id: str | None = field(default=None, repr=False)
    client_secret: Secret | None = None
    number: str | None = field(default=None, repr=False)
    account: Account | None = None
    api_url: str | None = None
    tunnel: TunnelKind | None = None
    public_url: str | None = field(default=None, repr=False)
    ngrok_authtoken: Secret | None = None
    ngrok_path: Path | None = None


def places(file: Path) -> tuple[Place, ...]:  # noqa: ARG001 - which credentials.toml: it lies beside config.toml
    """Where secrets can be kept on this machine, the best first; `credentials.toml` always can. May block for 3 s.

    Args:
        file: the config.toml that the secrets belong to.
    """
    return (Place.KEYRING, Place.FILE) if OsKeyring().why_unfit() is None else (Place.FILE,)


def keep_login(settings: Settings, login: Login, place: Place | None) -> tuple[Check, ...]:
    """Store what is given for the profile of the settings, and tell for each thing where it is now.

    Settings of the profile `default` stand at the top of config.toml, and so hold for every profile without its own;
    those of another stand in its table. A value that holds anyway is not written. Blocks for a few seconds at most.

    Args:
        place: where the secrets go; None: they are not stored.

    Raises:
        SettingsError: a value cannot be used, a file is broken or cannot be written, or the place did not keep the
            secret. Nothing was stored then, or all that was stored before it stays.
    """
    says = written.read(settings.file)
    texts = _texts(settings, login)
    changes = _changes(settings.profile, texts, says)
    checks = _keep_secrets(settings, login, place, says)
    if AUTHTOKEN in checks:  # what stands in config.toml would go before what was stored just now
        changes |= dict.fromkeys(says.places_of(AUTHTOKEN, settings.profile))
    if changes:
        files.rewrite(settings.file, changes)
    for name in texts:
        checks[name] = _settled(settings, name, says, changes)
    return tuple(checks[name] for name in NAMES if name in checks)


def _texts(settings: Settings, login: Login) -> dict[str, str]:
    """What is to be stored, as config.toml has it; empty where a line is to go."""
    found = {name: str(getattr(login, name)) for name in _PLAIN if getattr(login, name) is not None}
    texts = {name: _readable(name, text, settings.country) for name, text in found.items()}
    address = texts.get("public_url", settings.public_url)
    if texts.get("tunnel", settings.tunnel) == TunnelKind.FIXED and not address:
        raise SettingsError("`tunnel` is `fixed` and `public_url` is not set", hint=setting_of("public_url").meaning)
    return texts


def _readable(name: str, text: str, country: str) -> str:
    """The text in the form in which it is stored, so that what is stored can be read again."""
    if name == "public_url" and not text:
        return ""
    try:
        return phone.parse_peer(text, country) if name == "number" else str(setting_of(name).read(text))
    except ValueError as error:
        raise SettingsError(f"`{name}` {error}", hint=setting_of(name).meaning) from error
    except RefusedHereError as error:
        raise SettingsError(f"`{name}`: {error.message}", hint=error.hint) from error


def _changes(profile: str, texts: dict[str, str], says: Written) -> dict[Where, str | None]:
    """What changes in config.toml: nothing that holds without a line of its own."""
    changes: dict[Where, str | None] = {}
    for name, text in texts.items():
        where = says.place_of(name, profile)
        if says.has(where) or text != says.without(name, profile):
            changes[where] = text or None
    return changes


def _settled(settings: Settings, name: str, says: Written, changes: files.Changes) -> Check:
    where = says.place_of(name, settings.profile)
    if where not in changes and settings.profile != DEFAULT_PROFILE and says.has((name,)):
        text = f"the {NAMES[name]} is that of every profile, in {settings.file}"
    elif where not in changes:
        text = f"the {NAMES[name]} is the default, and needs no line in {settings.file}"
    elif changes[where] is None:
        text = f"no {NAMES[name]} is kept in {settings.file}"
    else:
        text = f"the {NAMES[name]} is kept in {_table(settings.file, where)}"
    origin = settings.origins[name]
    return _check(name, text, origin if origin.startswith("environment") else None)


def _table(file: Path, where: Where) -> str:
    return f"{file} [{'.'.join(where[:-1])}]" if len(where) > 1 else str(file)


def _keep_secrets(settings: Settings, login: Login, place: Place | None, says: Written) -> dict[str, Check]:
    if place is None:
        return {}
    given = {CLIENT_SECRET: login.client_secret, AUTHTOKEN: login.ngrok_authtoken}
    return {name: _keep(settings, name, secret, place, says) for name, secret in given.items() if secret is not None}


def _keep(settings: Settings, name: str, secret: Secret, place: Place, says: Written) -> Check:
    """Store one secret, and take an older one out of the other place of ours."""
    secrets = settings.secrets
    match place:
        case Place.KEYRING:
            secrets.keyring.keep(secrets.user(name), secret)
            where, trouble = "the OS keyring", _trouble_of(lambda: secrets.credentials.erase((name,)))
        case Place.FILE:
            secrets.credentials.keep(name, secret)
            where, trouble = (
                str(secrets.credentials.file),
                _trouble_of(lambda: secrets.keyring.erase(secrets.user(name))),
            )
        case _:
            assert_never(place)
    text = f"the {NAMES[name]} is kept in {where}"
    if trouble is not None:
        other = "the OS keyring, and would go before it" if place is Place.FILE else credentials.ORIGIN
        text = f"{text}; an older one may stand in {other}: {trouble.message}"
        return Check(name=NAMES[name], finding=Finding.NOTE, text=text, fix=trouble.hint)
    return _check(name, text, _overriding(settings, name, says))


def _trouble_of(erase: Callable[[], object]) -> SettingsError | None:
    """What keeps an older copy from being erased; None where there is none, or no such place."""
    try:
        erase()
    except SettingsError as error:
        return None if error.code == os_keyring.ABSENT else error
    return None


def _overriding(settings: Settings, name: str, says: Written) -> str | None:
    """The origin of what goes before the places of ours; None when nothing does."""
    for source in settings.secrets.overriding[name]:
        if not source.origin.startswith(CONFIG):
            return source.origin
    is_shared = settings.profile != DEFAULT_PROFILE and name in says.top
    return f"{CONFIG} {name}" if is_shared else None


def _check(name: str, text: str, overriding: str | None) -> Check:
    """What is told of a thing that was stored; `overriding` is an origin: a word for the place, and a name there."""
    if overriding is None:
        return Check(name=NAMES[name], finding=Finding.OK, text=text)
    place, _, what = overriding.partition(" ")
    fix = f"take {what} out of {CONFIG}" if place == CONFIG else f"unset {what}"
    return Check(
        name=NAMES[name],
        finding=Finding.NOTE,
        text=f"{text}; {what} is set and goes before it",
        fix=f"{fix} to use what is stored",
    )
