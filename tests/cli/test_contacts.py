"""`smschat contacts`, as a shell sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.program import Program

if TYPE_CHECKING:
    from pathlib import Path

CARDS = """BEGIN:VCARD
VERSION:3.0
FN:Anna de Vries
TEL:06 11111111
END:VCARD
BEGIN:VCARD
VERSION:3.0
FN:Nobody
END:VCARD
"""


def test_a_number_gets_a_name_another_and_none(tmp_path: Path) -> None:
    program = Program(home=tmp_path, api_url="http://127.0.0.1:9")
    assert program.run("contacts", "list", "--json").document() == []
    assert program.run("contacts", "rename", "0611111111", "Anna").code == 20
    anna = {"peer": "31611111111", "name": "Anna V", "notes": ""}
    assert program.run("contacts", "add", "06 11111111", "Anna  V", "--json").document() == anna
    assert program.run("contacts", "rename", "+31611111111", "Anna W").out == "31611111111  Anna W\n"
    assert program.run("contacts", "list").out == "31611111111  Anna W\n"
    assert program.run("threads", "--json").document() == []
    assert program.run("contacts", "remove", "0611111111").code == 0
    assert program.run("contacts", "remove", "0611111111").code == 20
    assert program.run("contacts", "add", "12", "x").code == 3


def test_a_vcard_file_is_taken_and_what_it_lacks_is_told(tmp_path: Path) -> None:
    program = Program(home=tmp_path, api_url="http://127.0.0.1:9")
    cards = tmp_path / "cards.vcf"
    cards.write_text(CARDS)
    taken = program.run("contacts", "import", str(cards), "--json")
    assert taken.document() == {
        "imported": 1,
        "changed": 1,
        "skipped": [{"place": 2, "name": "Nobody", "reason": "it has no telephone number"}],
    }
    again = program.run("contacts", "import", "-", stdin=CARDS)
    assert "0 of them new or changed" in again.out
    assert "Nobody" in again.err
    assert program.run("contacts", "import", str(tmp_path)).code == 2
    assert program.run("contacts", "import", "-", stdin="nothing").code == 2
