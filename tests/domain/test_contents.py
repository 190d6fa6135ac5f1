"""What is no plain text is shown as what it is, whatever came, and foreign text stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smschat.domain import contents
from smschat.domain.calendars import Event, read_event
from smschat.domain.cards import Card, read_card
from smschat.domain.contents import Octets, Push, content_of, summary, when
from smschat.domain.delivery import Status
from smschat.domain.sms import Direction, Encoding, Sms, SmsOptions, SmsType
from smschat.domain.user_data import MALFORMED, PORTS, ports_of, read_header
from tests.store.samples import NOON

if TYPE_CHECKING:
    from smschat.domain.contents import Content

CARD = (
    "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Vries;Anna;Maria;Dr.;\r\nFN:Anna de Vries\r\n"
    "TEL;TYPE=CELL,pref:+31 6 1111\r\n 1111\r\nitem1.TEL;type=WORK:tel:+31701234567\r\n"
    "ADR;TYPE=home:;;Kade 1;Den Haag;;2511 AB;NL\r\nNOTE:one\\, two\\nthree\r\n"
    "PHOTO;ENCODING=b;TYPE=JPEG:AAAAAAAA\r\nEND:VCARD\r\n"
)
CALENDAR = (
    "BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VTIMEZONE\nTZID:Europe/Amsterdam\nEND:VTIMEZONE\nBEGIN:VEVENT\n"
    "SUMMARY:Demo\\; live\nDTSTART;TZID=Europe/Amsterdam:20260131T150000\nDTEND;TZID=Europe/Amsterdam:20260131T160030\n"
    'LOCATION:room 4.12\nORGANIZER;CN="de Vries: Anna":mailto:anna@example.com\n'
    "BEGIN:VALARM\nDESCRIPTION:not this one\nEND:VALARM\nEND:VEVENT\n"
    "BEGIN:VEVENT\nSUMMARY:another\nEND:VEVENT\nEND:VCALENDAR\n"
)
SCRAPS = [
    "BEGIN:VCARD", "END:VCARD", "BEGIN:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "VERSION:2.1", "TEL;CELL:1", " folded",
    "N;CHARSET=x;ENCODING=QUOTED-PRINTABLE:=C3=", "=A9;;", "PHOTO;BASE64:AA", 'X;A="b:c', "N:\\",
    "DTSTART:20260131T1200", "FN;CHARSET=unicode_escape;QUOTED-PRINTABLE:=5Cx", "SUMMARY;:\ud800", ":", "",
]  # fmt: skip
TYPES = st.sampled_from(SmsType)
TEXTS = st.one_of(
    st.text(),
    st.lists(
        st.sampled_from(SCRAPS),
        min_size=1,
    ).map("\r\n".join),
)
HEXES = st.one_of(st.none(), st.text(), st.binary(max_size=160).map(bytes.hex))


def content(sms_type: SmsType, text: str = "", *, data: str = "", udh: str = "", **options: str) -> Content | None:
    sms = Sms(
        id="0" * 32,
        seq=1,
        revision=1,
        direction=Direction.INBOUND,
        peer="31611111111",
        sender="31611111111",
        recipient="31612345678",
        type=sms_type,
        text=text,
        encoding=Encoding.BINARY,
        segments=1,
        status=Status.RECEIVED,
        created_at=NOON,
        updated_at=NOON,
        data=data,
        udh=udh,
        options=SmsOptions(title=options.get("title"), url=options.get("url")),
    )
    return content_of(sms)


def in_short(sms_type: SmsType, text: str = "", *, data: str | None = None, udh: str | None = None) -> str:
    return summary(sms_type=sms_type, text=text, data=data, udh=udh, options=SmsOptions())


@pytest.mark.parametrize("text", ["", "hello", "BEGIN:VCARD", "the words BEGIN:VCARD\nFN:x", "BEGIN:VCARDS\nFN:x"])
def test_plain_text_is_its_own_summary(text: str) -> None:
    assert content(SmsType.TEXT, text) is None
    assert in_short(SmsType.UNICODE, text) == text


@pytest.mark.parametrize("sms_type", [SmsType.TEXT, SmsType.UNICODE, SmsType.VCARD])
def test_a_card_tells_its_name_its_numbers_and_the_rest(sms_type: SmsType) -> None:
    card = content(sms_type, CARD)
    assert isinstance(card, Card)
    assert (card.name, card.numbers) == ("Anna de Vries", ("+31 6 11111111", "+31701234567"))
    assert card.lines == (
        ("Name", "Anna de Vries"),
        ("Phone (cell)", "+31 6 11111111"),
        ("Phone (work)", "+31701234567"),
        ("Address (home)", "Kade 1, Den Haag, 2511 AB, NL"),
        ("Note", "one, two\nthree"),
        ("Photo (jpeg)", "6 octets"),
    )
    assert in_short(sms_type, CARD) == "vCard · Anna de Vries · +31 6 11111111 · +31701234567"


def test_a_card_of_the_old_form_is_read_with_its_charset_and_soft_line_breaks() -> None:
    card = read_card(
        "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:K=F6=\np;J\nTEL;HOME;VOICE:0612\n"
        "NOTE:C:\\new\nLOGO;BASE64:\n  AAAA\n\nEND:VCARD"
    )
    assert card is not None
    assert (card.name, card.numbers) == ("J Köp", ("0612",))
    assert ("Phone (home)", "0612") in card.lines
    assert ("Note", "C:\\new") in card.lines
    assert ("Logo", "3 octets") in card.lines


def test_a_card_without_a_name_is_named_by_its_organisation() -> None:
    card = read_card("BEGIN:VCARD\nORG:Bakker\\; Zonen;Sales\nEND:VCARD")
    assert card is not None
    assert card.name == "Bakker; Zonen, Sales"


def test_an_event_tells_its_title_its_times_as_written_and_its_place() -> None:
    event = content(SmsType.VCAL, CALENDAR)
    assert isinstance(event, Event)
    assert (event.title, event.place) == ("Demo; live", "room 4.12")
    assert (event.starts, event.ends) == ("2026-01-31 15:00 Europe/Amsterdam", "2026-01-31 16:00:30 Europe/Amsterdam")
    assert ("Organiser", "de Vries: Anna <anna@example.com>") in event.lines
    assert "not this one" not in str(event.lines)
    assert in_short(SmsType.TEXT, CALENDAR) == "event · Demo; live · 31 Jan 15:00 Europe/Amsterdam · room 4.12"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("DTSTART:20260131T120000Z", "2026-01-31 12:00 UTC"),
        ("DTSTART:20260131T120001+0100", "2026-01-31 12:00:01 +0100"),
        ("DTSTART:2026-01-31T12:00:00Z", "2026-01-31 12:00 UTC"),
        ("DTSTART;VALUE=DATE:20260131", "2026-01-31"),
        ("DTSTART:tomorrow", "tomorrow"),
    ],
)
def test_a_time_is_shown_as_it_is_written(written: str, shown: str) -> None:
    event = read_event(f"BEGIN:VEVENT\n{written}\nEND:VEVENT")
    assert event is not None
    assert event.starts == shown


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2026-05-12 19:00", "12 May 19:00"),
        ("2026-05-12 19:00 UTC", "12 May 19:00 UTC"),
        ("2026-05-12", "12 May 2026"),
        ("2026-13-12", "2026-13-12"),
        ("tomorrow", "tomorrow"),
        ("", ""),
    ],
)
def test_in_short_a_time_is_as_people_write_it_and_in_no_other_zone(written: str, said: str) -> None:
    assert when(written) == said


@pytest.mark.parametrize(("more", "ends"), [("DUE:20260201", "2026-02-01"), ("DURATION:PT1H", "PT1H"), ("X-A:1", "")])
def test_an_end_may_be_a_date_due_or_a_duration(more: str, ends: str) -> None:
    event = read_event(f"BEGIN:VTODO\nSUMMARY:x\n{more}\nEND:VTODO")
    assert event is not None
    assert event.ends == ends


def test_a_wap_push_is_a_title_and_an_address() -> None:
    push = Push(title="Welcome", url="https://example.com")
    assert content(SmsType.WAPPUSH, "x", title="Welcome", url="https://example.com") == push
    assert content(SmsType.WAPPUSH, "Welcome\nhttps://example.com") == push


@pytest.mark.parametrize(
    ("port", "text", "kind"), [("23f4", CARD, Card), ("23f5", CALENDAR, Event), ("23f4", "no card", Octets)]
)
def test_a_card_or_a_calendar_may_come_as_octets_for_its_port(port: str, text: str, kind: type) -> None:
    assert isinstance(content(SmsType.BINARY, data=text.encode().hex(), udh=f"060504{port}0000"), kind)


def test_octets_are_shown_with_what_they_are_for() -> None:
    octets = content(SmsType.BINARY, data="00ff" * 20, udh="0b0504158115810003040201")
    assert isinstance(octets, Octets)
    assert octets.data == bytes.fromhex("00ff" * 20)
    assert [element.sentence for element in octets.header] == [
        "to port 5505 (ring tone), from port 5505",
        "part 1 of 2, reference 4",
    ]
    assert in_short(SmsType.BINARY, data="00ff", udh="06050415811581") == "ring tone · 2 octets · 00 ff"


def test_octets_that_are_a_text_are_shown_as_one_and_the_gateways_own_words_go_before() -> None:
    assert in_short(SmsType.BINARY, data=b"hello".hex()) == "binary · hello"
    assert in_short(SmsType.BINARY, "said", data=b"hello".hex()) == "binary · said"
    assert in_short(SmsType.BINARY, data="no hex") == "binary · no hex"


@pytest.mark.parametrize(
    ("header", "sentences"),
    [
        ("", []),
        ("050003040201", ["part 1 of 2, reference 4"]),
        ("06080400070302", ["part 2 of 3, reference 7"]),
        ("050003040203", ["part 3 of 2, reference 4, which cannot be"]),
        ("0404020102", ["to port 1, from port 2"]),
        ("0605040b8423f0", ["to port 2948 (WAP push), from port 9200"]),
        ("0401028003", ["messages waiting: 3 (voice mail), to be kept"]),
        ("0401021f01", ["messages waiting: 1 (video message), not to be kept"]),
        ("050a03000a14", ["text formatting from character 0, 10 long: left, large, bold"]),
        ("03240101", ["single shift table: Turkish"]),
        ("03250163", ["locking shift table: language 99"]),
        ("037001ab", ["unknown element 70: AB"]),
        ("020d00", ["predefined animation 0D"]),
        ("0500030402", ["malformed header: its first octet says 5 more, and there are 4"]),
        ("050003040201ff", ["part 1 of 2, reference 4", "malformed header: its first octet says 5"]),
        ("0200ff", ["malformed header: an element is cut off"]),
    ],
)
def test_a_header_says_what_each_element_is_for(header: str, sentences: list[str]) -> None:
    found = read_header(bytes.fromhex(header))
    assert len(found) == len(sentences)
    assert all(element.sentence.startswith(sentence) for element, sentence in zip(found, sentences, strict=True))


@given(st.binary(max_size=300))
def test_every_octet_of_a_header_is_told(octets: bytes) -> None:
    told = b"".join(
        element.data
        if element.identifier == MALFORMED
        else bytes([element.identifier, len(element.data)]) + element.data
        for element in read_header(octets)
    )
    assert told in {octets, octets[1:]}


@pytest.mark.parametrize("port", PORTS)
def test_a_well_known_port_is_named(port: int) -> None:
    header = read_header(b"\x06\x05\x04" + port.to_bytes(2) + b"\0\0")
    assert ports_of(header) == (port, 0)
    assert PORTS[port] in header[0].sentence


@given(TYPES, TEXTS, HEXES, HEXES)
def test_nothing_is_raised_whatever_came(sms_type: SmsType, text: str, data: str | None, udh: str | None) -> None:
    line = summary(sms_type=sms_type, text=text, data=data, udh=udh, options=SmsOptions())
    if contents._content(sms_type, text, data, udh, SmsOptions()) is not None:
        assert "\n" not in line
        assert len(line) <= 400
    else:
        assert line == text


def test_nobody_sees_a_name_or_a_number_in_a_repr() -> None:
    assert "Anna" not in repr(read_card(CARD)) + repr(read_event(CALENDAR)) + repr(content(SmsType.WAPPUSH, "Anna\nx"))
