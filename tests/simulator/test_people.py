"""The people: who answers what, how, and who keeps quiet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from smschat.domain import segments
from smschat.domain.sms import Encoding
from smschat.simulator import people, phrases
from smschat.simulator.people import ANNA, BAKKER, ECHO, HENK, JOOST, LAYLA, NOOR, PEOPLE, Heard
from tests.simulator.rig import OWN, STRANGER

if TYPE_CHECKING:
    from smschat.simulator.people import Person
    from tests.simulator.rig import Rig

INBOUND = {"msisdn", "to", "messageId", "text", "type", "keyword", "message-timestamp"}
CONCAT = {"concat", "concat-ref", "concat-total", "concat-part"}
SENTENCES = [
    "hi there",
    "hoi!",
    "thanks",
    "can you call me?",
    "koffie?",
    "waar is het?",
    "how late tomorrow?",
    "bye",
    "x",
]


def _joined(parts: list[dict[str, str]]) -> str:
    by_part = {int(part["concat-part"]): part["text"] for part in parts}
    return "".join(by_part[number] for number in sorted(by_part))


async def test_the_echo_says_what_arrived(rig: Rig) -> None:
    (answer,) = await rig.talk(ECHO.number, "Hello, world €5")
    assert set(answer) == INBOUND
    assert all(isinstance(value, str) for value in answer.values())
    assert (answer["msisdn"], answer["to"], answer["text"]) == (ECHO.number, OWN, "Hello, world €5")
    assert (answer["type"], answer["keyword"]) == ("text", "Hello,")


async def test_the_echo_of_unicode_is_unicode(rig: Rig) -> None:
    (answer,) = await rig.talk(ECHO.number, "ideeën 😀", {"type": "unicode"})
    assert (answer["text"], answer["type"]) == ("ideeën 😀", "unicode")


async def test_the_slow_typist_answers_in_several_sms_with_pauses(rig: Rig) -> None:
    answers = await rig.talk(ANNA.number, "hi, how are you?")
    said = ANNA.answer(Heard(text="hi, how are you?", nth=1))
    assert [answer["text"] for answer in answers] == [say.text for say in said]
    assert len(said) > 1
    assert all(say.after_s >= 1 for say in said)


async def test_one_writes_long_and_in_emoji(rig: Rig) -> None:
    answers = await rig.talk(NOOR.number, "how was it?")
    assert len(answers) > 1
    assert {answer["type"] for answer in answers} == {"unicode"}
    assert all(set(answer) == INBOUND | CONCAT for answer in answers)
    assert [answer["concat-part"] for answer in answers] == [str(number) for number in range(1, len(answers) + 1)]
    assert {answer["concat-total"] for answer in answers} == {str(len(answers))}
    assert len({answer["concat-ref"] for answer in answers}) == 1
    assert all(segments.count(answer["text"], force_ucs2=True).units <= 67 for answer in answers)
    assert _joined(answers) == phrases.emoji("how was it?", 1)


async def test_one_sends_parts_out_of_order_and_each_twice(rig: Rig) -> None:
    answers = await rig.talk(JOOST.number, "where were you?")
    order = [int(answer["concat-part"]) for answer in answers]
    total = int(answers[0]["concat-total"])
    assert total >= 3
    assert order != sorted(order)
    assert sorted(order) == sorted([*range(1, total + 1)] * 2)
    assert len({answer["messageId"] for answer in answers}) == total
    assert all(segments.count(answer["text"]).units <= 153 for answer in answers)
    assert _joined(answers) == phrases.story("where were you?", 1)


async def test_one_says_stop_and_keeps_quiet(rig: Rig) -> None:
    (answer,) = await rig.talk(HENK.number, "newsletter")
    assert answer["text"] == "STOP"
    assert len(await rig.talk(HENK.number, "are you there?")) == 1
    assert [receipt["status"] for receipt in rig.hook.receipts] == ["delivered", "delivered"]


async def test_the_own_number_answers_too(rig: Rig) -> None:
    (answer,) = await rig.talk(OWN, "note to self")
    assert (answer["msisdn"], answer["to"]) == (OWN, OWN)
    assert "note to self" in answer["text"]


async def test_a_stranger_gets_the_sms_and_says_nothing(rig: Rig) -> None:
    assert await rig.talk(STRANGER) == []
    assert [receipt["status"] for receipt in rig.hook.receipts] == ["delivered"]


async def test_nobody_answers_without_the_header(rig: Rig) -> None:
    await rig.register()
    await rig.send(ECHO.number, wants_inbound=False)
    await rig.simulator.settled()
    assert rig.hook.inbound == []


async def test_nobody_can_answer_an_alphanumeric_sender(rig: Rig) -> None:
    assert await rig.talk(ECHO.number, sender="AcmeInc") == []


async def test_an_answer_goes_to_the_number_that_was_written_from(rig: Rig) -> None:
    (answer,) = await rig.talk(ECHO.number, sender="31970000000")
    assert answer["to"] == "31970000000"


async def test_each_sender_is_heard_for_the_first_time(rig: Rig) -> None:
    await rig.talk(HENK.number, "one")
    answers = await rig.talk(HENK.number, "two", sender="31970000000")
    assert [answer["to"] for answer in answers] == [OWN, "31970000000"]


async def test_somebody_may_write_unasked(rig: Rig) -> None:
    await rig.register()
    rig.simulator.write(sender="PakketPunt", to=OWN, text="Your parcel is here")
    await rig.simulator.settled()
    (answer,) = rig.hook.inbound
    assert (answer["msisdn"], answer["to"], answer["keyword"]) == ("PakketPunt", OWN, "Your")


@pytest.mark.parametrize("person", PEOPLE, ids=lambda person: person.name)
@pytest.mark.parametrize("text", SENTENCES)
def test_the_same_words_get_the_same_answer_within_believable_time(person: Person, text: str) -> None:
    for nth in (1, 2, 3, 7):
        heard = Heard(text=text, nth=nth)
        said = person.answer(heard)
        assert said == person.answer(heard)
        assert all(say.text and 1 <= say.after_s <= 4 for say in said)


def test_people_are_told_apart_by_number() -> None:
    assert len({person.number for person in PEOPLE}) == len(PEOPLE)
    assert all(people.person_at(person.number) is person for person in PEOPLE)
    assert people.person_at(STRANGER) is None


def test_who_is_written_to_in_dutch_answers_in_dutch() -> None:
    assert phrases.small_talk("hoi, alles goed?", 1)[0] == "hoi!"
    assert phrases.small_talk("hi, all well?", 1)[0] == "hey you"
    assert "Groet" in BAKKER.answer(Heard(text="wanneer komt het?", nth=1))[0].text


def test_a_line_from_right_to_left_needs_ucs2() -> None:
    assert segments.count(LAYLA.answer(Heard(text="hi", nth=1))[0].text).encoding is Encoding.UCS2


def test_texts_and_numbers_stay_out_of_repr() -> None:
    heard = Heard(text="secret words", nth=1)
    assert "secret words" not in repr(heard) + repr(ECHO.answer(heard))
