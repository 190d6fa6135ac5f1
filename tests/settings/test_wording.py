"""A TOML file is changed in one place, and everything else in it stays to the letter."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smschat.settings.wording import changed

MINE = """\
# My settings, do not touch.
theme = "nord"   # dark

enter = 'newline'

# the phone on my desk
[profiles.desk]
number = "31612345678" # mine

# other keys
[keys]
quit = ["ctrl+x",
  "f10"]  # two
"""


def change(text: str, where: tuple[str, ...], value: str | None) -> str:
    after = changed(text, tomllib.loads(text), where, value)
    assert after is not None
    return after


def test_a_new_line_comes_at_the_end_of_the_top_before_what_is_said_of_the_first_table() -> None:
    assert change(MINE, ("client_id",), "a-b") == MINE.replace("'newline'\n", "'newline'\nclient_id = \"a-b\"\n")


def test_a_new_line_of_a_table_comes_at_its_end() -> None:
    after = change(MINE, ("profiles", "desk", "account"), "production")
    assert after == MINE.replace("# mine\n", '# mine\naccount = "production"\n')


def test_a_new_table_comes_at_the_end() -> None:
    after = change(MINE, ("profiles", "two.two", "number"), "31600000001")
    assert after == MINE + '\n[profiles."two.two"]\nnumber = "31600000001"\n'


def test_a_line_that_is_there_is_changed_where_it_stands_and_keeps_its_comment() -> None:
    assert change(MINE, ("theme",), "light") == MINE.replace('"nord"', '"light"')
    after = change(MINE, ("profiles", "desk", "number"), "31600000001")
    assert after == MINE.replace('"31612345678"', '"31600000001"')


def test_a_line_is_taken_out_and_a_table_with_its_last_one() -> None:
    assert change(MINE, ("theme",), None) == MINE.replace('theme = "nord"   # dark\n', "")
    without = change(MINE, ("profiles", "desk", "number"), None)
    assert without == MINE.replace('[profiles.desk]\nnumber = "31612345678" # mine\n', "")


def test_what_is_so_already_is_not_touched() -> None:
    assert change(MINE, ("theme",), "nord") == MINE
    assert change(MINE, ("number",), None) == MINE
    assert change(MINE, ("profiles", "none", "number"), None) == MINE


@pytest.mark.parametrize(
    ("text", "where", "expected"),
    [
        ("", ("number",), 'number = "1"\n'),
        ("", ("work", "number"), '[work]\nnumber = "1"\n'),
        ('theme = "x"', ("number",), 'theme = "x"\nnumber = "1"\n'),
        ('theme = "x"\r\n', ("number",), 'theme = "x"\r\nnumber = "1"\r\n'),
        ("# only\n# comments\n", ("number",), '# only\n# comments\nnumber = "1"\n'),
        ("# of the keys\n[keys]\n", ("number",), 'number = "1"\n# of the keys\n[keys]\n'),
        ("[profiles.a]\n[profiles.b]\n", ("profiles", "a", "number"), '[profiles.a]\nnumber = "1"\n[profiles.b]\n'),
        ('t = """\n[keys]\n"""\n', ("number",), 't = """\n[keys]\n"""\nnumber = "1"\n'),
        ("profiles = { a = {} }\n", ("profiles", "a", "number"), 'profiles = { a = {number = "1"} }\n'),
        ('profiles.a.theme = "x"\n', ("profiles", "a", "number"), 'profiles.a.theme = "x"\nprofiles.a.number = "1"\n'),
    ],
)
def test_files_of_every_shape_are_changed(text: str, where: tuple[str, ...], expected: str) -> None:
    after = change(text, where, "1")
    assert tomllib.loads(after) == tomllib.loads(expected)
    assert after == expected


NAMES = ("number", "theme", "enter", "tunnel")
TABLES = ((), ("profiles", "desk"), ("profiles", "a.b"), ("keys",))
LINES = st.sampled_from(
    [
        "# a remark\n",
        "\n",
        "  # indented\n",
        "number = 'x' # mine\n",
        "[profiles.desk]\nnumber = 'x'\n# a remark\n",
        "theme = 'x'\n",
        'enter = """\n[keys]\n# no\n"""\n',
        "number = 5 # five\n",
        "[keys]\n",
        "[profiles.desk]\n",
        '[profiles."a.b"]\n',
        " [ profiles . desk ] # spaced\n",
        "tunnel = {a = 1}\n",
        "keys.quit = 'x'\n",
        "profiles = {desk = {}}\n",
        "[[tunnel]]\n",
        "theme = [\n 'a', # b\n 'c']\n",
    ]
)


@given(
    st.lists(LINES, max_size=8).map("".join),
    st.sampled_from(TABLES),
    st.sampled_from(NAMES),
    st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
)
def test_a_change_changes_that_or_is_not_made(text: str, tables: tuple[str, ...], name: str, value: str | None) -> None:
    try:
        says = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    after = changed(text, says, (*tables, name), value)
    if after is None:
        return
    now = tomllib.loads(after)
    assert all(after.count(remark) == text.count(remark) for remark in ("# a remark", "# indented"))
    for table in tables:
        now = now.get(table, {})
    assert now.get(name) == value
