"""The editor: which one, what it gets, and what is taken back."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from smschat.ui.editing import LONGEST, Editor

if TYPE_CHECKING:
    from pathlib import Path


def editor(folder: Path, body: str, **more: str) -> Editor:
    """An editor that is a few lines of Python; `path` is the file."""
    script = folder / "an editor.py"
    script.write_text(f"import pathlib, sys\npath = pathlib.Path(sys.argv[1])\n{body}\n")
    return Editor({"EDITOR": f"{sys.executable} '{script}'", "PATH": "", **more})


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.mark.parametrize(
    ("before", "written", "after"),
    [
        ("hi", "hi there\\n", "hi there"),
        ("hi", "one\\r\\ntwo\\r\\n", "one\ntwo"),
        ("hi\n", "hi there\\n", "hi there\n"),
        ("hi", "", ""),
        ("é😄", "é😄!", "é😄!"),
    ],
)
def test_what_it_wrote_comes_back_without_the_line_end_that_editors_add(
    tmp_path: Path, own_folder: Path, before: str, written: str, after: str
) -> None:
    edited = editor(tmp_path, f"path.write_bytes('{written}'.encode())").edit(before)
    assert (edited.text, edited.told) == (after, "")
    assert list(own_folder.iterdir()) == []


def test_what_it_left_alone_changes_nothing(tmp_path: Path) -> None:
    edited = editor(tmp_path, "assert path.read_text() == 'as it was'").edit("as it was")
    assert (edited.text, edited.told) == (None, "")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("path.write_text('lost'); sys.exit(3)", "ended with code 3"),
        ("import os; os.kill(os.getpid(), 9)", "ended with signal 9"),
        ("path.unlink()", "left no file"),
    ],
)
def test_an_editor_that_fails_is_told_and_the_text_stays(
    tmp_path: Path, own_folder: Path, body: str, told: str
) -> None:
    edited = editor(tmp_path, body).edit("as it was")
    assert edited.text is None
    assert told in edited.told
    assert list(own_folder.iterdir()) == []


@pytest.mark.parametrize("body", [f"path.write_text('x' * {LONGEST + 1})", r"path.write_bytes(b'\xff\xfe')"])
def test_what_cannot_be_taken_is_kept_and_it_is_told_where(tmp_path: Path, own_folder: Path, body: str) -> None:
    edited = editor(tmp_path, body).edit("as it was")
    (kept,) = own_folder.rglob("sms.txt")
    assert edited.text is None
    assert edited.told.endswith(f"kept in {kept}.")


def test_what_no_sms_can_carry_is_left_out_and_told(tmp_path: Path) -> None:
    edited = editor(tmp_path, r"path.write_text('a\x1b[2Jb\x00')").edit("")
    assert edited.text == "a[2Jb"
    assert edited.told.startswith("2 control characters left out")


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"PATH": ""}, "set VISUAL or EDITOR"),
        ({"EDITOR": "/nowhere/vi", "PATH": ""}, "/nowhere/vi could not be started"),
        ({"EDITOR": "vi 'unclosed", "PATH": ""}, "a quote is not closed"),
    ],
)
def test_an_editor_that_there_is_not_is_told(own_folder: Path, environment: dict[str, str], told: str) -> None:
    edited = Editor(environment).edit("as it was")
    assert edited.text is None
    assert told in edited.told
    assert list(own_folder.iterdir()) == []


def test_visual_comes_before_editor(tmp_path: Path) -> None:
    other = f"{sys.executable} -c pass"
    edited = editor(tmp_path, "path.write_text('by EDITOR')", VISUAL=other).edit("as it was")
    assert (edited.text, edited.told) == (None, "")


def test_without_a_name_it_is_one_that_is_there(tmp_path: Path) -> None:
    nano = tmp_path / "bin" / "nano"
    nano.parent.mkdir()
    nano.write_text(f"#!{sys.executable}\nimport pathlib, sys\npathlib.Path(sys.argv[1]).write_text('by nano')\n")
    nano.chmod(0o700)
    assert Editor({"PATH": str(nano.parent)}).edit("").text == "by nano"


def test_a_text_is_in_no_repr(tmp_path: Path) -> None:
    assert "secret" not in repr(editor(tmp_path, "path.write_text('secret')").edit(""))
