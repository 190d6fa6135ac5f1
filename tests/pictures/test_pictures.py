"""The pictures of the README show what the program shows today."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.pictures import COMMAND, FOLDER
from tests.pictures.drawing import digest_of
from tests.pictures.scenes import SCENES
from tests.pictures.stage import play

if TYPE_CHECKING:
    from pathlib import Path

    from tests.pictures.scenes import Scene


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
async def test_a_picture_is_not_stale(scene: Scene, tmp_path: Path) -> None:
    """The digest that a picture carries is that of the screen as it is now."""
    path = FOLDER / f"{scene.name}.png"
    drawn = digest_of(path.read_bytes()) if path.exists() else None
    shown = await play(scene, tmp_path)
    assert drawn == shown.digest(), f"screenshots/{scene.name}.png is stale; look, then run: {COMMAND}"


def test_the_folder_holds_the_pictures_of_the_scenes_and_nothing_else() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {f"{scene.name}.png" for scene in SCENES}
