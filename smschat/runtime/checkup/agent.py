"""The ngrok agent: whether there is one, and whether it is new enough for smschat."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from smschat.domain.checks import Check, Finding

if TYPE_CHECKING:
    from pathlib import Path

AGENT: Final = "ngrok agent"

UPDATE: Final = "run `ngrok update`, or `smschat doctor --install-ngrok`"
INSTALL: Final = "install it with `smschat doctor --install-ngrok`, or from ngrok.com/download"


async def of_agent(given: Path | None) -> Check:
    """Whether there is an agent, and its version.

    Args:
        given: the setting `ngrok_path`; None: wherever agents are found.
    """
    from smschat import tunnel  # noqa: PLC0415 - only where a tunnel is wanted

    found = await asyncio.to_thread(tunnel.find_agent, given)
    if found is None:
        where = f"at {given}, where ngrok_path says it is" if given else "on this machine"
        fix = f"set ngrok_path right or take it out; {INSTALL}" if given else INSTALL
        return Check(name=AGENT, finding=Finding.FAULT, text=f"there is no ngrok agent {where}", fix=fix)
    version = await tunnel.agent_version(found)
    if version is None:
        text = f"ngrok at {found} does not tell its version"
        return Check(name=AGENT, finding=Finding.FAULT, text=text, fix=f"run `{found} version`; or {INSTALL}")
    if tunnel.version_of(version) < tunnel.MINIMUM_AGENT:
        least = ".".join(map(str, tunnel.MINIMUM_AGENT))
        text = f"ngrok at {found} is version {version}; {least} is the oldest that works"
        return Check(name=AGENT, finding=Finding.FAULT, text=text, fix=UPDATE)
    return Check(name=AGENT, finding=Finding.OK, text=f"ngrok at {found}, version {version}")
