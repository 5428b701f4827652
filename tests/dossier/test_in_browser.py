"""The file as a client opens it: without network, and on paper. Skipped where there is no Chromium."""

import json
import os

import pytest
from pypdf import PdfReader

from tests.pages.browsing import CHROMIUM

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db,
    pytest.mark.skipif(not CHROMIUM.exists(), reason="needs /usr/bin/chromium: apt-get install chromium"),
]


@pytest.fixture
def opened(browser, saved, taken_down):
    """The dossier of a post with everything in it, in a browser without network, and what it asked for and said."""
    context = browser.new_context(viewport={"width": 1000, "height": 1200})
    context.set_offline(True)
    tab, asked, said = context.new_page(), [], []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("console", lambda message: said.append(message.text))
    tab.on("pageerror", lambda error: said.append(str(error)))
    dossier, page, _ = saved(taken_down)
    tab.goto(page.as_uri())
    yield dossier, tab, asked, said
    context.close()


def test_it_opens_without_network_and_asks_for_nothing(opened):
    _, tab, asked, said = opened
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
    assert said == []
    widths = tab.eval_on_selector_all("figure img", "images => images.map(image => image.naturalWidth)")
    assert widths == [800, 800]
    assert tab.title().startswith("Proof of approval · Café Lua")


def test_hostile_words_do_nothing(opened):
    dossier, tab, _, _ = opened
    assert tab.locator("script").count() == 0
    assert tab.locator("blockquote.text").first.text_content() == dossier.document["manifest"]["text"]


def test_the_json_inside_can_be_saved(opened, tmp_path):
    dossier, tab, _, _ = opened
    with tab.expect_download() as download:
        tab.get_by_role("link", name=f"{dossier.name}.json").click()
    download.value.save_as(tmp_path / "saved.json")
    assert download.value.suggested_filename == f"{dossier.name}.json"
    assert json.loads((tmp_path / "saved.json").read_text())["digest"] == dossier.document["digest"]


def test_it_fits_a_phone(opened):
    _, tab, _, _ = opened
    tab.set_viewport_size({"width": 390, "height": 800})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390


def test_on_paper_every_page_has_its_client_and_number(opened, tmp_path):
    _, tab, _, _ = opened
    paper = tmp_path / "dossier.pdf"
    tab.pdf(path=paper, prefer_css_page_size=True, print_background=True)
    sheets = [sheet.extract_text() for sheet in PdfReader(paper).pages]
    assert len(sheets) > 1
    for number, sheet in enumerate(sheets, 1):
        assert "Café Lua" in sheet
        assert f"{number}/{len(sheets)}" in sheet.replace(" ", "")
    if folder := os.environ.get("SOPHIA_LOOK_AT"):
        tab.set_viewport_size({"width": 1000, "height": 1200})
        tab.screenshot(path=f"{folder}/screen.png", full_page=True)
        tab.set_viewport_size({"width": 390, "height": 800})
        tab.screenshot(path=f"{folder}/phone.png", full_page=True)
