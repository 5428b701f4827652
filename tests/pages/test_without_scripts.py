"""Every page is there in a browser that runs no scripts."""

from playwright.sync_api import expect

from tests.pages.browsing import IN_A_BROWSER

pytestmark = IN_A_BROWSER


def test_every_page_shows_its_heading_without_javascript(open_tab, operator, everywhere):
    tab = open_tab(operator, "/", java_script_enabled=False)
    for path in everywhere:
        assert tab.goto(path).status == 200, path
        expect(tab.locator("h1"), path).to_have_count(1)
        expect(tab.locator("h1"), path).to_be_visible()
    tab.context.clear_cookies()
    tab.goto("/login/")
    expect(tab.get_by_role("heading", level=1)).to_have_text("Sign in to Sophia")
