"""How the gateway reaches the listener: ways to a public address, all opened and closed the same way."""

from smschat.tunnel.fixed import FixedTunnel, LocalTunnel, NoTunnel, UnavailableTunnel

__all__ = ["FixedTunnel", "LocalTunnel", "NoTunnel", "UnavailableTunnel"]
