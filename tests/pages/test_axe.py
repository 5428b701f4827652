"""Every page is judged by axe-core, in light and in dark."""

from axe_playwright_python.sync_playwright import Axe

from tests.pages.browsing import IN_A_BROWSER, complaints_of

pytestmark = IN_A_BROWSER
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}
COLOURS = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
ALL_OF_IT = {"width": 1440, "height": 6000}
OPEN_ALL = "document.querySelectorAll('main details').forEach((one) => { one.open = true; })"


def test_no_page_has_a_barrier_or_an_error(open_tab, operator, everywhere):
    tab = open_tab(operator, "/", reduced_motion="reduce", viewport=ALL_OF_IT)
    complaints = complaints_of(tab)
    for path in everywhere:
        assert tab.goto(path).status == 200, path
        complaints += barriers(tab)
    tab.context.clear_cookies()
    tab.goto("/login/")
    complaints += barriers(tab)
    assert not complaints, "\n".join(complaints)


def barriers(tab):
    """With everything that is folded away opened. The scheme changes colours and nothing else."""
    tab.evaluate(OPEN_ALL)
    tab.evaluate(Axe().axe_script)
    tab.emulate_media(color_scheme="light")
    found = tab.evaluate("axe.run", WCAG)["violations"]
    tab.emulate_media(color_scheme="dark")
    found += tab.evaluate("axe.run", COLOURS)["violations"]
    serious = [one for one in found if one["impact"] in ("serious", "critical")]
    return [told(tab.url, one, node) for one in serious for node in one["nodes"]]


def told(url, barrier, node):
    return f"{url}: {barrier['id']}: {node['html']} {node['failureSummary']}"
