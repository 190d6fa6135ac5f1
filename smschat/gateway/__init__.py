"""KPN's API store over HTTP: SMS by Vonage, and the token that every call needs.

The rule: no request is repeated here once it may have sent an SMS; each failure becomes one exception of
`smschat.errors` that says whether anything may have been carried out.
"""

from smschat.gateway.client import KpnGateway
from smschat.gateway.line import Timeouts
from smschat.gateway.look import Look

__all__ = ["KpnGateway", "Look", "Timeouts"]
