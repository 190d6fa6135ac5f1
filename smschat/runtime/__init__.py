"""The composition root: what a runtime is built from, the runtime, and its thread beside the screen."""

from smschat.runtime.plan import Companion, Plan, Tunnel
from smschat.runtime.preferences import Preferences
from smschat.runtime.root import Runtime
from smschat.runtime.thread import RuntimeThread

__all__ = ["Companion", "Plan", "Preferences", "Runtime", "RuntimeThread", "Tunnel"]
