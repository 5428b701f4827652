"""Searching, importing and giving links in a real browser."""

from playwright.sync_api import expect

from approval.batches.models import Batch
from approval.models import Draft
from tests import make
from tests.pages.browsing import IN_A_BROWSER

pytestmark = IN_A_BROWSER
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True}


def test_searching_from_any_page_by_keyboard(open_tab, operator, draft):
    tab = open_tab(operator, "/queue/")
    tab.get_by_role("searchbox", name="Search drafts and publications").press_sequentially("bread")
    tab.keyboard.press("Enter")
    expect(tab.locator("mark")).to_have_text("bread")
    tab.get_by_role("link", name="Fresh bread").press("Enter")
    tab.wait_for_url(f"**{draft.get_absolute_url()}")


def test_importing_without_javascript(open_tab, author, page):
    tab = open_tab(author, "/review/import/", java_script_enabled=False)
    table = b"account,text,images\nfacebook:1001,Fresh bread.,loaf.jpg\nfacebook:9,Rolls.,\n"
    tab.get_by_label("File CSV").set_input_files({"name": "a.csv", "mimeType": "text/csv", "buffer": table})
    loaf = {"name": "loaf.jpg", "mimeType": "image/jpeg", "buffer": make.jpeg()}
    tab.get_by_label("Images that").set_input_files(loaf)
    tab.get_by_role("button", name="Look at it first").click()
    expect(tab.get_by_role("row", name="3 There is no account")).to_be_visible()
    tab.get_by_role("button", name="Create 1 draft").click()
    expect(tab.get_by_role("status")).to_contain_text("1 draft")
    assert Draft.objects.get().pictures.count() == 1


def test_these_pages_fit_a_phone_and_have_no_error(open_tab, operator, page, author):
    long = make.draft(page, author, text="Unterbeamtengesellschaft" * 30, pictures=[(make.image(), "A")])
    link, start = make.client_link(page.client, operator, approving=True)
    table = b"account,text,source\nfacebook:1001," + b"x" * 300 + b",\n" + b"y" * 300 + b",z,\n"
    batch = Batch.objects.keep(by=operator, name="n" * 150, content=table, pictures={}, refused={}, submit=True)
    tab = open_tab(operator, "/", **PHONE)
    errors = []
    tab.on("pageerror", lambda error: errors.append(error))
    tab.on("console", lambda message: message.type == "error" and errors.append(message.text))
    paths = ["/search/?q=unter", "/search/", "/review/import/", f"/review/import/{batch.pk}/", "/review/links/"]
    paths += ["/review/links/new", f"/review/links/{link.pk}/revoke", start, f"{start}{long.pk}/"]
    for path in paths:
        assert tab.goto(path).status == 200
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390, path
    assert errors == []
