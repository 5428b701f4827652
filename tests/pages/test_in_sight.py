"""What somebody points at stays where it is when news arrives; what has the focus is seen."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from publishing.models import Pause
from tests import make
from tests.pages.browsing import IN_A_BROWSER

pytestmark = IN_A_BROWSER
LOW = {"viewport": {"width": 1440, "height": 420}}
SMALL = {"viewport": {"width": 1100, "height": 480}, "reduced_motion": "reduce"}
COVERED = """() => {
  const fields = "a[href], button, input:not([type=hidden]), select, textarea, summary";
  const all = [...document.querySelectorAll(`main :is(${fields})`)]
    .filter((one) => one.checkVisibility() && !one.disabled);
  const covered = (one) => {
    one.focus();
    const { x, y, width, height } = one.getBoundingClientRect();
    const above = document.elementFromPoint(x + width / 2, y + height / 2);
    if (above === null) return true;
    return above.closest(".top, .actions, #together, .day > h2") && !above.contains(one) && !one.contains(above);
  };
  return [...all, ...all.reverse()].filter(covered).map((one) => one.outerHTML);
}"""


@pytest.fixture
def planned(page, author, operator):
    start = timezone.now().replace(minute=0) + timedelta(days=1)
    drafts = [make.draft(page, author, text=f"Bread number {number}") for number in range(8)]
    return [make.approved(draft, operator, at=start + timedelta(days=n)) for n, draft in enumerate(drafts)]


@pytest.fixture
def queue(open_tab, operator, planned):
    tab = open_tab(operator, "/queue/", **LOW)
    row_of(tab, planned[1]).hover()
    return tab


def row_of(tab, publication):
    return tab.locator(f'#upcoming li:has(a[href="{publication.get_absolute_url()}"])')


def test_a_row_under_the_pointer_keeps_its_place_when_another_comes_above_it(queue, planned, page, author, operator):
    place = row_of(queue, planned[1]).bounding_box()
    early = make.approved(make.draft(page, author, text="Early"), operator, at=timezone.now() + timedelta(hours=2))
    expect(row_of(queue, early)).to_have_count(1)
    assert row_of(queue, planned[1]).bounding_box()["y"] == pytest.approx(place["y"], abs=1)


def test_a_row_that_somebody_aims_at_goes_only_once_the_pointer_rests(queue, planned, operator):
    box = row_of(queue, planned[1]).bounding_box()
    planned[1].cancel(by=operator)
    for step in range(60):
        queue.mouse.move(box["x"] + 100 + step % 2, box["y"] + 10)
        if queue.locator("#upcoming[data-stale]").count():
            break
    assert row_of(queue, planned[1]).bounding_box() == box
    expect(row_of(queue, planned[1])).to_have_count(0)


def test_a_pause_is_seen_though_somebody_points_at_a_row(queue, planned, operator):
    Pause.objects.start(by=operator, reason="Press incident")
    expect(queue.locator(".paused")).to_be_visible()
    expect(queue.locator(".paused")).to_be_in_viewport()


def test_a_hint_of_news_moves_nothing(open_tab, operator, author, page):
    draft = make.draft(page, author)
    tab = open_tab(operator, draft.get_absolute_url(), **LOW)
    tab.locator("#decide summary", has_text="Reject").click()
    approve = tab.get_by_role("button", name="Approve A")
    place = approve.bounding_box()
    draft.edit(by=author, text="Rolls.", link="", pictures=[], digest=draft.digest())
    hint = tab.locator("#decide [data-live-hint]")
    expect(hint).to_be_in_viewport()
    assert approve.bounding_box() == place
    hint.get_by_role("link").click(trial=True)


@pytest.fixture
def drafts(page, author):
    return [make.draft(page, author, text=f"Bread {number}. " * 20) for number in range(9)]


@pytest.fixture
def spread(page, author, operator):
    start = timezone.now().replace(hour=1, minute=0) + timedelta(days=1)
    for hour in range(0, 20, 4):
        make.approved(make.draft(page, author), operator, at=start + timedelta(hours=hour))
    return start


def test_nothing_that_has_the_focus_is_covered(open_tab, operator, drafts, spread):
    tab = open_tab(operator, "/review/together/", **SMALL)
    assert tab.evaluate(COVERED) == []
    tab.goto(f"/calendar/?week={spread:%G-W%V}")
    assert tab.evaluate(COVERED) == []
    tab.goto(drafts[0].get_absolute_url())
    tab.keyboard.press("x")
    assert tab.evaluate(COVERED) == []


@pytest.mark.parametrize("width", [1440, 390])
def test_very_long_words_and_texts_make_no_page_wider(open_tab, operator, author, width):
    endless = make.account(
        "facebook", "5005", client="Donaudampfschiffahrt" * 9, zone="America/Argentina/ComodRivadavia"
    )
    drafts = [make.draft(endless, author, text=text) for text in ("Bread " * 10_000, "🥐" * 300, "خبز طازج " * 40)]
    out = make.approved(drafts.pop(0), operator, at=timezone.now() + timedelta(hours=2))
    tab = open_tab(operator, "/", viewport={"width": width, "height": 900})
    for path in ("/queue/", "/calendar/", "/notices/", drafts[0].get_absolute_url(), out.get_absolute_url()):
        tab.goto(path)
        assert tab.evaluate("document.documentElement.scrollWidth") <= width, path
