"""The watch over processes sees what it is there to see."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.program import until
from tests.watch import Watch, left_of

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes by proc(5)")

CODE = "import sys; sys.stdin.read()"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', '{CODE}', 'its child'])"


@pytest.mark.parametrize(
    ("words", "env", "found"),
    [
        (("x-needle-x",), {}, {"cmdline"}),
        ((), {"TOKEN": "x-needle-x"}, {"environ"}),
        ((), {"TOKEN": "another"}, set()),
    ],
)
def test_it_finds_what_a_process_below_was_given(
    words: tuple[str, ...], env: dict[str, str], found: set[str], tmp_path: Path
) -> None:
    argv = [sys.executable, "-c", CODE, "this one", *words]
    with Watch(b"needle") as watch, running(argv, {"HOME": str(tmp_path), **env}):
        until(lambda: watch.has_seen("this one"))
        until(lambda: {name for name, _ in watch.found} == found)
        assert len(left_of(tmp_path)) == 1
    assert {name for name, _ in watch.found} == found
    assert left_of(tmp_path) == []


def test_what_a_program_was_given_itself_is_no_find_and_what_it_hands_on_is(tmp_path: Path) -> None:
    argv = [sys.executable, "-c", PARENT, "the program"]
    with Watch(b"needle", given=("the program",)) as watch, running(argv, {"HOME": str(tmp_path), "TOKEN": "needle"}):
        until(lambda: watch.has_seen("its child"))
        until(lambda: watch.found)
    assert [(name, line.endswith("its child")) for name, line in watch.found] == [("environ", True)]


@contextmanager
def running(argv: list[str], env: dict[str, str]) -> Iterator[None]:
    """A process that ends with its standard input."""
    with subprocess.Popen(argv, env=env, stdin=subprocess.PIPE) as process:
        try:
            yield
        finally:
            process.communicate()
