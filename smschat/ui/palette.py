"""The command palette: the action table, for keys that a terminal keeps to itself and for those who forget them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.command import DiscoveryHit, Hit, Provider

from smschat.ui.actions import ACTIONS
from smschat.ui.keys import key_name, keys_of
from smschat.ui.screens.panes import Panes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from textual.command import Hits

    from smschat.ui.actions import Action


class Commands(Provider):
    """Every action of the table that is a command."""

    async def discover(self) -> Hits:
        """All of them, in the order of the table."""
        for action in _commands():
            yield DiscoveryHit(action.label, self._do(action), help=_help(action, self._rebound))

    async def search(self, query: str) -> Hits:
        """Those whose label has the letters in this order."""
        matcher = self.matcher(query)
        for action in _commands():
            score = matcher.match(action.label)
            if score > 0:
                yield Hit(score, matcher.highlight(action.label), self._do(action), help=_help(action, self._rebound))

    @property
    def _rebound(self) -> Mapping[str, tuple[str, ...]]:
        screen = self.screen
        return screen.desk.rebound if isinstance(screen, Panes) else {}

    def _do(self, action: Action) -> Callable[[], object]:
        screen = self.screen
        return partial(screen.perform, action) if isinstance(screen, Panes) else lambda: None


def _commands() -> list[Action]:
    return [action for action in ACTIONS if action.in_palette]


def _help(action: Action, rebound: Mapping[str, tuple[str, ...]]) -> str:
    keys = keys_of(action.id, rebound)
    return f"{key_name(keys[0])}  {action.help}" if keys else action.help
