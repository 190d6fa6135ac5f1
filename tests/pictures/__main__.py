"""`python -m tests.pictures`: write every picture of the README anew."""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from tests.pictures import FOLDER
from tests.pictures.drawing import png
from tests.pictures.scenes import SCENES
from tests.pictures.stage import play


def main(names: list[str]) -> None:
    """Write the pictures of these names; of none: all, and remove those that no scene makes any more."""
    FOLDER.mkdir(exist_ok=True)
    for scene in SCENES:
        if not names or scene.name in names:
            with tempfile.TemporaryDirectory() as folder:
                shown = asyncio.run(play(scene, Path(folder)))
                picture = png(shown, "smschat" if scene.is_setup else "smschat demo")
            (FOLDER / f"{scene.name}.png").write_bytes(picture)
            print(f"screenshots/{scene.name}.png")
    for stale in {path.name for path in FOLDER.iterdir()} - {f"{scene.name}.png" for scene in SCENES}:
        (FOLDER / stale).unlink()


if __name__ == "__main__":
    main(sys.argv[1:])
