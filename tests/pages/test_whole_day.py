"""A day of the operator at the desk, from signing in to what a client approves on a phone."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from approval.models import Draft
from publishing.calendar.periods import week_of
from publishing.models import Publication
from tests import make
from tests.asgi import wait_until
from tests.draining import carry_out
from tests.pages.browsing import IN_A_BROWSER, complaints_of

pytestmark = IN_A_BROWSER
LISBON = ZoneInfo("Europe/Lisbon")
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}


@pytest.fixture
def week():
    """The next but one, so that all of it is to come."""
    return week_of(timezone.now().astimezone(LISBON).date() + timedelta(days=14), LISBON)


@pytest.fixture
def drafts(page, author, week):
    """The last is meant for a Tuesday at ten."""
    tuesday = datetime.combine(week.days[1], datetime.min.time(), LISBON).replace(hour=10)
    made = [make.draft(page, author, text=f"Bread number {number}.") for number in range(6)]
    return [*made, make.draft(page, author, text="Bread for the fair.", suggested_at=tuesday)]


def test_a_whole_day(open_tab, operator, author, stranger, drafts, week):
    tab = open_tab(operator, "/login/")  # where no stream opens that signing out would cut
    complaints = complaints_of(tab)
    sign_in(tab)
    for _ in range(3):
        press_on(tab, "a")
    edit_against(tab, open_tab(author, "/"), drafts[3])
    press_on(tab, "a")
    reject(tab)
    approve_together(tab)
    move_by_keyboard(tab, drafts[6], week)
    pause_and_resume(tab)
    take_down(tab, publication_of(drafts[0]))
    replace(tab)
    approve_as_client(
        open_tab(stranger, make.client_link(drafts[0].account.client, operator, approving=True)[1], **PHONE)
    )
    states = ["approved"] * 4 + ["rejected"] + ["approved"] * 3
    assert [draft.state for draft in Draft.objects.order_by("pk")] == states
    assert [one for one in complaints if "409 (Conflict)" not in one] == []


def sign_in(tab):
    tab.context.clear_cookies()
    tab.goto("/review/")
    tab.get_by_label("Name").fill("olga")
    tab.get_by_label("Password").fill("a-good-password")
    tab.get_by_role("button", name="Sign in").click()
    expect(tab.get_by_role("article")).to_contain_text("Bread number 0.")


def press_on(tab, key):
    """Until another draft is there: a key that comes before anybody can have read is not taken."""
    before = shown(tab)
    wait_until(lambda: tab.keyboard.press(key) or shown(tab) != before)


def shown(tab):
    return tab.locator(".judged").get_attribute("data-draft")


def edit_against(tab, second, draft):
    """Somebody else saves first: what was typed is kept, beside what they changed."""
    tab.keyboard.press("e")
    second.goto(reverse("approval:edit", args=[draft.pk]))
    tab.wait_for_url(second.url)
    type_and_save(second, "Bread number three.")
    expect(second.get_by_role("article")).to_contain_text("number three.")
    type_and_save(tab, "Rolls at nine.")
    expect(tab.locator(".note.error ins")).to_contain_text("three.")
    tab.goto(tab.url)
    tab.get_by_role("button", name="Bring it back").click()
    tab.get_by_role("button", name="Save", exact=True).click()
    expect(tab.get_by_role("article")).to_contain_text("Rolls at nine.")


def type_and_save(tab, text):
    tab.get_by_role("textbox", name="Text", exact=True).fill(text)
    tab.get_by_role("button", name="Save", exact=True).click()


def reject(tab):
    expect(tab.get_by_role("article")).to_contain_text("Bread number 4.")
    for key in ("r", "5", "4"):
        tab.keyboard.press(key)
    press_on(tab, "Enter")
    expect(tab.get_by_role("status").filter(has_text="Rejected.")).to_be_visible()


def approve_together(tab):
    expect(tab.get_by_role("article")).to_contain_text("Bread number 5.")
    tab.keyboard.press("x")
    tab.keyboard.press("j")
    expect(tab.get_by_role("article")).to_contain_text("Bread for the fair.")
    tab.keyboard.press("x")
    tab.get_by_role("button", name="See the selected together").click()
    for card in tab.locator(".item").all():
        card.scroll_into_view_if_needed()
    expect(tab.locator("input[data-ticks]:checked")).to_have_count(2)
    tab.get_by_role("button", name="Approve those that are ticked").click()
    expect(tab.get_by_role("region", name="What came of it").get_by_text("is approved.")).to_have_count(2)


def move_by_keyboard(tab, draft, week):
    planned = publication_of(draft)
    tab.goto(f"/calendar/?week={week.name}")
    tab.locator(f"#pub-{planned.pk} .to").press("Enter")
    expect(tab.locator("#move .verdict")).to_contain_text("This slot is free.")
    tab.keyboard.press("ArrowRight")
    expect(tab.locator("#move .new")).to_contain_text(f"{week.days[2].day}")
    tab.get_by_role("button", name="Move it").press("Enter")
    expect(tab.locator(".messages")).to_contain_text("Moved to")
    assert publication_of(draft).publish_at - planned.publish_at == timedelta(days=1)


def pause_and_resume(tab):
    tab.goto("/pause/")
    tab.get_by_label("Why").fill("Press incident")
    tab.get_by_role("button", name="Pause").click()
    expect(tab.get_by_text("Everything is paused. Nothing goes out.")).to_be_visible()
    tab.get_by_role("link", name="Resume…").first.click()
    tab.get_by_role("button", name="Resume everything").click()
    expect(tab.get_by_text("Everything is paused. Nothing goes out.")).to_have_count(0)


def take_down(tab, publication):
    make.behind_the_back(publication, publish_at=timezone.now())
    publication.publish()
    tab.goto(publication.get_absolute_url())
    tab.get_by_text("Take down…").click()
    tab.get_by_label("Why", exact=True).fill("Wrong price")
    tab.get_by_label("Yes, remove this from Facebook").check()
    tab.get_by_role("button", name="Take it down").click()
    expect(tab.get_by_text("Being taken down…")).to_be_visible()
    carry_out(publication.recoveries.get())
    expect(tab.locator("#status .state")).to_contain_text("Recovered")


def replace(tab):
    tab.get_by_role("button", name="Write a replacement").click()
    type_and_save(tab, "Bread at the right price.")
    expect(tab.get_by_role("article")).to_contain_text("Bread at the right price.")


def approve_as_client(phone):
    phone.get_by_role("link", name="Bread at the right price.").tap()
    phone.get_by_role("button", name="Approve exactly this").tap()
    expect(phone.get_by_role("status")).to_contain_text("Thank you. It is approved.")


def publication_of(draft):
    return Publication.objects.get(draft=draft)
