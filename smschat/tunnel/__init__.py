"""How the gateway reaches the listener: ways to a public address, all opened and closed the same way."""

from smschat.tunnel.agent import MINIMUM_AGENT, agent_version, find_agent, install_agent, version_of
from smschat.tunnel.fixed import FixedTunnel, LocalTunnel, NoTunnel
from smschat.tunnel.ngrok import NgrokTunnel
from smschat.tunnel.orphans import forget

__all__ = [
    "MINIMUM_AGENT",
    "FixedTunnel",
    "LocalTunnel",
    "NgrokTunnel",
    "NoTunnel",
    "agent_version",
    "find_agent",
    "forget",
    "install_agent",
    "version_of",
]
