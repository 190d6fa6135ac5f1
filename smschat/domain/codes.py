"""What the gateway's codes mean: the status of a send, the status of a receipt and its error code, in plain sentences.

Three tables and a look-up for each; a code that is in none is shown as it came, with the gateway's own words.

Sources: KPN "SMS - Vonage" 1.1.1 and Vonage's SMS API (send status, receipt status, receipt error codes); sentences and
hints are ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from smschat.domain.text import shown

_LONGEST_WORDS = 200


class Retry(Enum):
    """Whether the same SMS may be tried again.

    `WAIT`: throttled, nothing was taken, every SMS waits. `TWICE`: by itself, at most twice. `BY_HAND`: the user may
    repeat it as it is. `NO`: something has to change first.
    """

    WAIT = "wait"
    TWICE = "twice"
    BY_HAND = "by_hand"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a code means.

    Attributes:
        name: as the gateway's documents call it.
        sentence: what happened, for the reader; without a full stop.
        hint: what the reader can do; empty when there is nothing.
    """

    name: str
    sentence: str
    hint: str = ""
    retry: Retry = Retry.NO

    @property
    def line(self) -> str:
        """What happened and what to do, on one line."""
        return f"{self.sentence}; {self.hint}" if self.hint else self.sentence


def send_status(code: str, error_text: str | None = None) -> Meaning:
    """Meaning of a part's `status` in the answer to a send.

    Args:
        code: as the gateway wrote it; empty when it was missing, which is never a success.
        error_text: the gateway's own words; shown where the code is not known.
    """
    return _SEND.get(code.strip()) or _unknown("status", code, error_text)


def receipt_status(word: str) -> Meaning:
    """Meaning of a receipt's `status`, in any case of letters; a word that is not known moves nothing."""
    return _RECEIPT_STATUS.get(word.strip().lower()) or _unknown("status", word, None)


def receipt_error(code: str) -> Meaning:
    """Meaning of a receipt's `err-code`."""
    return _RECEIPT.get(code.strip()) or _unknown("error", code, None)


def _unknown(what: str, code: str, words: str | None) -> Meaning:
    number = shown(code.strip(), multiline=False, limit=20)
    said = shown((words or "").strip(), multiline=False, limit=_LONGEST_WORDS)
    if not number and not said:
        return Meaning(name=what, sentence=f"the gateway gave no {what} code")
    sentence = f"the gateway gave {what} code {number}" if number else f"the gateway gave no {what} code"
    return Meaning(
        name=f"{what} {number}".rstrip(),
        sentence=f"{sentence}: {said}" if said else f"{sentence}, which is not in its list",
        hint="look the code up in the documentation of KPN's API store, or ask its support",
    )


_ASK_KPN = "ask the support of KPN's API store; your own keys are not the cause"

