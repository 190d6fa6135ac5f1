"""SMS conversations in the terminal, over KPN's API store; importing this costs nothing."""

__version__ = "0.1.0"
