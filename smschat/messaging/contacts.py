"""Contacts: names and notes for numbers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from smschat.domain.conversation import Contact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from smschat.messaging.ports import Store


class Contacts:
    """The verbs of contacts; peers are digits with country code, or names as they came."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def every(self) -> list[Contact]:
        """Everybody with a name, by name."""
        return await self._store.contacts()

    async def of(self, peer: str) -> Contact | None:
        """One contact, None if there is none."""
        return await self._store.contact(peer)

    async def save(self, peer: str, *, name: str | None = None, notes: str | None = None) -> Contact:
        """Keep a name or notes; None: stays as it is."""
        held = await self._store.contact(peer) or Contact(peer=peer, name="")
        new = replace(held, name=held.name if name is None else name, notes=held.notes if notes is None else notes)
        await self._store.save_contacts([new])
        return new

    async def take(self, contacts: Sequence[Contact]) -> int:
        """Keep many at once; notes that a contact has stay where the new one has none. How many changed."""
        held = {contact.peer: contact for contact in await self._store.contacts()}
        new = [
            replace(contact, notes=contact.notes or held[contact.peer].notes) if contact.peer in held else contact
            for contact in contacts
        ]
        return await self._store.save_contacts(new)

    async def remove(self, peer: str) -> bool:
        """Forget name and notes; the conversation stays. False: there was none."""
        return await self._store.remove_contact(peer)
