"""What the keys do that keep conversations in order: pin, mute, archive, unread, block, delete.

The rule: the conversation that is meant is the one with the focus: under the cursor in the list, else the open one;
what cannot be undone asks, and what can says how.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual import work

from smschat.domain.conversation import Flags
from smschat.domain.delivery import Status
from smschat.errors import SmschatError
from smschat.ui.screens.shown import Shown
from smschat.ui.widgets.sending import Sending

if TYPE_CHECKING:
    from collections.abc import Callable

    from smschat.domain.conversation import Conversation
    from smschat.domain.sms import Sms

_NOTHING: Final = "There is no conversation here."
_NO_SMS: Final = "There is no SMS here."
_EXPLORING: Final = "You are only looking around (--explore): nothing is marked read or unread."
_MOMENT_S: Final = 3.0


class Keeping(Shown):
    """Keeping order."""

    async def action_pin(self) -> None:
        """Keep it at the top, or let it go."""
        await self._turn(lambda it: Flags(pinned=not it.pinned), "pinned: p lets it go", "not pinned any more")

    async def action_mute(self) -> None:
        """Tell of it no more, or again."""
        await self._turn(lambda it: Flags(muted=not it.muted), "muted: m ends that", "not muted any more")

    async def action_archive(self) -> None:
        """Put it away, or take it back."""
        await self._turn(
            lambda it: Flags(archived=not it.archived), "archived: f shows the shelves", "back among the others"
        )

    async def action_mark_unread(self) -> None:
        """Mark it unread; one that is unread is read."""
        meant = None if self._is_exploring() else await self.meant()
        if meant is None:
            return
        if not meant.is_unread:
            await self._change(meant, Flags(marked_unread=True), "marked unread: u ends that")
            return
        upto = meant.last.seq if meant.last is not None else 0
        try:
            await self.desk.bridge.call(lambda messenger: messenger.mark_read(meant.peer, upto))
        except SmschatError as error:
            self.post_message(Sending.Complained(error))
        else:
            self.say_done("read")

    async def action_mark_all_read(self) -> None:
        """Nothing is new any more."""
        if self._is_exploring():
            return
        try:
            changed = await self.desk.bridge.call(lambda messenger: messenger.keeping.mark_all_read())
        except SmschatError as error:
            self.post_message(Sending.Complained(error))
            return
        self.say_done(f"{changed} {'conversation' if changed == 1 else 'conversations'} read")

    @work(group="keeping")
    async def action_block(self) -> None:
        """Block it, or hear of it again."""
        meant = await self.meant()
        if meant is None:
            return
        title = self.desk.mask.name(meant.title)
        if meant.blocked:
            await self._change(meant, Flags(blocked=False), "not blocked any more")
        elif await self.desk.ask(f"block {title}: what comes is kept, and you are not told", "Block"):
            await self._change(meant, Flags(blocked=True), "blocked: B ends that")

    @work(group="keeping")
    async def action_delete_conversation(self) -> None:
        """Delete it with everything in it."""
        meant = await self.meant()
        if meant is None:
            return
        title = self.desk.mask.name(meant.title)
        if not await self.desk.ask(f"delete the conversation with {title} and all of its SMS, for good", "Delete"):
            return
        try:
            count = await self.desk.bridge.call(lambda messenger: messenger.keeping.delete_conversation(meant.peer))
        except SmschatError as error:
            self.post_message(Sending.Complained(error))
        else:
            self.say_done(f"deleted, with {count} SMS")

    @work(group="keeping")
    async def action_delete_message(self) -> None:
        """Delete the SMS under the cursor; one that waits for its time is taken back."""
        sms = self.talk.messages.selected
        if sms is None:
            self.notify(_NO_SMS, markup=False)
        elif sms.status is Status.SCHEDULED:
            await self.run_action("take_back")
        elif await self.desk.ask("delete this SMS for good", "Delete"):
            await self._delete(sms)

    async def _delete(self, sms: Sms) -> None:
        try:
            is_gone = await self.desk.bridge.call(lambda messenger: messenger.keeping.delete_sms(sms.id))
        except SmschatError as error:
            self.post_message(Sending.Complained(error))
        else:
            self.say_done("deleted" if is_gone else "it is being sent: delete it when that is over")

    def action_contact(self) -> None:
        """Show the contact."""
        conversation = self._of_focus()
        if conversation is None:
            self.notify(_NOTHING, markup=False)
            return
        from smschat.ui.screens.contact import ContactScreen  # noqa: PLC0415 - after the first frame

        self.app.push_screen(ContactScreen(self.desk, conversation))

    async def meant(self) -> Conversation | None:
        """The conversation that a key is meant for; None, and said: there is none."""
        held = self._of_focus()
        conversation = None if held is None else await self._conversation(held.peer)
        if conversation is None:
            self.notify(_NOTHING, markup=False)
        return conversation

    def _of_focus(self) -> Conversation | None:
        peer = self.chats.cursor_peer if self.focused is self.chats or not self.talk.conversation else None
        return self.talk.conversation if peer is None else self.chats.conversation(peer)

    def _is_exploring(self) -> bool:
        """Whether nothing is marked; says so."""
        is_so = self.desk.options.preferences.is_explore
        if is_so:
            self.notify(_EXPLORING, markup=False)
        return is_so

    def say_done(self, words: str) -> None:
        """Say what was done, for a moment."""
        self.notify(words, timeout=_MOMENT_S, markup=False)

    async def _turn(self, flags: Callable[[Conversation], Flags], on: str, off: str) -> None:
        """Turn a mark on or off."""
        meant = await self.meant()
        if meant is not None:
            wanted = flags(meant)
            is_on = any((wanted.pinned, wanted.muted, wanted.archived))
            await self._change(meant, wanted, on if is_on else off)

    async def _change(self, conversation: Conversation, flags: Flags, words: str) -> None:
        try:
            changed = await self.desk.bridge.call(lambda messenger: messenger.keeping.change(conversation.peer, flags))
        except SmschatError as error:
            self.post_message(Sending.Complained(error))
            return
        self.chats.apply(changed)
        self.talk.apply_conversation(changed)
        self.say_done(words)
