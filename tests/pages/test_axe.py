"""Every page, and whatever opens above one, is judged by axe-core, in light and in dark."""

from datetime import timedelta

from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from tests import make
from tests.pages.browsing import IN_A_BROWSER, complaints_of

pytestmark = IN_A_BROWSER
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
EVERYTHING = {"runOnly": STANDARD, "resultTypes": ["violations"]}
# All pages have one stylesheet: that it reads well both ways up is judged once, and fetched once.
ALL_BUT_STYLESHEETS = {**EVERYTHING, "preload": False}
COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"], "resultTypes": ["violations"], "preload": False}
ALL_OF_IT = {"width": 1440, "height": 6000}
OPEN_ALL = "document.querySelectorAll('main details').forEach((one) => { one.open = true; })"
SHOW_HINTS = "document.querySelectorAll('[data-live-hint], #changed').forEach((one) => { one.hidden = false; })"
NEWS = """document.dispatchEvent(new CustomEvent('sophia:changed',
    { detail: { urgent: true, sentence: 'Publication 7 is failed: no token.', link: '/queue/' } }))"""


def test_no_page_has_a_barrier_or_an_error(open_tab, operator, everywhere):
    tab = open_tab(operator, "/", reduced_motion="reduce", viewport=ALL_OF_IT)
    complaints = complaints_of(tab)
    for path in everywhere:
        assert tab.goto(path).status == 200, path
        tab.evaluate(OPEN_ALL)
        complaints += barriers(tab)
    tab.context.clear_cookies()
    tab.goto("/login/")
    complaints += barriers(tab, rules=EVERYTHING)
    assert not complaints, "\n".join(complaints)


def test_nothing_that_opens_above_a_page_has_a_barrier(open_tab, operator, author, page):
    waiting = make.draft(page, author)
    planned = make.approved(make.draft(page, author), operator, at=timezone.now() + timedelta(days=1))
    tab = open_tab(operator, waiting.get_absolute_url(), reduced_motion="reduce")
    tab.keyboard.press("?")
    complaints = barriers(tab, "#keys[open]")
    tab.keyboard.press("Escape")
    tab.keyboard.press("r")
    tab.evaluate(SHOW_HINTS)
    tab.evaluate(NEWS)
    complaints += barriers(tab)
    tab.get_by_role("button", name="Skip").click()
    complaints += barriers(tab, "#tray .toast")
    tab.goto(f"/calendar/?day={planned.publish_at:%Y-%m-%d}")
    tab.locator(f"#pub-{planned.pk} .to").click()
    tab.locator("#move .verdict:not(:empty)").wait_for()
    complaints += barriers(tab, "#move[open]")
    assert not complaints, "\n".join(complaints)


def barriers(tab, within="html", rules=ALL_BUT_STYLESHEETS):
    """The scheme changes colours and nothing else."""
    if not tab.evaluate("'axe' in window"):
        tab.evaluate(Axe().axe_script)
    tab.locator(within).first.wait_for()
    found = []
    for scheme, judged_by in (("light", rules), ("dark", COLOURS)):
        tab.emulate_media(color_scheme=scheme)
        answer = tab.evaluate("([within, rules]) => axe.run(within, rules)", [within, judged_by])
        found += answer["violations"]
    return [told(tab.url, one, node) for one in found for node in one["nodes"]]


def told(url, barrier, node):
    return f"{url}: {barrier['impact']} {barrier['id']}: {node['html']} {node['failureSummary']}"
