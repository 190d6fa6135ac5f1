"""Questions over the chat: asked once, answered by a key, and no in doubt."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.app import App
    from textual.screen import ModalScreen


class Questions:
    """The questions of one app."""

    def __init__(self, app: App[Any]) -> None:
        self._app = app

    async def ask(self, question: str, yes: str) -> bool:
        """Ask before something that costs or cannot be undone."""
        from smschat.ui.screens.confirm import Confirm  # noqa: PLC0415 - after the first frame

        return await self._answer_to(Confirm(question, yes))

    async def ask_unasked(self, title: str, question: str, *, yes: str, no: str) -> bool:
        """Ask in the midst of other things, so that nothing that is being typed is an answer."""
        from smschat.ui.screens.unasked import Unasked  # noqa: PLC0415 - after the first frame

        return await self._answer_to(Unasked(title, question, yes=yes, no=no))

    async def _answer_to(self, screen: ModalScreen[bool]) -> bool:
        answered: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        def answer(is_yes: bool | None) -> None:  # noqa: FBT001 - Textual's signature
            if not answered.done():
                answered.set_result(bool(is_yes))

        self._app.push_screen(screen, answer)
        return await answered
