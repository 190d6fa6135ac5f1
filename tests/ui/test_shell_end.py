"""How the chat ends when something of its own fails, and how it looks without colours."""

from __future__ import annotations

import asyncio
import os
import stat
from typing import TYPE_CHECKING

import pytest

from smschat.runtime.preferences import Preferences
from smschat.ui import crash, themes
from smschat.ui.app import ChatApp
from smschat.ui.desk import ChatOptions, marks_of_terminal
from smschat.ui.leaving import RESTORE
from smschat.ui.terminal import Terminal
from tests.ui.rig import ANNA, WIDE, chat_app, chatting, is_loaded, until

if TYPE_CHECKING:
    from pathlib import Path

    from tests.ui.rig import World

SECRET = "zq7-canary"


def fail() -> None:
    quoted = f"{SECRET} from {ANNA}"
    raise ValueError(quoted)


def failing() -> ValueError:
    with pytest.raises(ValueError, match=SECRET) as caught:
        fail()
    return caught.value


def test_the_report_names_where_and_never_what(tmp_path: Path) -> None:
    sentence = crash.last_words(failing(), tmp_path / "state")
    (path,) = (tmp_path / "state").iterdir()
    report = path.read_text()
    assert sentence.endswith(str(path))
    assert "builtins.ValueError" in report
    assert "test_shell_end.py" in report
    assert SECRET not in report + sentence
    assert ANNA not in report + sentence
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_without_a_folder_there_is_a_sentence_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (None, tmp_path / "file" / "below"):
        assert crash.last_words(failing(), folder) == "smschat ended because of an error of its own (ValueError)."


async def test_an_error_of_ours_prints_nothing_that_somebody_wrote(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ChatOptions(profile="test", number="1", sender="1", report_folder=tmp_path / "state")
    app = ChatApp(world.thread, options)

    async def run() -> None:
        async with app.run_test() as pilot:
            await until(pilot, lambda: is_loaded(app))
            app.call_later(fail)
            await until(pilot, lambda: app._exception is not None)

    with pytest.raises(ValueError, match=SECRET):
        await run()
    printed = "".join(capsys.readouterr())
    assert app.return_code == 1
    assert "an error of its own (ValueError)" in printed
    assert SECRET not in printed
    assert SECRET not in "".join(path.read_text() for path in (tmp_path / "state").iterdir())


async def test_the_chat_wears_the_theme_that_was_asked_for(world: World) -> None:
    for wanted, worn in (("smschat-light", "smschat-light"), ("no such", themes.DEFAULT), (None, themes.DEFAULT)):
        app = ChatApp(
            world.thread, ChatOptions(profile="test", number="1", sender="1", preferences=Preferences(theme=wanted))
        )
        assert app.theme == worn


async def test_without_colours_the_cursor_and_the_marks_are_still_there(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with chatting(world, WIDE) as (app, _):
        strips = app.screen._compositor.render_strips()
        rows = ["".join(segment.text for segment in strip) for strip in strips]
        assert rows[2].startswith("▌")
        colours = {c.triplet for strip in strips for s in strip if s.style and (c := s.style.color) and c.triplet}
        assert all(len({c.red, c.green, c.blue}) == 1 for c in colours)


@pytest.mark.parametrize(
    ("encoding", "term", "is_ascii"),
    [("utf-8", "xterm-256color", False), ("UTF8", "linux", False), ("ascii", "xterm", True), ("utf-8", "vt100", True)],
)
def test_the_signs_fit_the_terminal(monkeypatch: pytest.MonkeyPatch, encoding: str, term: str, is_ascii: bool) -> None:  # noqa: FBT001 - a case
    class Stream:
        def __init__(self) -> None:
            self.encoding = encoding

    monkeypatch.setattr("sys.__stderr__", Stream())
    monkeypatch.setenv("TERM", term)
    assert marks_of_terminal().ascii is is_ascii


async def test_an_ascii_terminal_gets_ascii_only(world: World) -> None:
    from smschat.ui.render import Marks  # noqa: PLC0415 - only here

    options = ChatOptions(profile="test", number="1", sender="1")
    app = ChatApp(world.thread, options, marks=Marks(ascii=True))
    async with app.run_test(size=WIDE) as pilot:
        await until(pilot, lambda: is_loaded(app))
        await pilot.press("enter", "a", "ctrl+j", "b")
        await pilot.pause()
        painted = "".join(s.text for strip in app.screen._compositor.render_strips() for s in strip)
        assert {character for character in painted if not character.isascii()} == set()


def test_the_last_word_to_a_terminal_leaves_every_mode_that_the_chat_enters() -> None:
    left = RESTORE.decode()
    for mode in (1000, 1003, 1006, 1015, 1016, 1004, 2004, 2048, 1049):
        assert f"\x1b[?{mode}l" in left
    assert left.index("\x1b[<u") < left.index("\x1b[?1049l")


async def test_a_terminal_that_is_gone_is_a_hangup(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The end of the input is told as SIGHUP, which ends the chat; Textual would spin on it for ever."""
    told: list[int] = []
    monkeypatch.setattr(os, "kill", lambda _pid, number: told.append(number))
    terminal = Terminal.__new__(Terminal)
    terminal._app = chat_app(world.thread)
    terminal._debug = False
    terminal.fileno, writing = os.pipe()
    terminal._ending, terminal._end = os.pipe()
    os.close(writing)
    await asyncio.to_thread(terminal.run_input_thread)
    os.close(terminal.fileno)
    os.close(terminal._end)
    assert told == [1]
