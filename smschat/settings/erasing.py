"""What `logout` erases: all that `login` stores for one profile; and what stays, told and not passed over.

Nothing is called erased that may still be there: trouble of the keyring or of a file is told among what is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from smschat.errors import SettingsError
from smschat.settings import files, os_keyring, written
from smschat.settings.secrets import AUTHTOKEN, CLIENT_SECRET
from smschat.settings.storing import NAMES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smschat.settings.loading import Settings
    from smschat.settings.written import Written

_SECRETS = (CLIENT_SECRET, AUTHTOKEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What became of a login: parts of sentences, lower case, no full stop, no secret."""

    erased: tuple[str, ...]
    left: tuple[str, ...]


def erase_login(settings: Settings) -> Erased:
    """Erase what login stored for the profile of the settings. Blocks for a few seconds at most.

    Raises:
        SettingsError: config.toml is broken or cannot be written.
    """
    says = written.read(settings.file)
    erased, left = _erase_secrets(settings)
    erased += _erase_settings(settings, says)
    left += [*_still_giving(settings), *_other_settings(settings), *_beyond(settings)]
    return Erased(erased=tuple(erased), left=tuple(left))


def _erase_secrets(settings: Settings) -> tuple[list[str], list[str]]:
    erased: list[str] = []
    left: list[str] = []
    secrets = settings.secrets
    try:
        for name in _SECRETS:
            if secrets.keyring.erase(secrets.user(name)):
                erased.append(f"the {NAMES[name]} in the OS keyring")  # noqa: PERF401 - the next may fail, this is done
    except SettingsError as error:
        left.append(_may_hold(error))
    try:
        gone = secrets.credentials.erase(_SECRETS)
        erased += [f"the {NAMES[name]} in {secrets.credentials.file}" for name in gone]
        there = secrets.credentials.for_all(_SECRETS)
        left += [f"the {NAMES[name]} for every profile, in {secrets.credentials.file}" for name in there]
    except SettingsError as error:
        left.append(f"what credentials.toml may hold: {_sentence(error)}")
    return erased, left


def _may_hold(error: SettingsError) -> str:
    """The keyring of another session, of a desktop perhaps, may have what this one cannot reach."""
    if error.code == os_keyring.ABSENT:
        return f"what an OS keyring that is out of reach now may hold ({error.message})"
    return f"what the OS keyring may hold: {_sentence(error)}"


def _sentence(error: SettingsError) -> str:
    return f"{error.message}; {error.hint}" if error.hint else error.message


def _erase_settings(settings: Settings, says: Written) -> list[str]:
    """Take out what login writes: for `default` at the top and in its table, for another profile in its table."""
    gone = [where for name in NAMES for where in says.places_of(name, settings.profile)]
    if not gone:
        return []
    files.rewrite(settings.file, dict.fromkeys(gone))
    names = dict.fromkeys(NAMES[where[-1]] for where in gone)
    return [f"the {name} in {settings.file}" for name in names]


def _still_giving(settings: Settings) -> Iterator[str]:
    """What goes on giving something that login would store, and is not ours to erase."""
    for name in _SECRETS:
        for source in settings.secrets.overriding[name]:
            if not source.origin.startswith(written.CONFIG):
                yield f"the {NAMES[name]} from the {source.origin}"
    for name, label in NAMES.items():
        if name not in _SECRETS and settings.origins[name].startswith("environment"):
            yield f"the {label} from the {settings.origins[name]}"
    if settings.secrets.agent_file.authtoken() is not None:
        yield f"the authtoken in {settings.secrets.agent_file.file}, which is the agent's own"


def _other_settings(settings: Settings) -> Iterator[str]:
    says = written.read(settings.file)
    shared = [label for name, label in NAMES.items() if name in says.top]
    if shared:
        yield f"the {', '.join(shared)} for every profile, in {settings.file}"
    if says.profiles.get(settings.profile) or set(says.top) - set(NAMES):
        yield f"the other settings in {settings.file}"


def _beyond(settings: Settings) -> Iterator[str]:
    if settings.store_path.exists():
        yield f"the conversations in {settings.store_path}"
        yield "the callback at the gateway, which goes on calling the address that was registered last"
