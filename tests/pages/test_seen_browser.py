"""What is approved has been on the screen: in a real browser."""

import pytest
from playwright.sync_api import expect

from approval.models import Decision, Draft
from tests import make
from tests.pages.browsing import IN_A_BROWSER, wait_for
from tests.pages.test_review_browser import press_on

pytestmark = IN_A_BROWSER
DESK = {"viewport": {"width": 1440, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}}
CAPTION = "Rye bread, twelve hours in the oven, with fennel and a little honey. " * 9
COLOURS = ["teal", "gold", "pink"]
ALL_SEEN = "document.querySelector('[data-sight]').value.split(',').length == 3"
EVERYTHING = ["text", "images", "alt texts"]


def fill(accounts, author, count):
    pictures = [(make.image(color, 200, 250), f"A {color} tile on the counter") for color in COLOURS]
    for number in range(count):
        make.draft(accounts[number % len(accounts)], author, text=f"{number}. {CAPTION}", pictures=pictures)


def test_thirty_drafts_are_reviewed_by_one_key_each_and_all_of_each_was_seen(
    open_tab, operator, page, instagram, author
):
    fill([page, instagram], author, 30)
    tab = open_tab(operator, "/review/", **DESK)
    for _ in range(29):
        wait_for(tab, ALL_SEEN)
        press_on(tab, "a")
    wait_for(tab, ALL_SEEN)
    tab.wait_for_timeout(300)
    tab.keyboard.press("a")
    expect(tab.get_by_text("Nothing to review")).to_be_visible()
    kept = Decision.objects.filter(verb="approved").values_list("shown", flat=True)
    assert [shown["in_sight"] for shown in kept] == [EVERYTHING] * 30


@pytest.mark.parametrize("screen", [DESK, PHONE])
def test_nothing_of_a_post_is_folded_away_or_to_the_side(open_tab, operator, instagram, author, screen):
    fill([instagram], author, 1)
    tab = open_tab(operator, Draft.objects.get().get_absolute_url(), **screen)
    assert tab.locator(".seen details").count() == 0
    for part in tab.locator(".seen [data-part]").all():
        part.scroll_into_view_if_needed()
        box = part.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= screen["viewport"]["width"]


def test_together_ticks_what_was_scrolled_past_and_nothing_else(open_tab, operator, page, author):
    fill([page], author, 8)
    tab = open_tab(operator, f"/review/together?client={page.client_id}", **DESK)
    ticked = tab.locator("input[data-ticks]:checked")
    tab.wait_for_timeout(300)
    assert ticked.count() < 3
    assert in_the_end(tab)
    for card in tab.locator(".item").all():
        for edge in ("start", "end"):
            card.evaluate("(card, edge) => card.scrollIntoView({block: edge})", edge)
            tab.wait_for_timeout(80)
    expect(ticked).to_have_count(8)


def in_the_end(tab):
    """The button stands below the last card, and over none."""
    button = tab.get_by_role("button", name="Approve those that are ticked").bounding_box()
    last = tab.locator(".item").last.bounding_box()
    return button["y"] >= last["y"] + last["height"]


def test_a_jump_to_the_end_ticks_nothing_in_between(open_tab, operator, page, author):
    fill([page], author, 8)
    tab = open_tab(operator, f"/review/together?client={page.client_id}", **DESK)
    tab.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    tab.wait_for_timeout(300)
    assert not tab.locator("input[data-ticks]").nth(4).is_checked()
