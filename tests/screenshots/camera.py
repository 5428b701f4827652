"""Chromium, signed in as the operator of the demo."""

from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Playwright

from tests.pages.browsing import CHROMIUM

COLOURS = 160
SEEN = "[...document.images].every(image => image.complete || image.getBoundingClientRect().top > innerHeight)"
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}


class Camera:
    def __init__(self, playwright: Playwright, url: str, into: Path):
        self.browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        self.url = url
        self.into = into
        into.mkdir(parents=True, exist_ok=True)

    def close(self) -> None:
        self.browser.close()

    def desk(self, name: str, path: str, height: int = 900) -> Path:
        return self.picture(name, path, viewport={"width": 1440, "height": height})

    def phone(self, name: str, path: str) -> Path:
        return self.picture(name, path, **PHONE)

    def picture(self, name: str, path: str, **screen: Any) -> Path:
        context = self.browser.new_context(
            base_url=self.url, color_scheme="light", reduced_motion="reduce", bypass_csp=True, **screen
        )
        tab = context.new_page()
        tab.goto("/login/")
        tab.get_by_label("Name", exact=True).fill("olga")
        tab.get_by_label("Password").fill("sophia")
        tab.get_by_role("button", name="Sign in").click()
        tab.wait_for_url(f"{self.url}/")
        tab.goto(path, wait_until="load")
        tab.wait_for_function(SEEN)
        file = self.into / f"{name}.png"
        tab.screenshot(path=file)
        context.close()
        return small(file)


def small(file: Path) -> Path:
    with Image.open(file) as taken:
        few = taken.convert("RGB").quantize(COLOURS, Image.Quantize.MEDIANCUT, kmeans=2, dither=Image.Dither.NONE)
    few.save(file, optimize=True)
    return file
