"""What is printed as JSON is what was meant, and nothing that a terminal obeys."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from smschat.cli import output

if TYPE_CHECKING:
    import pytest


def test_a_document_has_no_control_character_whatever_its_texts_have(capsys: pytest.CaptureFixture[str]) -> None:
    text = "é" + "".join(map(chr, [*range(0x20), *range(0x7F, 0xA0)])) + "\N{NO-BREAK SPACE}ÿ"
    output.document({"text": text})
    printed = capsys.readouterr().out
    assert json.loads(printed) == {"text": text}
    assert [char for char in printed.removesuffix("\n") if ord(char) < 0x20 or 0x7F <= ord(char) < 0xA0] == []
    assert "é" in printed
