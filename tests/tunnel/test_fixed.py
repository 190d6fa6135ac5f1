"""The tunnels that need no program."""

from __future__ import annotations

import pytest

from smschat.tunnel.fixed import FixedTunnel, NoTunnel


@pytest.mark.parametrize("setting", ["https://sms.example", "https://sms.example/"])
async def test_a_fixed_tunnel_tells_the_address_of_the_user_without_a_slash_at_its_end(setting: str) -> None:
    tunnel = FixedTunnel(setting)
    assert await tunnel.open("http://127.0.0.1:4000") == "https://sms.example"
    await tunnel.close()


async def test_without_a_tunnel_there_is_no_public_address() -> None:
    tunnel = NoTunnel()
    assert await tunnel.open("http://127.0.0.1:4000") is None
    await tunnel.close()
