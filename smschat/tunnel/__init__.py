"""How the gateway reaches the listener: ways to a public address, all opened and closed the same way."""
