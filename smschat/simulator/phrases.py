"""What the simulator's people say, in Dutch where they are written to in Dutch.

The rule: pure, and the same words for the same words; whatever is quoted is quoted as it came.
"""

from __future__ import annotations

import re
from typing import Final, TypeAlias

Lines: TypeAlias = tuple[str, ...]

STOP: Final = "STOP"

_DUTCH: Final = re.compile(
    r"\b(hoi|hé|hee|hallo|ik|je|jij|jullie|het|een|niet|waar|wanneer|waarom|laat|morgen|vanavond|vandaag|bedankt|dank|dag"
    r"|doei|goed|goede\w+|zie|kom|kun|kan|ben|wel|ook|maar|van|voor|naar|met|dit|dat|oké|graag|tot|straks|leuk|lekker|eten"
    r"|koffie|bel|bellen|hoe|wie|wat|nee|ja|misschien)\b",
    re.IGNORECASE,
)

_GREETING: Final = re.compile(r"\b(hi|hello|hey|hoi|hallo|good (morning|afternoon|evening)|goede\w+)\b", re.IGNORECASE)
_THANKS: Final = re.compile(r"\b(thanks|thank you|thx|bedankt|dank\w*)\b", re.IGNORECASE)
_FAREWELL: Final = re.compile(r"\b(bye|see you|later|doei|dag|tot \w+)\b", re.IGNORECASE)
_CALL: Final = re.compile(r"\b(call|phone|ring|bel|bellen|belt)\b", re.IGNORECASE)
_FOOD: Final = re.compile(r"\b(coffee|lunch|dinner|eat|beer|koffie|eten|lunchen|borrel|pizza)\b", re.IGNORECASE)
_TIME: Final = re.compile(
    r"\b(when|what time|tonight|tomorrow|o'clock|wanneer|hoe laat|vanavond|morgen)\b", re.IGNORECASE
)
_PLACE: Final = re.compile(r"\b(where|address|room|waar|adres|zaal)\b", re.IGNORECASE)
_QUESTION: Final = re.compile(r"\?\s*$")


def is_dutch(text: str) -> bool:
    """Whether it reads as Dutch: one of the commonest words is in it."""
    return _DUTCH.search(text) is not None


_SMALL_TALK: Final[tuple[tuple[re.Pattern[str], tuple[Lines, ...], tuple[Lines, ...]], ...]] = (
    (
        _THANKS,
        (("you're welcome!",), ("any time :-)", "let me know how it went")),
        (("graag gedaan!",), ("geen dank :-)", "laat je weten hoe het ging?")),
    ),
    (
        _CALL,
        (
            ("can't talk right now, I'm on the train", "text is fine though"),
            ("give me ten minutes", "then I'll call you"),
        ),
        (("zit nu in de trein, bellen lukt niet", "maar sms'en gaat prima"), ("over tien minuten bel ik",)),
    ),
    (
        _FOOD,
        (("yes please", "there's a new place on the corner of the Witte de Withstraat", "half past twelve?"),),
        (("ja lekker!", "er zit een nieuw tentje op de hoek van de Witte de Withstraat", "half een?"),),
    ),
    (
        _PLACE,
        (("room 4.12, on the fourth floor", "take the stairs, the lift is slow today"),),
        (("zaal 4.12, vierde verdieping", "neem de trap, de lift doet er lang over vandaag"),),
    ),
    (
        _TIME,
        (
            ("around eight I think", "let me check", "yes, eight works"),
            ("half past nine?", "before that I'm in the gym"),
        ),
        (("een uur of acht denk ik", "even kijken", "ja, acht uur is goed"), ("half tien?", "daarvoor ben ik sporten")),
    ),
    (
        _FAREWELL,
        (("see you!",), ("bye! take care",)),
        (("tot straks!",), ("doei, tot snel",)),
    ),
    (
        _GREETING,
        (
            ("hey you", "good to hear from you", "how did it go yesterday?"),
            ("hi!", "just got in, what's up?"),
        ),
        (
            ("hoi!", "leuk dat je even sms't", "hoe ging het gisteren?"),
            ("hee", "net thuis, wat is er?"),
        ),
    ),
    (
        _QUESTION,
        (
            ("good question", "let me think about that for a second", "I'd say yes"),
            ("not sure", "I'll ask around and get back to you"),
        ),
        (
            ("goeie vraag", "daar moet ik even over nadenken", "ik zou zeggen van wel"),
            ("weet ik niet zeker", "ik vraag het na, je hoort het"),
        ),
    ),
)

_ANYTHING: Final[tuple[Lines, ...]] = (
    ("haha", "that's a good one"),
    ("ok!", "I'll take care of it", "talk later"),
    ("noted :-)",),
    ("sounds like a plan", "I'll bring the cables"),
)

_ANYTHING_DUTCH: Final[tuple[Lines, ...]] = (
    ("haha", "die is goed"),
    ("is goed!", "ik regel het", "spreek je later"),
    ("genoteerd :-)",),
    ("prima plan", "dan neem ik de kabels mee"),
)


def small_talk(text: str, nth: int) -> Lines:
    """One to three lines, each an SMS of its own, on what the text is about."""
    dutch = is_dutch(text)
    for pattern, english_turns, dutch_turns in _SMALL_TALK:
        if pattern.search(text):
            return _turn(dutch_turns if dutch else english_turns, nth)
    return _turn(_ANYTHING_DUTCH if dutch else _ANYTHING, nth)