_SEND = {
    "0": Meaning(name="Success", sentence="the gateway accepted it"),
    "1": Meaning(
        name="Throttled",
        sentence="sent faster than the account allows",
        hint="a lower `rate` avoids it",
        retry=Retry.WAIT,
    ),
    "2": Meaning(
        name="Missing parameters",
        sentence="the sender, the recipient or the text is missing",
        hint="fill it in and send again",
    ),
    "3": Meaning(
        name="Invalid parameters",
        sentence="the gateway cannot use one of the values",
        hint="check sender, recipient and options, then send again",
    ),
    "4": Meaning(name="Invalid credentials", sentence="the gateway's own account at Vonage is refused", hint=_ASK_KPN),
    "5": Meaning(
        name="Internal error",
        sentence="the platform had an internal error; nothing was sent",
        hint="repeat it by hand in a while",
        retry=Retry.BY_HAND,
    ),
    "6": Meaning(
        name="Invalid message",
        sentence="the platform cannot process it, often because the number's prefix is unknown",
        hint="check the recipient's number and its country code",
    ),
    "7": Meaning(
        name="Number barred",
        sentence="the recipient is on a block list",
        hint="nothing reaches this number; use another one",
    ),
    "8": Meaning(name="Partner account barred", sentence="the account is suspended", hint=_ASK_KPN),
    "9": Meaning(
        name="Partner quota violation",
        sentence="the account has no credit left",
        hint="top up or raise the limit in KPN's API store, then send again",
    ),
    "10": Meaning(
        name="Too many existing binds",
        sentence="too many connections to the platform are open",
        hint="close other programs that send with this account",
        retry=Retry.WAIT,
    ),
    "11": Meaning(
        name="Account not enabled for HTTP", sentence="the account may not send over this interface", hint=_ASK_KPN
    ),
    "12": Meaning(
        name="Message too long",
        sentence="the SMS is too long",
        hint="shorten it; a binary SMS has at most 140 octets with its header",
    ),
    "13": Meaning(
        name="Communication failed",
        sentence="the platform could not pass it on; nothing was sent",
        hint="it may go out later",
        retry=Retry.TWICE,
    ),
    "14": Meaning(name="Invalid signature", sentence="the request's signature is refused", hint=_ASK_KPN),
    "15": Meaning(
        name="Invalid sender address",
        sentence="this sender is not allowed for this destination",
        hint="use a number of your own as `sender`; names are refused in the US and Canada among others",
    ),
    "16": Meaning(
        name="Invalid TTL",
        sentence="the time to live is out of range",
        hint="use 20 seconds to 7 days",
    ),
    "17": Meaning(
        name="Number unreachable", sentence="the recipient cannot be reached", hint="check the recipient's number"
    ),
    "18": Meaning(
        name="Too many destinations", sentence="the request names too many recipients", hint="send to fewer at a time"
    ),
    "19": Meaning(
        name="Facility not allowed",
        sentence="the account may not use this feature",
        hint="have it enabled in KPN's API store, or send a plain text",
    ),
    "20": Meaning(name="Invalid message class", sentence="no such message class", hint="use class 0, 1, 2 or 3"),
    "22": Meaning(
        name="Invalid network code",
        sentence="the recipient's network is not known",
        hint="check the recipient's number",
    ),
    "23": Meaning(
        name="Invalid callback URL",
        sentence="the callback address is refused",
        hint="it must be HTTPS, at most 100 characters and without odd ones; check `public_url`",
    ),
    "29": Meaning(
        name="Non-whitelisted destination",
        sentence="a test account may only text numbers on its list",
        hint="add the recipient to the test numbers in KPN's API store, or move the project to production",
    ),
    "32": Meaning(
        name="Signature and API secret disallowed",
        sentence="the request was signed and had a secret too",
        hint=_ASK_KPN,
    ),
    "33": Meaning(
        name="Number de-activated",
        sentence="the recipient's number is no longer in use",
        hint="ask the recipient for the new number",
    ),
    "34": Meaning(
        name="Invalid or missing msisdn",
        sentence="the recipient's number is missing or not valid",
        hint="check the number and its country code",
    ),
    "101": Meaning(name="Invalid account for campaign", sentence="no such campaign for this account", hint=_ASK_KPN),
    "102": Meaning(
        name="Invalid campaign",
        sentence="the campaign of a short code is not valid",
        hint="send from a number of yours",
    ),
    "103": Meaning(
        name="Invalid campaign recipient",
        sentence="the recipient does not take part in this campaign",
        hint="send from a number of yours",
    ),
}

_LATER = "send it again later"
_CHECK_NUMBER = "check the recipient's number"
_ASK_RECIPIENT = "ask the recipient, who may have it changed at the carrier"

