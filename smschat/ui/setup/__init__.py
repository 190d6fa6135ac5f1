"""The set-up: four steps from fresh credentials to the first answered SMS."""

from smschat.ui.setup.app import Instead, run_setup

__all__ = ["Instead", "run_setup"]
