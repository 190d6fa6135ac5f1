"""Settings are read once and again, and what they hold of secrets reaches no child of the process."""

from __future__ import annotations

import argparse
import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from smschat import log
from smschat.cli import session
from smschat.tunnel import FixedTunnel, NgrokTunnel, NoTunnel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from smschat.settings import Settings

SECRETS = {
    "SMSCHAT_CLIENT_SECRET": "zq7-canary",
    "SMSCHAT_CLIENT_SECRET_COMMAND": "echo command-canary",
    "NGROK_AUTHTOKEN": "ngrok-canary",
}


@pytest.fixture(autouse=True)
def _fresh() -> Iterator[None]:
    """A process that has read no settings yet, and forgets them."""
    session._taken.clear()
    yield
    session._taken.clear()
    log.end()


def settings_of(**more: str) -> Settings:
    return session.settings_of(argparse.Namespace(), more)


def test_a_child_inherits_no_secret_and_the_settings_have_them_again_and_again(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    for _ in range(2):
        settings = settings_of()
        secret, token = settings.client_secret(), settings.authtoken()
        assert secret is not None
        assert token is not None
        assert (secret.reveal(), token.reveal()) == ("zq7-canary", "ngrok-canary")
        inherited = subprocess.run(["env"], capture_output=True, text=True, check=True, timeout=60).stdout
        assert "canary" not in inherited
        assert set(SECRETS).isdisjoint(os.environ)


def test_what_was_typed_for_this_run_goes_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMSCHAT_CLIENT_SECRET", "zq7-canary")
    secret = settings_of(SMSCHAT_CLIENT_SECRET="typed-canary", SMSCHAT_CLIENT_ID="typed").client_secret()
    assert secret is not None
    assert secret.reveal() == "typed-canary"
    assert settings_of().client_id is None


@pytest.mark.parametrize(
    ("env", "kind"),
    [
        ({}, NgrokTunnel),
        ({"SMSCHAT_TUNNEL": "ngrok", "SMSCHAT_PUBLIC_URL": "name.ngrok-free.dev"}, NgrokTunnel),
        ({"SMSCHAT_TUNNEL": "fixed", "SMSCHAT_PUBLIC_URL": "https://hook.example"}, FixedTunnel),
        ({"SMSCHAT_TUNNEL": "off"}, NoTunnel),
    ],
)
def test_the_tunnel_is_that_of_the_settings_and_only_a_fixed_one_has_its_address_by_itself(
    env: dict[str, str], kind: type
) -> None:
    tunnel = session.tunnel_of(settings_of(**env))
    assert type(tunnel) is kind
    assert tunnel.public_url == ("https://hook.example" if kind is FixedTunnel else None)