_RECEIPT_STATUS = {
    "accepted": Meaning(name="Accepted", sentence="the carrier took it", hint="wait: it is not delivered yet"),
    "buffered": Meaning(
        name="Buffered",
        sentence="the carrier keeps it and tries again",
        hint="wait: the telephone may be off or without coverage",
    ),
    "delivered": Meaning(name="Delivered", sentence="it was delivered"),
    "expired": Meaning(
        name="Expired",
        sentence="it was not delivered in time, and is not tried any more",
        hint="send it again when the recipient can be reached",
        retry=Retry.BY_HAND,
    ),
    "failed": Meaning(name="Failed", sentence="it was not delivered", hint="see its error code"),
    "rejected": Meaning(name="Rejected", sentence="the carrier refused it", hint="see its error code"),
    "unknown": Meaning(
        name="Unknown",
        sentence="the carrier says nothing of use",
        hint="wait: another receipt may follow; what is known already stays",
    ),
}

_RECEIPT = {
    "0": Meaning(name="Delivered", sentence="no error"),
    "1": Meaning(name="Unknown", sentence="the carrier gave no reason", hint="sending it again rarely helps"),
    "2": Meaning(
        name="Absent subscriber, temporary",
        sentence="the recipient's telephone was off or without coverage",
        hint=_LATER,
        retry=Retry.BY_HAND,
    ),
    "3": Meaning(
        name="Absent subscriber, permanent",
        sentence="the recipient's number is no longer in use",
        hint="ask for the new number",
    ),
    "4": Meaning(
        name="Call barred by user", sentence="the recipient has barred such messages", hint="reach them another way"
    ),
    "5": Meaning(
        name="Portability error",
        sentence="the number moved to another carrier and could not be routed",
        hint="ask KPN's support to correct the route",
    ),
    "6": Meaning(
        name="Anti-spam rejection",
        sentence="the carrier took it for spam",
        hint="change the wording, links above all, or the sender",
    ),
    "7": Meaning(name="Handset busy", sentence="the recipient's telephone was busy", hint=_LATER, retry=Retry.BY_HAND),
    "8": Meaning(name="Network error", sentence="the network had an error", hint=_LATER, retry=Retry.BY_HAND),
    "9": Meaning(
        name="Illegal number",
        sentence="the recipient has refused messages of this kind",
        hint="do not write to this number again unless the recipient asks for it",
    ),
    "10": Meaning(
        name="Illegal message",
        sentence="the carrier cannot handle the message, often because of its encoding",
        hint="send it as plain text, or as unicode where it has special characters",
    ),
    "11": Meaning(name="Unroutable", sentence="there is no route to this number", hint=_CHECK_NUMBER),
    "12": Meaning(name="Destination unreachable", sentence="the number cannot be reached", hint=_CHECK_NUMBER),
    "13": Meaning(
        name="Subscriber age restriction",
        sentence="the recipient's age does not allow this content",
        hint=_ASK_RECIPIENT,
    ),
    "14": Meaning(name="Number blocked by carrier", sentence="the carrier blocks this number", hint=_ASK_RECIPIENT),
    "15": Meaning(
        name="Prepaid, insufficient funds",
        sentence="the recipient's prepaid card is empty",
        hint=_ASK_RECIPIENT,
    ),
    "16": Meaning(
        name="Gateway quota exceeded",
        sentence="the gateway's quota is used up",
        hint=_LATER,
        retry=Retry.BY_HAND,
    ),
    "50": Meaning(name="Entity filter", sentence="the sender's entity is not registered (India)", hint=_ASK_KPN),
    "51": Meaning(name="Header filter", sentence="the sender ID is not registered (India)", hint=_ASK_KPN),
    "52": Meaning(name="Content filter", sentence="the text is not registered (India)", hint=_ASK_KPN),
    "53": Meaning(name="Consent filter", sentence="the recipient's consent is not registered (India)", hint=_ASK_KPN),
    "54": Meaning(name="Regulation error", sentence="a regulation of the country forbids it", hint=_ASK_KPN),
    "95": Meaning(name="Unknown", sentence="the gateway does not say what code 95 means", hint=_ASK_KPN),
    "99": Meaning(
        name="General error",
        sentence="the route to the recipient had an error",
        hint="ask KPN's support if it happens more than once",
    ),
}
