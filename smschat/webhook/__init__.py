"""The webhook: what the gateway calls, what it means, and the listener that answers; it knows no store."""
