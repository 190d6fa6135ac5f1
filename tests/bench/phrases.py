"""What people of a made-up world are called and what they write: Dutch and English, short and long, plain and emoji."""

# ruff: noqa: RUF001 - typographic characters are what forces UCS-2

from __future__ import annotations

from typing import Final

FIRST_NAMES: Final = (
    "Anna", "Bram", "Carlijn", "Daan", "Emma", "Fleur", "Gijs", "Hanna", "Iris", "Jasper", "Kees", "Lotte", "Maud",
    "Niels", "Olivia", "Pieter", "Quinten", "Roos", "Sander", "Tess", "Umar", "Vera", "Willem", "Xander", "Yara",
    "Zoë", "Noor", "Mees", "Lieke", "Sem", "Fenna", "Thijs", "Aisha", "Youssef", "Fatima", "Mehmet", "José", "Chloé",
    "Søren", "Zuzanna",
)  # fmt: skip
LAST_NAMES: Final = (
    "de Vries", "Jansen", "Bakker", "Visser", "Smit", "Meijer", "de Boer", "Mulder", "de Groot", "Bos", "Vos",
    "Peters", "Hendriks", "van Leeuwen", "Dekker", "Brouwer", "de Wit", "Dijkstra", "Smits", "de Graaf", "van der Meer",
    "Kok", "Jacobs", "van Vliet", "Vermeulen", "van den Heuvel", "van Dijk", "Yılmaz", "El Amrani", "Nguyễn",
)  # fmt: skip
SENDERS: Final = ("PostNL", "KPN", "DigiD", "Belasting", "NS", "Bol", "Tandarts", "Gemeente", "Thuisbezorg", "ANWB")
"""Alphanumeric senders, whom nobody can answer."""

PLACES: Final = ("Utrecht", "Delft", "room 4.12", "het station", "Café Noord", "de Markt", "Groningen", "the lobby")
THINGS: Final = ("order", "ticket", "invoice", "pakket", "sleutel", "demo", "offerte", "fiets", "laptop", "report")
TIMES: Final = ("8:15", "half negen", "noon", "three", "vijf uur", "17:45", "tonight", "morgen", "next Tuesday")

PHRASES: Final = (
    "ok", "Ja!", "nee", "👍", "thanks", "prima", "top", "on my way", "ben onderweg", "see you at {time}",
    "hoi {name}, gaat het door?", "is the {thing} still on?", "Kun je me bellen?", "can you call me?",
    "Ik ben er om {time}, bij {place}.", "The {thing} is ready at {place}, code {number}.",
    "Je code is {number}. Deel deze met niemand.", "Your {thing} {number} arrives {time} 📦",
    "{name} vraagt of de {thing} al binnen is; zo niet dan belt ze morgen zelf even met {place}.",
    "Goedemorgen {name}, de afspraak van {time} gaat niet door. Kun je ook om {time}?",
    "perfect  https://maps.example/{number}", "€ {number},50 overgemaakt, bedankt nog!", "haha 😂😂", "wat?! 😮",
    "Sorry, ik stond in de file… {time} ben ik er", "I’ll bring the {thing} – promise ❤️",
    "Geen idee, vraag het {name} eens.\nDie was er gisteren bij.", "ideeën? ik heb er wel één", "今晚見 {name}",
    (
        "Let op: de {thing} voor {place} is verplaatst naar {time}. Wie al betaald heeft krijgt bericht; wie nog"
        " niet betaald heeft kan dat tot {time} doen. Vragen? Antwoord op dit bericht of bel {number}."
    ),
    (
        "Hi {name}, quick summary of today: we met at {place}, agreed on the {thing}, moved the review to {time}, and"
        " {name} will send the notes. Nothing else is open from my side, but do check {number} before we close it,"
        " because the last one was off by a few and nobody noticed until the very end. Talk {time}!"
    ),
    (
        "Dag {name} 🙂 het was gezellig bij {place}! Foto’s volgen: ik moet ze nog van de {thing} halen en dat lukt pas"
        " {time}. Groetjes ook aan {name} en de kinderen 👨‍👩‍👧"
    ),
)  # fmt: skip
