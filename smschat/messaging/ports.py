"""What the messenger needs of a store: its protocol, without a row id in it; that of a gateway is in `gateway_port`.

Every write commits before it returns. Times are aware UTC datetimes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from smschat.messaging.archive_port import Archives

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from smschat.domain.account import Loan, Owner, Registration
    from smschat.domain.callbacks import KeptCallback, Meaning, RawCallback, Taken
    from smschat.domain.changes import Change
    from smschat.domain.conversation import Contact, Conversation, Filter, Flags, Totals
    from smschat.domain.delivery import Verdict
    from smschat.domain.details import SmsDetails
    from smschat.domain.finding import Hit, Person
    from smschat.domain.sms import Attempt, NewSms, Sms


class Reads(Protocol):
    """What is read of conversations and SMS."""

    async def conversations(
        self, *, limit: int = 100, after: Conversation | None = None, wanted: Filter | None = None
    ) -> list[Conversation]:
        """Pinned first, then newest activity first; `after` is the last one of the page before. None: the active."""
        ...

    async def conversation(self, peer: str) -> Conversation | None:
        """One conversation, None if there is none."""
        ...

    async def totals(self) -> Totals:
        """Chats that are not archived, and the unread SMS in them."""
        ...

    async def transcript(
        self, peer: str, *, before: int | None = None, after: int | None = None, limit: int = 200
    ) -> list[Sms]:
        """At most `limit` SMS, oldest first: the newest, those just before a `seq`, or those just after one."""
        ...

    async def inbound(self, *, peer: str | None = None, before: int | None = None, limit: int = 200) -> list[Sms]:
        """At most `limit` inbound SMS, newest first, of one peer or of all; those just before a `seq`."""
        ...

    async def sms(self, sms_id: str) -> Sms | None:
        """One SMS, None if there is none."""
        ...

    async def sms_many(self, ids: Sequence[str]) -> list[Sms]:
        """Those that exist, in the order asked for."""
        ...

    async def details(self, sms_id: str) -> SmsDetails | None:
        """One SMS with its attempts, receipts and callbacks; None if there is none."""
        ...

    async def callbacks(self, *, before: int | None = None, limit: int = 50) -> list[KeptCallback]:
        """At most `limit` callbacks of the log, newest first; those just before an id."""
        ...

    async def callback(self, callback_id: str) -> KeptCallback | None:
        """One callback of the log; None if there is none, or the text is no id."""
        ...

    async def part_price(self, peer: str) -> str | None:
        """What a part cost last in the network that this peer was last seen in, decimals as text; None: not known.

        Where its network is not known: what a part to this very peer cost last.
        """
        ...

    async def written_to(self, prefix: str) -> list[str]:
        """Peers whose number begins with these digits and to whom an SMS was sent that was not refused."""
        ...


class Finds(Protocol):
    """What is looked for."""

    async def search(
        self, query: str, *, peer: str | None = None, before: int | None = None, limit: int = 50
    ) -> list[Hit]:
        """At most `limit` SMS, newest first, those just before a `seq`; case and accents aside.

        Every word must be in the text, the last one as the beginning of a word; words in double quotes stand together,
        and a word behind a `-` must not be there. A query without a word finds nothing. Never raises for its form.
        """
        ...

    async def place_at(self, peer: str, moment: datetime) -> int | None:
        """The `seq` of the conversation's first SMS at that moment or later; None: there is none."""
        ...

    async def next_unread(self, after: str | None = None) -> Conversation | None:
        """The first unread active conversation below this peer's in the list, else from the top; not muted ones first.

        None: none is unread but perhaps this peer's own.
        """
        ...

    async def people(self) -> list[Person]:
        """Every conversation, newest activity first, then contacts without one by name; blocked ones left out."""
        ...


class Keeps(Protocol):
    """What is kept of a conversation beside its SMS."""

    async def set_flags(self, peer: str, flags: Flags) -> Conversation | None:
        """Change what is not None; None: no such conversation. Blocking archives, and unblocking returns it."""
        ...

    async def mark_all_read(self) -> int:
        """Nothing is new any more, and no mark of unread is left; how many conversations that changed."""
        ...

    async def contacts(self) -> list[Contact]:
        """Everybody with a name, by name."""
        ...

    async def contact(self, peer: str) -> Contact | None:
        """One contact, None if there is none."""
        ...

    async def save_contacts(self, contacts: Sequence[Contact]) -> int:
        """Keep them, also in their conversations; those that were there are overwritten. How many changed."""
        ...

    async def remove_contact(self, peer: str) -> bool:
        """Forget name and notes; the conversation stays. False: there was none."""
        ...

    async def delete_sms(self, sms_id: str) -> bool:
        """Delete one for good; False: there is none, or it is under way (`sending`, or `queued` and not held).

        What the gateway delivers again does not bring it back, and its callbacks lose their bodies.
        """
        ...

    async def delete_conversation(self, peer: str) -> int:
        """Delete it with its SMS, draft and sender for good; how many SMS. The contact stays.

        Raises:
            RefusedHereError: an SMS in it is under way.
        """
        ...

    async def open_conversation(self, peer: str, *, name: str | None = None) -> Conversation:
        """The conversation, made if there is none; a name is set if given."""
        ...

    async def save_draft(self, peer: str, draft: str) -> None:
        """Keep the draft; an empty one clears it. Does not reorder the list."""
        ...

    async def save_sender(self, peer: str, sender: str | None) -> None:
        """Keep the sender ID chosen for a conversation; None: as the settings have it. Does not reorder the list."""
        ...

    async def mark_read(self, peer: str, upto: int) -> None:
        """Everything of the peer up to this `seq` is read; never goes backwards."""
        ...


