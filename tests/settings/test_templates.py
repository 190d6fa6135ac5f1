"""Templates: the file, and what is filled in."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from smschat.errors import SettingsError
from smschat.settings import templates

if TYPE_CHECKING:
    from pathlib import Path


def test_templates_are_read_in_the_order_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "templates.toml"
    path.write_text('zulu = "z"\nalfa = """a\nb"""\n')
    assert list(templates.read(path).items()) == [("zulu", "z"), ("alfa", "a\nb")]


def test_no_file_holds_no_templates(tmp_path: Path) -> None:
    assert templates.read(tmp_path / "templates.toml") == {}


@pytest.mark.parametrize("body", [b"late =", b"late = 3", b"[late]\nx = 'y'", b"late = '\xff'"])
def test_a_damaged_file_is_named_and_left_as_it_is(tmp_path: Path, body: bytes) -> None:
    path = tmp_path / "templates.toml"
    path.write_bytes(body)
    with pytest.raises(SettingsError, match=r"templates\.toml"):
        templates.read(path)
    templates.make(path)
    assert path.read_bytes() == body


def test_the_file_is_made_for_the_user_alone_with_an_example_that_is_a_comment(tmp_path: Path) -> None:
    path = tmp_path / "config" / "templates.toml"
    templates.make(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert templates.read(path) == {}
    path.write_text("".join(line.removeprefix("# ") for line in path.read_text().splitlines(keepends=True)[3:]))
    assert set(templates.read(path)) == {"late", "address"}


def test_a_file_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("")
    with pytest.raises(SettingsError, match="cannot be made"):
        templates.make(tmp_path / "config" / "templates.toml")


@pytest.mark.parametrize(
    ("text", "known", "filled", "missing"),
    [
        ("hi {name}", {"name": "Anna"}, "hi Anna", ()),
        ("{name}, {name}: {number}", {"number": "316"}, "{name}, {name}: 316", ("name",)),
        ("{} {other} {name", {"name": "Anna"}, "{} {other} {name", ()),
        ("{name}", {"name": "{number}", "number": "316"}, "{number}", ()),
    ],
)
def test_name_and_number_are_filled_in_once_and_nothing_else(
    text: str, known: dict[str, str], filled: str, missing: tuple[str, ...]
) -> None:
    assert templates.fill(text, known) == (filled, missing)
