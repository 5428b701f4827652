"""`bin/screenshots`: see there."""

import argparse
import tempfile
from contextlib import ExitStack
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.screenshots.camera import Camera
from tests.screenshots.scene import Scene

PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"


def take(into: Path) -> list[Path]:
    with ExitStack() as stack:
        scene = Scene(Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sophia-pictures-"))))
        stack.callback(scene.clean_up)
        scene.set()
        camera = Camera(stack.enter_context(sync_playwright()), scene.url, into)
        stack.callback(camera.close)
        return [
            camera.desk("review", "/review/"),
            camera.desk("wall", scene.wall),
            camera.desk("calendar", "/calendar/"),
            camera.desk("publication", scene.taken_down, height=1300),
            camera.desk("notices", "/notices/"),
            camera.desk("morning", "/"),
            camera.phone("phone", "/review/"),
        ]


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="bin/screenshots")
    parser.add_argument("--into", type=Path, default=PICTURES)
    taken = take(parser.parse_args().into)
    for path in taken:
        print(f"{path.stat().st_size // 1024:5} KB  {path}")
    print(f"{sum(path.stat().st_size for path in taken) // 1024:5} KB together")