class Sends(Protocol):
    """The outbox on disk: what is due, what is tried, and what it came to."""

    async def scheduled(self) -> list[Sms]:
        """Those that wait for their time, the next one first."""
        ...

    async def cancel(self, sms_id: str) -> Sms | None:
        """Delete a `scheduled` SMS; as it was, or None when it is not scheduled (any more)."""
        ...

    async def reschedule(self, sms_id: str, send_at: datetime) -> Sms | None:
        """Another time for a `scheduled` SMS; None when it is not scheduled (any more)."""
        ...

    async def add_outbound(self, sms: NewSms, *, clear_draft: bool = False) -> Sms:
        """Write it down as `queued`, or as `scheduled` where it has a time.

        The conversation's draft is cleared in the same transaction when asked.
        """
        ...

    async def due(self, *, limit: int = 20) -> list[Sms]:
        """Queued SMS that this process may send now, in the order they were written; `scheduled` ones become queued.

        A scheduled one that is more than an hour late becomes held, with the reason: nobody was there to send it.

        Not those held, not those claimed by another process, not those whose next try lies ahead.
        """
        ...

    async def next_due_at(self) -> datetime | None:
        """When the next waiting or scheduled SMS may be tried; None if none waits for the clock."""
        ...

    async def begin_attempt(self, sms_id: str) -> Attempt | None:
        """Mark a queued SMS `sending` and open an attempt for it; None if it is not ours to send (any more)."""
        ...

    async def finish_attempt(self, ref: str, verdict: Verdict) -> Sms:
        """Carry out the verdict; a receipt that came first wins over a lower rank."""
        ...

    async def withdraw(self, sms_id: str, reason: str) -> Sms | None:
        """`queued` becomes `refused` for good; None if it was no longer queued."""
        ...

    async def hold(self, sms_id: str, reason: str) -> Sms | None:
        """A queued SMS waits for the user and not for the clock."""
        ...

    async def release(self, sms_id: str) -> Sms | None:
        """A held SMS is due at once."""
        ...

    async def repeat(self, sms_id: str) -> Sms | None:
        """The user repeats an `unknown` SMS and knows that it may arrive twice: queued, with that consent."""
        ...

    async def reserve_pace(self, segments: int, per_second: float) -> float:
        """Take the next place in the profile's sending rate, across processes; seconds to wait for it."""
        ...

    async def segments_since(self, since: datetime) -> int:
        """Segments of outbound SMS that were not refused, since then."""
        ...

    async def settle_orphans(self) -> int:
        """What dead processes left: `sending` becomes `unknown`, claimed and never tried becomes `refused`."""
        ...


class Receives(Protocol):
    """What the listener hands over."""

    async def take_callback(self, raw: RawCallback, meaning: Meaning) -> Taken:
        """The raw callback and what it means, in one transaction."""
        ...

    async def show_partials(self, *, older_than: datetime) -> datetime | None:
        """Long inbound SMS that wait since before then are shown with their gaps; when to look again, or None."""
        ...


class Owns(Protocol):
    """The profile: its path token, who owns a duty, and what the gateway was told."""

    async def path_token(self) -> str:
        """22 characters of base64url (128 random bits), made once per profile."""
        ...

    async def own(self, duty: str) -> bool:
        """Try to own a duty (`receiving`) for the life of this process; True while owned by us."""
        ...

    async def disown(self, duty: str) -> None:
        """Give a duty back."""
        ...

    async def publish_owner(self, owner: Owner | None) -> None:
        """Who owns `receiving`, for other processes to read."""
        ...

    async def owner(self) -> Owner | None:
        """Who owns `receiving`; None when nobody alive does."""
        ...

    async def save_registration(self, registration: Registration) -> None:
        """What the gateway was told last."""
        ...

    async def registration(self) -> Registration | None:
        """What the gateway was told last; None when never."""
        ...

    async def save_loan(self, loan: Loan) -> None:
        """Keep a borrowed callback address, before ours takes its place; one for each number, the newest counts."""
        ...

    async def loans(self) -> list[Loan]:
        """What is borrowed or owed, the oldest first."""
        ...

    async def end_loan(self, number: str) -> None:
        """It was given back; does nothing where nothing was borrowed."""
        ...

    async def save_own_numbers(self, numbers: Sequence[str]) -> None:
        """The account's own virtual numbers that can carry SMS, as the gateway listed them last."""
        ...

    async def own_numbers(self) -> list[str]:
        """What was kept last; empty when never."""
        ...

    async def last_quota(self) -> Mapping[str, str]:
        """The quota headers that the newest answer brought, as KPN names them; empty when none did."""
        ...

    async def last_balance(self) -> str | None:
        """The balance that the newest answer told; None when none did."""
        ...


class Store(Reads, Finds, Keeps, Sends, Receives, Owns, Archives, Protocol):
    """Conversations, SMS and callbacks on disk; one writing connection for each process."""

    @property
    def holder(self) -> str:
        """This process's name in claims; an OS lock of the same name lives as long as the process."""
        ...

    def subscribe(self, hear: Callable[[tuple[Change, ...]], None]) -> Callable[[], None]:
        """Hear of rows that changed, in the order of their revisions, ours and those of other processes alike.

        `hear` is called on the store's own event loop and must not block. Returns the way to stop.
        """
        ...
