"""STOP and START: whether an SMS asks for no more SMS, or for them again.

The rule: the whole text is one of the words, or STOP and one word more; an SMS that only contains one is a sentence
like any other. Case, accents, and what stands around the words do not matter.

Sources: the words that CTIA's Messaging Principles and gateways obey by default (STOP, STOPALL, UNSUBSCRIBE, CANCEL,
END, QUIT, ARRET, ARRETE; START, UNSTOP: https://www.twilio.com/docs/proxy/opt-out-keywords), and those that senders
in European countries print below their SMS (AFMELDEN and UIT in Dutch, STOPP and ABMELDEN in German, BAJA in Spanish,
and their like). A word that is also an everyday answer (seis, alta, basta) is not among them.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Final


class Wish(StrEnum):
    """What an SMS asks for."""

    STOP = "stop"
    START = "start"


# ruff: noqa: RUF001 - words of languages that have other letters

_LINES_OF_STOP: Final = """
    STOP STOPALL STOPSMS UNSUBSCRIBE CANCEL END QUIT OPTOUT REVOKE
    AFMELDEN UIT UITSCHRIJVEN STOPZETTEN
    STOPP ABMELDEN ABBESTELLEN ENDE
    ARRET ARRETE ARRETER DESABONNER DESINSCRIRE DESABONNEMENT
    BAJA PARAR CANCELAR SAIR REMOVER
    ANNULLA CANCELLA DISISCRIVI
    AVSLUTA AVREGISTRERA AFMELD FRAMELD AVMELD
    LOPETA PERUUTA
    WYPISZ REZYGNUJE ODHLASIT ZRUSIT ODJAVA ODJAVI LEIRATKOZAS DEZABONARE
    ΣΤΟΠ ΔΙΑΓΡΑΦΗ СТОП ОТПИСАТЬСЯ ВІДПИСАТИСЯ
"""
_LINES_OF_START: Final = """
    START UNSTOP OPTIN SUBSCRIBE
    AANMELDEN ANMELDEN INSCRIRE ISCRIVIMI TILMELD PAMELD STARTA ALOITA СТАРТ
"""
_STOP: Final = frozenset(_LINES_OF_STOP.split())
_START: Final = frozenset(_LINES_OF_START.split())

_PREFIXES: Final = frozenset({"STOP", "STOPP", "СТОП", "ΣΤΟΠ"})
"""Words behind which one keyword may stand: STOP NEWS."""

_LINES_OF_ORDINARY: Final = """
    IT THAT THIS NOW PLEASE BY BIJ ER DAARMEE MAAR EVEN WITH MET AT IN OP ON HERE HIER THERE DAAR ME MIJ JE YOU HEM HER
    DAS BITTE ES CA LA ICI EN DE QUI ESO YA POR AQUI QUESTO
"""
_ORDINARY: Final = frozenset(_LINES_OF_ORDINARY.split())
"""What one says behind `stop` in a sentence, and which is no keyword."""

_IN_TWO: Final = frozenset({"STOPALL", "STOPSMS", "OPTOUT", "OPTIN"})
"""Words that are often written as two."""

_SHORT: Final = 3
"""Letters; so few apart from each other may be anything."""

_LONGEST: Final = 40
"""Characters; a wish is short."""

_NOT_A_WORD: Final = re.compile(r"[\W_]+")
_KEYWORD: Final = re.compile(r"[A-Z0-9]{3,12}")


def wish_of(text: str) -> Wish | None:
    """What an SMS asks for; None: nothing of the kind."""
    if len(text) > _LONGEST:
        return None
    words = _words(text)
    whole = _whole(words)
    if whole in _STOP:
        return Wish.STOP
    if whole in _START:
        return Wish.START
    if len(words) == 2 and words[0] in _PREFIXES and _is_keyword(words[1], text):  # noqa: PLR2004 - STOP and one more
        return Wish.STOP
    return None


def _whole(words: list[str]) -> str:
    """The one word that it is, also where it stands in two (`STOP ALL`), or letter by letter; else nothing."""
    joined = "".join(words)
    is_one = len(words) == 1 or joined in _IN_TWO or (len(words) == len(joined) and len(words) > _SHORT)
    return joined if is_one else ""


def _is_keyword(word: str, text: str) -> bool:
    """A keyword is written in capitals, as the sender printed it; `stop bellen` is a sentence."""
    return bool(_KEYWORD.fullmatch(word)) and word not in _ORDINARY and text == text.upper()


def _words(text: str) -> list[str]:
    apart = unicodedata.normalize("NFKD", text)
    plain = "".join(char for char in apart if not unicodedata.combining(char))
    return [word for word in _NOT_A_WORD.split(plain.upper()) if word]
