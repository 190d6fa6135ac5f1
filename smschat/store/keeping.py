"""The verbs that keep order: marks, contacts, places, what is scheduled, what is deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.store.desk import Desk
from smschat.store.times import to_us

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from smschat.domain.conversation import Contact, Conversation, Flags
    from smschat.domain.finding import Person
    from smschat.domain.sms import Sms


class Keeping(Desk):
    """What is loaded when somebody asks for it; a list of conversations is read without it."""

    async def set_flags(self, peer: str, flags: Flags) -> Conversation | None:
        """Change what is not None; None: no such conversation. Blocking archives, and unblocking returns it."""
        from smschat.store import flags as marks  # noqa: PLC0415 - as above

        return await self._write(lambda work: marks.change(work, peer, flags))

    async def mark_all_read(self) -> int:
        """Nothing is new any more, and no mark of unread is left; how many conversations that changed."""
        from smschat.store import flags  # noqa: PLC0415 - as above

        return await self._write(flags.mark_all_read)

    async def contacts(self) -> list[Contact]:
        """Everybody with a name, by name."""
        from smschat.store import contact_rows  # noqa: PLC0415 - as above

        return await self._read(contact_rows.every)

    async def contact(self, peer: str) -> Contact | None:
        """One contact, None if there is none."""
        from smschat.store import contact_rows  # noqa: PLC0415 - as above

        return await self._read(lambda db: contact_rows.get(db, peer))

    async def save_contacts(self, contacts: Sequence[Contact]) -> int:
        """Keep them, also in their conversations; those that were there are overwritten. How many changed."""
        from smschat.store import contact_rows  # noqa: PLC0415 - as above

        return await self._write(lambda work: contact_rows.save(work, contacts))

    async def remove_contact(self, peer: str) -> bool:
        """Forget name and notes; the conversation stays. False: there was none."""
        from smschat.store import contact_rows  # noqa: PLC0415 - as above

        return await self._write(lambda work: contact_rows.remove(work, peer))

    async def delete_sms(self, sms_id: str) -> bool:
        """Delete one for good; False: there is none, or it is under way."""
        from smschat.store import deleting  # noqa: PLC0415 - as above

        return await self._write(lambda work: deleting.sms(work, sms_id))

    async def delete_conversation(self, peer: str) -> int:
        """Delete it with its SMS, draft and sender for good; how many SMS. The contact stays.

        Raises:
            RefusedHereError: an SMS in it is under way.
        """
        from smschat.store import deleting  # noqa: PLC0415 - as above

        return await self._write(lambda work: deleting.conversation(work, peer))

    async def place_at(self, peer: str, moment: datetime) -> int | None:
        """The `seq` of the conversation's first SMS at that moment or later; None: there is none."""
        from smschat.store import places  # noqa: PLC0415 - as above

        return await self._read(lambda db: places.place_at(db, peer, to_us(moment)))

    async def next_unread(self, after: str | None = None) -> Conversation | None:
        """The first unread active conversation below this peer's in the list, else from the top; muted ones last."""
        from smschat.store import places  # noqa: PLC0415 - as above

        return await self._read(lambda db: places.next_unread(db, after))

    async def people(self) -> list[Person]:
        """Every conversation, newest activity first, then contacts without one by name; blocked ones left out."""
        from smschat.store import places  # noqa: PLC0415 - as above

        return await self._read(places.people)

    async def scheduled(self) -> list[Sms]:
        """Those that wait for their time, the next one first."""
        from smschat.store import schedule  # noqa: PLC0415 - as above

        return await self._read(schedule.every)

    async def cancel(self, sms_id: str) -> Sms | None:
        """Delete a `scheduled` SMS; as it was, or None when it is not scheduled (any more)."""
        from smschat.store import deleting  # noqa: PLC0415 - as above

        return await self._write(lambda work: deleting.scheduled(work, sms_id))

    async def reschedule(self, sms_id: str, send_at: datetime) -> Sms | None:
        """Another time for a `scheduled` SMS; None when it is not scheduled (any more)."""
        from smschat.store import schedule  # noqa: PLC0415 - as above

        return await self._write(lambda work: schedule.reschedule(work, sms_id, to_us(send_at)))
