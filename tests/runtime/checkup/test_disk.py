"""The data folder and the store: looked at, and nothing made."""

from __future__ import annotations

import os
import stat
from collections import namedtuple
from typing import TYPE_CHECKING

import pytest

from smschat.domain.checks import Finding
from smschat.errors import StoreError
from smschat.runtime.checkup import disk
from smschat.store import SqliteStore

if TYPE_CHECKING:
    from pathlib import Path

Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 - as shutil's own


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    return folder


def test_a_folder_of_ours_is_well_and_left_as_it_was(folder: Path) -> None:
    assert disk.of_folder(folder).finding is Finding.OK
    assert list(folder.iterdir()) == []


def test_a_folder_that_is_not_there_can_be_made_and_is_not(tmp_path: Path) -> None:
    check = disk.of_folder(tmp_path / "not" / "there")
    assert check.finding is Finding.OK
    assert "not there yet" in check.text
    assert not (tmp_path / "not").exists()


@pytest.mark.parametrize("below", ["", "deeper"])
def test_a_file_where_the_folder_should_be_is_a_fault(tmp_path: Path, below: str) -> None:
    (tmp_path / "data").touch()
    check = disk.of_folder(tmp_path / "data" / below)
    assert check.is_fault
    assert "is not a folder" in check.text
    assert "data_dir" in check.fix


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_read_only_is_a_fault(folder: Path) -> None:
    folder.chmod(0o500)
    try:
        check = disk.of_folder(folder)
    finally:
        folder.chmod(0o700)
    assert check.is_fault
    assert "Permission denied" in check.text


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="a file system that nobody can make files in")  # noqa: PTH112
def test_a_place_in_which_nothing_can_be_made_is_a_fault(tmp_path: Path) -> None:
    check = disk.of_folder(type(tmp_path)("/proc/self/data"))
    assert check.is_fault
    assert "cannot be used" in check.text
    assert check.fix


@pytest.mark.parametrize(("mode", "finding"), [(0o755, Finding.NOTE), (0o770, Finding.FAULT), (0o702, Finding.FAULT)])
def test_a_folder_that_is_open_to_others_is_said_with_the_command(folder: Path, mode: int, finding: Finding) -> None:
    folder.chmod(mode)
    check = disk.of_folder(folder)
    assert check.finding is finding
    assert "chmod 700" in check.fix
    assert stat.S_IMODE(folder.stat().st_mode) == mode


@pytest.mark.parametrize(
    ("free", "finding"), [(10 * 1024**2, Finding.FAULT), (100 * 1024**2, Finding.NOTE), (9 * 1024**3, Finding.OK)]
)
def test_little_room_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free: int, finding: Finding) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(10**12, 10**12 - free, free))
    assert disk.of_room(tmp_path / "not" / "there").finding is finding


def test_a_disk_that_does_not_tell_its_room_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage(0, 0, 0))
    assert disk.of_room(tmp_path).finding is Finding.UNKNOWN


async def test_a_store_that_is_not_there_is_no_fault_and_is_not_made(folder: Path) -> None:
    path = folder / "default.db"
    store = await disk.opened(path)
    assert store is None
    assert (await disk.of_store(path, store)).finding is Finding.OK
    assert not path.exists()


async def test_a_store_that_is_whole_is_well(folder: Path) -> None:
    path = folder / "default.db"
    async with await SqliteStore.open(path):
        pass
    store = await disk.opened(path)
    assert isinstance(store, SqliteStore)
    async with store:
        assert (await disk.of_store(path, store)).finding is Finding.OK


async def test_a_store_that_cannot_be_opened_is_a_fault_with_the_way_back(folder: Path) -> None:
    path = folder / "default.db"
    path.write_bytes(b"this is no database " * 400)
    store = await disk.opened(path)
    assert isinstance(store, StoreError)
    check = await disk.of_store(path, store)
    assert check.is_fault
    assert str(path) in check.text
    assert "backup" in check.fix
