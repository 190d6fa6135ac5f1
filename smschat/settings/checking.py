"""What there is to know about a profile's secrets: where each comes from, what it does, and how the OS keyring is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.domain.checks import Check, Finding, fault_of
from smschat.errors import SettingsError
from smschat.settings import agent_file, os_keyring
from smschat.settings.secrets import AUTHTOKEN, CLIENT_SECRET
from smschat.settings.storing import NAMES
from smschat.settings.values import TunnelKind

if TYPE_CHECKING:
    from smschat.settings.loading import Settings
    from smschat.settings.secrets import KeptSecret


def secret_checks(settings: Settings) -> tuple[Check, ...]:
    """The client secret, the authtoken where the tunnel needs one, signatures, the OS keyring. May block for seconds.

    A command that gives the client secret is run, because it proves nothing while it is not.
    """
    checks = [_secret(CLIENT_SECRET, settings.secrets.client_secret)]
    if settings.tunnel is TunnelKind.NGROK:
        checks.append(_authtoken(settings))
    return (*checks, _signatures(settings), _keyring(settings))


def _secret(name: str, kept: KeptSecret) -> Check:
    label = NAMES[name]
    try:
        is_there, origin = kept.fetch() is not None, kept.origin()
    except SettingsError as error:
        return fault_of(label, error)
    if not is_there:
        return Check(name=label, finding=Finding.FAULT, text=f"there is no {label}", fix="run: smschat login")
    return Check(name=label, finding=Finding.OK, text=f"from: {origin}")


def _authtoken(settings: Settings) -> Check:
    check = _secret(AUTHTOKEN, settings.secrets.authtoken)
    own = settings.secrets.agent_file
    if check.is_fault or settings.secrets.authtoken.origin() != agent_file.ORIGIN or not own.is_open():
        return check
    return Check(
        name=check.name,
        finding=Finding.NOTE,
        text=f"{check.text}, which others can read",
        fix=f"run: chmod 600 '{own.file}'",
    )


def _signatures(settings: Settings) -> Check:
    """Whether callbacks are checked; the gateway signs none unless that was switched on for the account."""
    if settings.signature_secret is None:
        return Check(name="signatures", finding=Finding.OK, text="callbacks are not checked; their address is secret")
    origin = settings.origins["signature_secret"]
    text = f"callbacks are checked with {settings.signature_method}, from: {origin}"
    return Check(name="signatures", finding=Finding.OK, text=text)


def _keyring(settings: Settings) -> Check:
    """How the keyring is; not having one is no fault, because secrets have other places."""
    trouble = settings.secrets.keyring.trouble or settings.secrets.keyring.why_unfit()
    if trouble is None:
        return Check(name=os_keyring.ORIGIN, finding=Finding.OK, text="secrets can be kept there")
    is_absent = trouble.code == os_keyring.ABSENT
    finding = Finding.NOTE if is_absent else Finding.UNKNOWN
    return Check(name=os_keyring.ORIGIN, finding=finding, text=trouble.message, fix=trouble.hint)
