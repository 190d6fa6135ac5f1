"""The verbs of the profile: its token, its duties, who owns them, and what the gateway was told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from smschat.store import loans, profile
from smschat.store.database import set_checkpointing
from smschat.store.desk import OUTBOX, Desk
from smschat.store.locks import Lock

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from smschat.domain.account import Loan, Owner, Registration


class Duties(Desk):
    """What the runtime and the account ask for."""

    async def path_token(self) -> str:
        """22 characters of base64url (128 random bits), made once per profile."""
        return await self._write(profile.path_token)

    async def own(self, duty: str) -> bool:
        """Try to own a duty (`receiving`) for the life of this process; True while owned by us."""
        if duty in self._duties:
            return True
        lock = Lock.take(self._files.duty(duty))
        if lock is None:
            return False
        self._duties[duty] = lock
        await self._checkpoint_while_owner(duty)
        return True

    async def disown(self, duty: str) -> None:
        """Give a duty back; nothing happens when it is not ours."""
        if duty not in self._duties:
            return
        lock = self._duties[duty]
        if duty == OUTBOX:
            await self.publish_owner(None)
        del self._duties[duty]
        try:
            await self._checkpoint_while_owner(duty)
        finally:
            lock.release()

    async def _checkpoint_while_owner(self, duty: str) -> None:
        if duty == OUTBOX:
            is_ours = duty in self._duties
            await self._opened.writer_db.run(lambda db: set_checkpointing(db, on=is_ours))

    async def publish_owner(self, owner: Owner | None) -> None:
        """Who owns `receiving`, for other processes to read; None takes back what we said."""
        await self._write(lambda work: profile.publish_owner(work, owner))

    async def owner(self) -> Owner | None:
        """Who owns `receiving`; None when nobody alive does."""
        said = await self._read(profile.owner)
        if said is None:
            return None
        holder, owner = said
        is_owner = OUTBOX in self._duties if holder == self.holder else self._files.is_alive(holder)
        return owner if is_owner else None

    async def save_registration(self, registration: Registration) -> None:
        """What the gateway was told last."""
        await self._write(lambda work: profile.save_registration(work, registration))

    async def registration(self) -> Registration | None:
        """What the gateway was told last; None when never."""
        return await self._read(profile.registration)

    async def save_loan(self, loan: Loan) -> None:
        """Keep a borrowed callback address, before ours takes its place; one for each number, the newest counts."""
        await self._write(lambda work: loans.save(work, loan))

    async def loans(self) -> list[Loan]:
        """What is borrowed or owed, the oldest first."""
        return await self._read(loans.every)

    async def end_loan(self, number: str) -> None:
        """It was given back; does nothing where nothing was borrowed."""
        await self._write(lambda work: loans.end(work, number))

    async def save_own_numbers(self, numbers: Sequence[str]) -> None:
        """The account's own virtual numbers that can carry SMS, as the gateway listed them last."""
        await self._write(lambda work: profile.save_own_numbers(work, numbers))

    async def own_numbers(self) -> list[str]:
        """What was kept last; empty when never."""
        return await self._read(profile.own_numbers)

    async def last_quota(self) -> Mapping[str, str]:
        """The quota headers that the newest answer brought, as KPN names them; empty when none did."""
        return await self._read(profile.last_quota)

    async def last_balance(self) -> str | None:
        """The balance that the newest answer told; None when none did."""
        return await self._read(lambda db: profile.value(db, profile.BALANCE))