def _turn(turns: tuple[Lines, ...], nth: int) -> Lines:
    return turns[(nth - 1) % len(turns)]


_OFFICE: Final = (
    "Thank you for your message. We are on it and will come back to you today. Regards, Bakker BV",
    "Noted. Delivery is planned for tomorrow between 9 and 12. Regards, Bakker BV",
    "The invoice is on its way by e-mail. Regards, Bakker BV",
)
_OFFICE_DUTCH: Final = (
    "Dank voor uw bericht. We gaan ermee aan de slag, u hoort vandaag van ons. Groet, Bakker BV",
    "Genoteerd. Levering staat gepland voor morgen tussen 9 en 12. Groet, Bakker BV",
    "De factuur komt per e-mail uw kant op. Groet, Bakker BV",
)


def office(text: str, nth: int) -> str:
    """A brief, polite answer."""
    lines = _OFFICE_DUTCH if is_dutch(text) else _OFFICE
    return lines[(nth - 1) % len(lines)]


_EMOJI: Final = (
    (
        "Yesss 🎉🎉 I was JUST thinking about you!! We're at the beach 🏖️ with the whole family 👨‍👩‍👧‍👦, the sun is "
        "out and the little one had a whole ice cream 🍦 by herself 😂 Come over if you can 🚲💨 we're here till 6!"
    ),
    (
        "Okay okay okay 😄 so the plan: I bring the cake 🎂, you bring the music 🎶, and nobody tells Sam 🤫🤫 "
        "It has to be a surprise 🥳 Half past seven at ours 🏠, ring twice 🔔🔔"
    ),
    "Haha stop it 😂😂😂 I can't breathe 💀 Tell me everything tomorrow ☕️🥐 promise?? 🤙🏽",
)
_EMOJI_DUTCH: Final = (
    (
        "Jaaa 🎉🎉 ik dacht nét aan je!! We zijn op het strand 🏖️ met z'n allen 👨‍👩‍👧‍👦, de zon schijnt ☀️ en de kleine "
        "heeft in haar eentje een heel ijsje op 🍦😂 Kom gezellig langs als je kunt 🚲💨 we zijn hier tot zes uur!"
    ),
    (
        "Oké oké oké 😄 het plan: ik regel de taart 🎂, jij de muziek 🎶, en niemand zegt iets tegen Sam 🤫🤫 "
        "Het moet een verrassing blijven 🥳 Half acht bij ons 🏠, twee keer bellen 🔔🔔"
    ),
    "Haha hou op 😂😂😂 ik kom niet meer bij 💀 Morgen wil ik álles horen ☕️🥐 beloofd?? 🤙🏽",
)


def emoji(text: str, nth: int) -> str:
    """Long, and in UCS-2 for its emoji."""
    lines = _EMOJI_DUTCH if is_dutch(text) else _EMOJI
    return lines[(nth - 1) % len(lines)]


_STORY: Final = (
    "You won't believe what happened. I was on the ferry to Texel, half asleep, when a man next to me opened his bag "
    "and out came a parrot. Not a toy, a real one, green with a yellow head. It looked around, took my sandwich out of "
    "my hand and said, very politely: good afternoon. The whole deck was silent. Then the captain announced that we "
    "were early. Anyway, that's why I was late. Shall we try again on Thursday?"
)
_STORY_DUTCH: Final = (
    "Je gelooft nooit wat er gebeurde. Ik zat half te slapen op de boot naar Texel toen een man naast me zijn tas "
    "opendeed, en daar kwam een papegaai uit. Geen speelgoed, een echte, groen met een gele kop. Hij keek rond, pakte "
    "mijn boterham uit mijn hand en zei heel beleefd: goedemiddag. Het hele dek was stil. Toen riep de kapitein om dat "
    "we te vroeg waren. Enfin, daarom was ik dus te laat. Zullen we donderdag nog eens proberen?"
)


def story(text: str, nth: int) -> str:
    """GSM text of three parts or more."""
    told = _STORY_DUTCH if is_dutch(text) else _STORY
    again = "" if nth == 1 else f" (Did I tell you this before? It was the {nth}th time today.)"
    return told + again


_ARABIC: Final = (
    "أهلاً! نعم، الموعد في الثامنة مساءً. أراك عند المحطة 🌙",
    "شكراً جزيلاً، وصلت الرسالة.",
    "تمام، سأرسل لك العنوان بعد قليل.",
)


def arabic(nth: int) -> str:
    """A line from right to left."""
    return _ARABIC[(nth - 1) % len(_ARABIC)]


_QUOTED: Final = 60

_OWN_PHONE: Final = ("It arrived on my own phone: ", "And so did this one: ")
_OWN_PHONE_DUTCH: Final = ("Op mijn eigen telefoon aangekomen: ", "En deze ook: ")


def own_phone(text: str, nth: int) -> str:
    """The account's own phone, in its owner's hand; it quotes the first 60 characters."""
    begin = (_OWN_PHONE_DUTCH if is_dutch(text) else _OWN_PHONE)[0 if nth == 1 else 1]
    quoted = text if len(text) <= _QUOTED else text[: _QUOTED - 3] + "..."
    return f'{begin}"{quoted}"'
