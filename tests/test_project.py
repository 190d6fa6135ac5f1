"""The project as somebody finds it: what the README says is so, and what should be light is light."""

from __future__ import annotations

import ast
import json
import re
import shlex
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

import smschat
from smschat import errors, settings
from smschat.cli.parser import parse
from smschat.domain import documents
from smschat.settings.table import TABLE
from smschat.simulator.people import PEOPLE
from smschat.simulator.world import demo_world
from tests.pictures import FOLDER

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")

SCREEN = ("textual", "rich")
NETWORK = ("httpx", "uvicorn", "httptools", "starlette", "pyngrok")
HEAVY = (*SCREEN, *NETWORK, "aiosqlite", "sqlite3", "phonenumbers")

LIGHT = {
    "the ground floor": ("smschat", "smschat.errors", "smschat.domain"),
    "settings and log": ("smschat.paths", "smschat.settings", "smschat.log"),
    "messaging": ("smschat.messaging",),
    "runtime": ("smschat.runtime",),
    "the door": ("smschat.cli",),
    "the table of keys": ("smschat.ui.actions", "smschat.ui.keys"),
}

_IMPORTS = """
import importlib, pkgutil, sys
*heavy, = sys.argv[1].split(",")
def load(name):
    module = importlib.import_module(name)
    found = [one for one in heavy if one in sys.modules]
    if found:
        sys.exit(f"importing {name} loads {', '.join(found)}")
    if name != "smschat":
        for below in pkgutil.iter_modules(getattr(module, "__path__", ())):
            load(f"{name}.{below.name}")
for name in sys.argv[2:]:
    load(name)
"""


def section(title: str) -> str:
    """What stands under a heading of the README, up to the next one of its kind or above."""
    level = title.split(maxsplit=1)[0]
    after = README.partition(f"\n{title}\n")[2]
    assert after, f"the README has no {title!r}"
    return re.split(rf"^#{{2,{len(level)}}} ", after, maxsplit=1, flags=re.MULTILINE)[0]


def blocks(language: str) -> list[str]:
    """The code blocks of one language."""
    return re.findall(rf"^ *```{language}\n(.*?)^ *```$", README, flags=re.MULTILINE | re.DOTALL)


def commands() -> list[list[str]]:
    """The command lines of smschat in the README, without what the shell does."""
    lines = (line.strip() for block in blocks("sh") for line in block.splitlines())
    split = (shlex.split(line, comments=True) for line in lines if line.startswith("smschat"))
    return [[word for word in words if word not in {"<", "text.txt", "&"}][1:] for words in split]


@pytest.mark.parametrize("names", LIGHT.values(), ids=LIGHT)
def test_a_light_module_loads_nothing_heavy(names: tuple[str, ...]) -> None:
    """In a fresh interpreter, with every module below it."""
    checked = subprocess.run(
        [sys.executable, "-c", _IMPORTS, ",".join(HEAVY), *names], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_top_level_holds_what_belongs_there() -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a clone")
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    top = {path.partition("/")[0] for path in listed.splitlines()}
    named = {"pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE", "smschat", "tests", "screenshots"}
    assert {name for name in top if not name.startswith(".")} <= named


def test_the_changelog_tells_of_this_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(rf"^## \[{re.escape(smschat.__version__)}\] - \d{{4}}-\d\d-\d\d$", changelog, flags=re.MULTILINE)


@pytest.mark.parametrize("command", ["pip install uv && uv run smschat demo", "pip install uv && uv run pytest"])
def test_the_readme_has_the_two_commands_on_lines_of_their_own(command: str) -> None:
    assert command in README.splitlines()


def test_every_command_of_the_readme_exists() -> None:
    assert len(commands()) > 15
    for words in commands():
        parse(words)  # ends the program where the command line is wrong


def test_the_keys_of_the_readme_are_those_of_the_table() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "smschat", "keys", "--markdown"], capture_output=True, text=True, check=True
    ).stdout
    assert printed.strip() in README, "put this into the README: smschat keys --markdown"


def test_the_settings_of_the_readme_are_those_of_the_table() -> None:
    told = [line for line in section("## Settings").splitlines() if line.startswith("| `")]
    rows = [
        f"| `{row.name}` | `{row.variable}` | {_default(row.default_is, row.default)} | {row.meaning} |"
        for row in TABLE
    ]
    assert [line for line in told if not line.startswith("| `client_secret`")] == rows


def _default(words: str, value: str | None) -> str:
    return words or (f"`{value}`" if value else "")


def test_the_settings_files_of_the_readme_are_taken(tmp_path: Path) -> None:
    files = [block for block in blocks("toml") if "client_id" in block]
    assert files
    for number, text in enumerate(files):
        file = tmp_path / f"{number}.toml"
        file.write_text(text, encoding="utf-8")
        assert settings.load({}, {}, file).number == "31612345678"


def test_the_profile_of_the_readme_is_taken(tmp_path: Path) -> None:
    [text] = [block for block in blocks("toml") if "[profiles." in block]
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    taken = settings.load({"profile": "work"}, {}, file)
    assert (taken.number, taken.account, taken.theme) == ("31612345678", "production", "nord")


def test_the_secrets_file_of_the_readme_is_toml() -> None:
    [file] = [tomllib.loads(block) for block in blocks("toml") if "client_secret" in block]
    assert {"client_secret", "work"} == set(file)


def test_the_json_of_the_readme_has_the_fields_of_an_sms() -> None:
    [told] = [json.loads(block) for block in blocks("json")]
    sms = next(
        sms for sms in demo_world(datetime(2026, 5, 12, tzinfo=UTC)).in_order() if sms.is_outbound and sms.answer
    )
    assert _names(told) == _names(documents.of_sms(sms))


def _names(value: object) -> object:
    if isinstance(value, dict):
        return {name: _names(inner) for name, inner in value.items()}
    return [_names(inner) for inner in value[:1]] if isinstance(value, list) else None


def test_the_readme_counts_and_names_the_people_of_the_demo() -> None:
    assert len(demo_world(datetime(2026, 5, 12, tzinfo=UTC)).conversations) == 9
    assert "nine conversations" in README
    for person in PEOPLE:
        assert f"| {person.number} | {person.name} | {person.habit} |" in README


def test_the_readme_names_every_exit_code() -> None:
    raised = {kind.exit_code for kind in _errors()}
    rows = "".join(line for line in section("## Commands").splitlines() if line.startswith("| "))
    told = {int(code) for cell in re.findall(r"\| ([\d /]+) (?=\|)", rows) for code in cell.split(" / ")}
    assert told == raised | {0, 7, 124, 130}


def _errors() -> list[type[errors.SmschatError]]:
    kinds = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    return [kind for kind in kinds if issubclass(kind, errors.SmschatError)]


def test_the_readme_shows_every_picture_and_no_other() -> None:
    shown = set(re.findall(r"screenshots/([\w-]+\.png)", README))
    assert shown == {path.name for path in FOLDER.iterdir()}


def test_what_the_troubleshooting_quotes_is_what_smschat_says() -> None:
    said = "\n".join(_texts())
    rows = [line.split("|")[1] for line in section("## Troubleshooting").splitlines() if line.startswith("| `")]
    quotes = [quote for row in rows for quote in re.findall(r"`([^`]+)`", row)]
    assert len(quotes) > 25
    for quote in quotes:
        for piece in quote.split("…"):
            assert piece.strip(" :;") in said, quote


def _texts() -> list[str]:
    """Every text of the program's source, formatted ones in their constant pieces."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in (ROOT / "smschat").rglob("*.py"))
    return [
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
