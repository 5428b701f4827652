"""A morning at the review page, in a real browser."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from approval.models import Draft
from publishing.models import Publication
from tests import make
from tests.asgi import wait_until
from tests.pages.browsing import IN_A_BROWSER

pytestmark = IN_A_BROWSER


@pytest.fixture
def twenty(page, instagram, author):
    pictures = [(make.image(), "A teal square")]
    return [
        make.draft(on, author, text=f"Bread number {number}.", pictures=pictures)
        for number in range(10)
        for on in (page, instagram)
    ]


def shown(tab):
    return int(tab.locator(".judged").get_attribute("data-draft"))


def state(draft):
    return Draft.objects.get(pk=draft.pk).state


def undecided():
    return Draft.objects.in_review().count()


def press_on(tab, key):
    """A person reads first. One key, then another draft is there."""
    tab.wait_for_timeout(300)
    before = tab.locator(".judged").get_attribute("data-draft")
    tab.keyboard.press(key)
    expect(tab.locator(f".judged[data-draft='{before}']")).to_have_count(0)


def test_twenty_drafts_are_cleared_by_one_key_each(open_tab, operator, twenty):
    tab = open_tab(operator, "/review/")
    for _ in range(19):
        press_on(tab, "a")
    tab.wait_for_timeout(300)
    tab.keyboard.press("a")
    expect(tab.get_by_text("Nothing to review")).to_be_visible()
    assert {draft.publication.approved_by for draft in Draft.objects.all()} == {operator}
    assert Publication.objects.count() == 20


def test_the_next_draft_is_shown_before_the_server_has_answered(open_tab, operator, twenty):
    tab = open_tab(operator, "/review/")
    tab.wait_for_load_state("networkidle")
    held = []
    tab.route("**/approve", lambda route: held.append(route))
    press_on(tab, "a")
    assert undecided() == 20
    held[0].continue_()
    expect(tab.get_by_role("status")).to_contain_text("Approved. It goes out in 10 seconds.")
    assert undecided() == 19


PRESSED = """() => {
    const key = { key: "a", bubbles: true };
    const press = (more) => document.body.dispatchEvent(new KeyboardEvent("keydown", { ...key, ...more }));
    document.addEventListener("sophia:shown", () => { press(); press({ repeat: true }); });
    press();
    press();
    press({ repeat: true });
}"""
"""Doubled, held, and once more at the moment when the next draft is shown: however slow the machine is."""


def test_a_held_or_doubled_key_does_not_decide_what_nobody_has_read(open_tab, operator, twenty):
    tab = open_tab(operator, "/review/")
    tab.wait_for_load_state("networkidle")
    tab.evaluate(PRESSED)
    expect(tab.get_by_role("status")).to_contain_text("Approved.")
    assert undecided() == 19


def test_u_takes_the_last_decision_back(open_tab, operator, draft, page, author):
    make.draft(page, author, text="Second.")
    tab = open_tab(operator, draft.get_absolute_url())
    press_on(tab, "a")
    expect(tab.get_by_role("button", name="Undo")).to_be_visible()
    press_on(tab, "u")
    expect(tab.get_by_role("status")).to_contain_text("is back in review")
    assert shown(tab) == draft.pk
    assert state(draft) == Draft.State.IN_REVIEW
    assert Publication.objects.get().is_cancelled


def test_an_undo_that_comes_too_late_is_said(open_tab, operator, draft, page, author):
    make.draft(page, author, text="Second.")
    tab = open_tab(operator, draft.get_absolute_url())
    press_on(tab, "a")
    expect(tab.get_by_role("button", name="Undo")).to_be_visible()
    make.behind_the_back(Publication.objects.get(), publish_at=timezone.now())
    Publication.objects.get().publish()
    tab.keyboard.press("u")
    expect(tab.get_by_role("status")).to_contain_text("cannot be stopped any more")
    assert state(draft) == Draft.State.APPROVED


def test_a_refusal_comes_back_with_the_change_and_what_was_typed(open_tab, operator, draft, page, author):
    make.draft(page, author, text="Second.")
    tab = open_tab(operator, draft.get_absolute_url())
    tab.wait_for_load_state("networkidle")
    tab.get_by_label("Day and time in Europe/Lisbon").fill("2099-06-01T09:30")
    tab.evaluate("document.activeElement.blur()")
    draft.edit(by=author, text="Fresh bread at eight.", link="", pictures=[], digest=draft.digest())
    expect(tab.get_by_text("This draft has changed. Finish, or")).to_be_visible()
    tab.wait_for_load_state("networkidle")
    tab.wait_for_timeout(500)
    press_on(tab, "a")
    refusal = tab.get_by_role("alert").filter(has_text="was not approved")
    expect(refusal.locator("ins")).to_contain_text("eight.")
    refusal.get_by_role("button", name="Go back to it").click()
    expect(tab.get_by_role("article")).to_contain_text("eight.")
    assert tab.get_by_label("Day and time in Europe/Lisbon").input_value() == "2099-06-01T09:30"
    assert state(draft) == Draft.State.IN_REVIEW


def test_rejecting_by_keys_alone(open_tab, operator, draft, page, author):
    make.draft(page, author, text="Second.")
    tab = open_tab(operator, draft.get_absolute_url())
    for key in ("r", "5", "4"):
        tab.keyboard.press(key)
    press_on(tab, "Enter")
    expect(tab.get_by_role("status")).to_contain_text("Rejected.")
    assert set(draft.decisions.last().tags) == {"too long", "off-brand"}


def test_a_lost_connection_loses_no_decision(open_tab, operator, draft, page, author):
    make.draft(page, author, text="Second.")
    tab = open_tab(operator, draft.get_absolute_url())
    tab.wait_for_load_state("networkidle")
    tab.route("**/approve", lambda route: route.abort())
    press_on(tab, "a")
    expect(tab.get_by_role("status")).to_contain_text("Sophia cannot be reached")
    tab.unroute("**/approve")
    tab.get_by_role("button", name="Try again").click()
    expect(tab.get_by_role("status")).to_contain_text("Approved.")
    assert state(draft) == Draft.State.APPROVED


def test_the_slot_of_the_next_draft_is_the_one_that_is_left(open_tab, operator, page, author):
    page.min_gap = timedelta(hours=4)
    page.save()
    make.approved(make.draft(page, author, text="Out."), operator)
    drafts = [make.draft(page, author, text=f"Number {number}.") for number in range(3)]
    tab = open_tab(operator, drafts[0].get_absolute_url())
    for left in (2, 1, 0):
        tab.wait_for_timeout(1500)
        tab.keyboard.press("a")
        wait_until(lambda left=left: undecided() == left, seconds=120)
    slots = sorted(Publication.objects.values_list("publish_at", flat=True))
    assert [later - slot for slot, later in pairwise(slots)] == [timedelta(hours=4)] * 3


def test_g_goes_to_the_queue_and_slash_to_the_search(open_tab, operator, draft):
    tab = open_tab(operator, draft.get_absolute_url())
    tab.keyboard.press("/")
    expect(tab.get_by_role("searchbox")).to_be_focused()
    tab.keyboard.press("Escape")
    tab.keyboard.press("g")
    tab.keyboard.press("q")
    tab.wait_for_url("**/queue/")


def test_several_are_selected_by_key_and_approved_together(open_tab, operator, author, page):
    drafts = [make.draft(page, author, text=f"Number {number}.") for number in range(3)]
    tab = open_tab(operator, drafts[0].get_absolute_url())
    tab.keyboard.press("x")
    press_on(tab, "j")
    tab.keyboard.press("x")
    tab.get_by_role("button", name="See the selected together").click()
    expect(tab.locator("input[data-ticks]:checked")).to_have_count(2)
    drafts[1].edit(by=author, text="Number one.", link="", pictures=[], digest=drafts[1].digest())
    tab.get_by_role("button", name="Approve those that are ticked").click()
    results = tab.get_by_role("region", name="What came of it")
    expect(results).to_contain_text("is approved.")
    expect(results.get_by_role("alert").locator("ins")).to_contain_text("one.")
    assert [state(draft) for draft in drafts] == ["approved", "in_review", "in_review"]


def test_the_whole_way_works_without_javascript(open_tab, operator, draft, page, author):
    make.draft(page, author, text="Second.")
    third = make.draft(page, author, text="Third.")
    tab = open_tab(operator, "/review/", java_script_enabled=False)
    tab.get_by_role("button", name="Approve").click()
    tab.get_by_role("button", name="Undo").click()
    expect(tab.locator(".messages")).to_contain_text("Back in review.")
    assert state(draft) == Draft.State.IN_REVIEW
    tab.get_by_role("button", name="Skip").click()
    tab.get_by_label("Select Draft").first.check()
    tab.get_by_label("Select Draft").nth(1).check()
    tab.get_by_role("button", name="See the selected together").click()
    expect(tab.locator("input[data-ticks]:checked")).to_have_count(0)
    for box in tab.locator("input[data-ticks]").all():
        box.check()
    tab.get_by_role("button", name="Approve those that are ticked").click()
    expect(tab.get_by_role("region", name="What came of it")).to_contain_text("is approved.")
    assert state(third) == Draft.State.APPROVED
