"""Who says STOP is not written to unasked, and who says stop in a sentence is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smschat.domain.opt_out import Wish, wish_of

STOPS = (
    "STOP", "stop", " Stop. ", "STOP!", "«stop»", "STOPALL", "Stop all", "STOP SMS",
    "S.T.O.P.", "Uit", "unsubscribe", "Cancel", "END",
    "quit", "opt-out", "Afmelden", "uitschrijven", "Stopp", "ABMELDEN", "Arrêt", "arrête", "désabonner", "Baja",
    "parar", "SAIR", "annulla", "Avsluta", "Lopeta", "Wypisz", "ODHLÁSIT", "Zrušit", "leiratkozás", "стоп", "ΔΙΑΓΡΑΦΉ",
    "STOP NEWS", "STOP 4411", "\N{FULLWIDTH LATIN CAPITAL LETTER S}top",
)  # fmt: skip

NOTHING = (
    "", " ", "stop it", "STOP IT", "please stop calling", "stop bellen", "the end",
    "en de", "al to", "uit!?x", "seis", "alta", "Basta!", "I cancel at 8",
    "stop?now?ok", "non-stop", "bus stop 12", "stopped", "STOP NEWS NOW", "Stop, I mean it", "start at 8", "yes",
    "Stop\nsee you at 8", "STOP " + "X" * 30,
)  # fmt: skip


@pytest.mark.parametrize("text", STOPS)
def test_a_word_that_says_stop_is_understood(text: str) -> None:
    assert wish_of(text) is Wish.STOP


@pytest.mark.parametrize("text", NOTHING)
def test_a_sentence_is_no_wish(text: str) -> None:
    assert wish_of(text) is None


@pytest.mark.parametrize("text", ["START", "unstop", "Aanmelden.", "opt in", "Anmelden"])
def test_a_word_that_says_start_is_understood(text: str) -> None:
    assert wish_of(text) is Wish.START


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    assert wish_of(text) in {None, Wish.STOP, Wish.START}
