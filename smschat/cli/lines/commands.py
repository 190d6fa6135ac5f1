"""A place where commands are added: the command line itself, or a group such as `webhook`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


@dataclass(frozen=True, slots=True)
class Commands:
    """Where commands are added.

    Attributes:
        shared: the flags that every command has.
    """

    into: argparse._SubParsersAction  # type: ignore[type-arg]
    shared: argparse.ArgumentParser

    def add(self, name: str, text: str, command: str) -> argparse.ArgumentParser:
        """Add a command; `command` names the function of `smschat.cli` that carries it out."""
        parser: argparse.ArgumentParser = self.into.add_parser(
            name, help=text, description=text[0].upper() + text[1:] + ".", parents=[self.shared], allow_abbrev=False
        )
        parser.set_defaults(command=command)
        return parser

    def group(self, name: str, text: str) -> Commands:
        """Add a group of commands."""
        parser = self.into.add_parser(name, help=text, parents=[self.shared], allow_abbrev=False)
        return Commands(parser.add_subparsers(metavar="COMMAND", title="commands", required=True), self.shared)
