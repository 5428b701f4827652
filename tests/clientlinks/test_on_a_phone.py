"""A client with a phone. The browser is the one of the page tests."""

import pytest
from playwright.sync_api import expect

from publishing.models import Publication
from tests import make
from tests.asgi import wait_until
from tests.pages.browsing import IN_A_BROWSER, browser, open_tab  # noqa: F401

pytestmark = IN_A_BROWSER
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


@pytest.fixture
def tab(open_tab, stranger, link_path):  # noqa: F811
    return open_tab(stranger, link_path, **PHONE)


@pytest.fixture
def link_path(page, operator, author):
    make.draft(page, author, pictures=[(make.image("gold"), "A loaf"), (make.image("red"), "Another")])
    return make.client_link(page.client, operator, approving=True)[1]


def test_a_client_approves_on_a_phone(tab):
    errors = []
    tab.on("console", lambda message: message.type == "error" and errors.append(message.text))
    tab.get_by_role("link", name="Fresh bread").tap()
    expect(tab.get_by_role("article").get_by_role("img").first).to_be_visible()
    # The page allows no script, and so no waiting inside it.
    wait_until(lambda: tab.evaluate("[...document.images].every(one => one.naturalWidth > 0)"))
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    tab.get_by_label("What should be different?").fill("Nothing, lovely.")
    tab.get_by_role("button", name="Send").tap()
    expect(tab.locator("#comments")).to_contain_text("Nothing, lovely.")
    tab.get_by_role("button", name="Approve exactly this").tap()
    expect(tab.get_by_role("status")).to_contain_text("Thank you. It is approved.")
    assert Publication.objects.get().text == "Fresh bread at seven."
    assert errors == []


def test_it_works_without_javascript(open_tab, stranger, link_path):  # noqa: F811
    tab = open_tab(stranger, link_path, java_script_enabled=False, **PHONE)
    tab.get_by_role("link", name="Fresh bread").tap()
    tab.get_by_role("button", name="Approve exactly this").tap()
    expect(tab.get_by_role("status")).to_contain_text("Thank you.")
