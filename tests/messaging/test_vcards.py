"""Contacts out of vCard files, as telephones and address books write them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smschat.messaging.vcards import read

OLD = b"""BEGIN:VCARD\r
VERSION:2.1\r
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:de Vries;Ren=C3=A9e\r
FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Ren=C3=A9e de Vries\r
TEL;CELL:06-11111111\r
TEL;HOME:+44 7911 123456\r
END:VCARD\r
"""
NEW = b"""BEGIN:VCARD
VERSION:3.0
FN:Bakker BV
ORG:Bakker BV
TEL;TYPE=WORK,VOICE:+31 6 2222 2222
NOTE:two\\nlines
PHOTO;ENCODING=b;TYPE=JPEG:AAAA
END:VCARD
"""
NEWEST = """BEGIN:VCARD
VERSION:4.0
FN:Zoë Ångström-van der L
 ong
TEL;VALUE=uri:tel:+31633333333
END:VCARD
""".encode()


def names(data: bytes) -> list[tuple[str, str]]:
    return [(contact.peer, contact.name) for contact in read(data, "NL").contacts]


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (OLD, [("31611111111", "Renée de Vries"), ("447911123456", "Renée de Vries")]),
        (NEW, [("31622222222", "Bakker BV")]),
        (NEWEST, [("31633333333", "Zoë Ångström-van der Long")]),
        (NEWEST.decode().encode("utf-16"), [("31633333333", "Zoë Ångström-van der Long")]),
        (b"\xef\xbb\xbf" + NEW, [("31622222222", "Bakker BV")]),
        (NEW.replace(b"\n", b"\r"), [("31622222222", "Bakker BV")]),
    ],
)
def test_each_version_and_encoding_is_read(data: bytes, found: list[tuple[str, str]]) -> None:
    assert names(data) == found


def test_notes_come_along() -> None:
    (contact,) = read(NEW, "NL").contacts
    assert contact.notes == "two\nlines"


def test_a_card_that_cannot_be_read_is_named_and_spoils_no_other() -> None:
    cards = [
        OLD,
        b"BEGIN:VCARD\nVERSION:3.0\nFN:No Number\nEND:VCARD\n",
        b"BEGIN:VCARD\nVERSION:3.0\nFN:Short\nTEL:12\nEND:VCARD\n",
        b"BEGIN:VCARD\nthis is not a line\nEND:VCARD\n",
        b"BEGIN:VCARD\nVERSION:3.0\nTEL:+31644444444\nEND:VCARD\n",
        NEW,
    ]
    found = read(b"".join(cards), "NL")
    assert [contact.name for contact in found.contacts] == ["Renée de Vries", "Renée de Vries", "Bakker BV"]
    assert [(one.place, one.name) for one in found.skipped] == [(2, "No Number"), (3, "Short"), (4, ""), (5, "")]
    assert all(one.reason for one in found.skipped)


def test_a_name_cannot_drive_the_terminal() -> None:
    (contact,) = read(NEW.replace(b"FN:Bakker BV", b"FN:\x1b]0;x\x07Bakker\xe2\x80\xae BV"), "NL").contacts
    assert contact.name.isprintable()


def test_the_later_of_two_cards_with_a_number_counts() -> None:
    assert names(NEW + NEW.replace(b"FN:Bakker BV", b"FN:Bakker NV")) == [("31622222222", "Bakker NV")]


def test_ten_thousand_cards_are_a_file_like_any_other() -> None:
    card = b"BEGIN:VCARD\nVERSION:3.0\nFN:Name %d\nTEL:+3161%07d\nEND:VCARD\n"
    assert len(names(b"".join(card % (number, number) for number in range(10_000)))) == 10_000


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=200))
def test_no_file_is_too_strange(rest: bytes) -> None:
    read(b"BEGIN:VCARD\nVERSION:3.0\nFN:A\n" + rest + b"\nEND:VCARD\n", "NL")
