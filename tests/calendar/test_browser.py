"""Moving posts in a real browser. Skipped where there is none."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from publishing.calendar.periods import week_of
from tests import make
from tests.pages.browsing import IN_A_BROWSER, browser, open_tab  # noqa: F401

pytestmark = IN_A_BROWSER
LISBON = ZoneInfo("Europe/Lisbon")
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
WIDE = {"viewport": {"width": 1440, "height": 1700}}


@pytest.fixture
def week():
    """The next but one, so that all of it is to come."""
    return week_of(timezone.now().astimezone(LISBON).date() + timedelta(days=14), LISBON)


@pytest.fixture
def at(week):
    """A time of that week in Lisbon: day 0 is Monday."""

    def moment(day, hour, minute=0):
        return datetime.combine(week.days[day], datetime.min.time(), LISBON).replace(hour=hour, minute=minute)

    return moment


@pytest.fixture
def planned(page, author, operator, at):
    """On Tuesday at ten. Another one is out of the way of it on Thursday at twelve, with four hours around it."""
    page.connect(min_gap=timedelta(hours=4))
    make.approved(make.draft(page, author, text="Buns."), operator, at=at(3, 12))
    return make.approved(make.draft(page, author), operator, at=at(1, 10))


@pytest.fixture
def opened(open_tab, operator, planned, week):  # noqa: F811
    return open_tab(operator, f"/calendar/?week={week.name}&client={planned.account.client_id}", **WIDE)


def cell(tab, moment):
    return tab.locator(f'.hour[data-at="{moment:%Y-%m-%dT%H}:00:00+00:00"]')


def drag(tab, publication, onto, quarter=0):
    """Pick it up and hold it over a quarter of an hour."""
    picked, target = tab.locator(f"#pub-{publication.pk} .to").bounding_box(), onto.bounding_box()
    tab.mouse.move(picked["x"] + 20, picked["y"] + 8)
    tab.mouse.down()
    with tab.expect_response("**/openings?**"):
        tab.mouse.move(picked["x"] + 40, picked["y"] + 20, steps=3)
    tab.mouse.move(target["x"] + 30, target["y"] + target["height"] * (quarter + 0.5) / 4, steps=5)


def planned_for(publication):
    publication.refresh_from_db()
    return publication.publish_at


def test_a_post_is_dragged_to_a_free_slot(opened, planned, at):
    drag(opened, planned, cell(opened, at(4, 15)), quarter=2)
    expect(opened.locator(".dragged")).to_contain_text("15:30 Europe/LisbonFree")
    expect(opened.locator("#calendar-says")).to_contain_text("15:30 Europe/Lisbon. Free.")
    opened.mouse.up()
    expect(opened.locator("#move .was")).to_contain_text("10:00 Europe/Lisbon")
    expect(opened.locator("#move .new")).to_contain_text("15:30 Europe/Lisbon")
    opened.get_by_role("button", name="Move it").click()
    expect(opened.locator(".messages")).to_contain_text("Moved to")
    assert planned_for(planned) == at(4, 15, 30)


def test_a_closed_slot_is_shown_and_asks_for_a_reason(opened, planned, at):
    drag(opened, planned, cell(opened, at(3, 13)))
    expect(opened.locator(".dragged.shut")).to_contain_text("at least 4 hours")
    opened.mouse.up()
    opened.get_by_role("button", name="Move it").click()
    expect(opened.locator("#move .verdict")).to_contain_text("at least 4 hours")
    opened.get_by_label("To break the account's cadence: why").fill("The fair is then.")
    opened.get_by_role("button", name="Move it").click()
    expect(opened.locator(".messages")).to_contain_text("Moved to")
    assert planned_for(planned) == at(3, 13)
    assert planned.cadence_override == "olga: The fair is then."


def test_a_post_that_is_let_go_beside_the_calendar_stays(opened, planned, at):
    drag(opened, planned, opened.locator("h1"))
    opened.mouse.up()
    expect(opened.locator("#move")).not_to_be_visible()
    expect(opened.locator(".dragged")).to_have_count(0)
    assert planned_for(planned) == at(1, 10)


def test_escape_lets_go(opened, planned, at):
    drag(opened, planned, cell(opened, at(4, 15)))
    opened.keyboard.press("Escape")
    opened.mouse.up()
    expect(opened.locator("#move")).not_to_be_visible()
    assert planned_for(planned) == at(1, 10)


def test_a_post_is_moved_by_keyboard(opened, planned, at):
    opened.locator(f"#pub-{planned.pk} .to").focus()
    opened.keyboard.press("Enter")
    expect(opened.locator("#move .verdict")).to_contain_text("This slot is free.")
    opened.keyboard.press("ArrowRight")
    opened.keyboard.press("ArrowRight")
    opened.keyboard.press("ArrowDown")
    expect(opened.locator("#move .verdict")).to_contain_text("at least 4 hours")
    opened.keyboard.press("ArrowRight")
    expect(opened.locator("#move .verdict")).to_contain_text("This slot is free.")
    opened.get_by_role("button", name="Move it").press("Enter")
    expect(opened.locator(".messages")).to_contain_text("Moved to")
    assert planned_for(planned) == at(4, 10, 15)


def test_the_dialog_leads_to_the_next_free_slot(opened, planned, at):
    drag(opened, planned, cell(opened, at(3, 13)))
    opened.mouse.up()
    opened.get_by_role("button", name="Take").click()
    expect(opened.locator("#move .verdict")).to_contain_text("This slot is free.")
    opened.get_by_role("button", name="Move it").click()
    expect(opened.locator(".messages")).to_contain_text("Moved to")
    assert planned_for(planned) == at(3, 16)


def test_a_post_that_went_out_meanwhile_is_not_moved(opened, planned, at, operator):
    opened.locator(f"#pub-{planned.pk} .to").click()
    expect(opened.locator("#move .verdict")).to_contain_text("This slot is free.")
    planned.cancel(by=operator)
    opened.get_by_role("button", name="Move it").click()
    expect(opened.get_by_role("alert")).to_contain_text("Cannot reschedule publication")
    assert planned.is_cancelled


def test_a_post_is_dragged_to_another_day_of_the_month(open_tab, operator, planned, week, at):  # noqa: F811
    month = f"{week.days[1]:%Y-%m}"
    tab = open_tab(operator, f"/calendar/?month={month}&client={planned.account.client_id}", **WIDE)
    drag(tab, planned, tab.locator(f"#day-{week.days[4]}"))
    tab.mouse.up()
    expect(tab.locator("#move .new")).to_contain_text("10:00 Europe/Lisbon")
    tab.get_by_role("button", name="Move it").click()
    expect(tab.locator(".messages")).to_contain_text("Moved to")
    assert planned_for(planned) == at(4, 10)


def test_a_post_is_moved_on_a_phone(open_tab, operator, planned, week, at):  # noqa: F811
    tab = open_tab(operator, f"/calendar/?week={week.name}", **PHONE)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    tab.locator(f"#pub-{planned.pk} .to").tap()
    tab.get_by_role("button", name="+15 min").tap()
    expect(tab.locator("#move .new")).to_contain_text("10:15 Europe/Lisbon")
    expect(tab.locator("#move .verdict")).to_contain_text("This slot is free.")
    tab.get_by_role("button", name="Move it").tap()
    expect(tab.locator(".messages")).to_contain_text("Moved to")
    assert planned_for(planned) == at(1, 10, 15)


def test_a_finger_that_rests_lifts_a_post(open_tab, operator, planned, week, at):  # noqa: F811
    tab = open_tab(operator, f"/calendar/?week={week.name}", **WIDE, has_touch=True)
    picked = tab.locator(f"#pub-{planned.pk} .to").bounding_box()
    target = cell(tab, at(4, 15)).bounding_box()
    finger = tab.context.new_cdp_session(tab)

    def touch(kind, x, y):
        points = [] if kind == "touchEnd" else [{"x": x, "y": y}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", picked["x"] + 20, picked["y"] + 8)
    expect(tab.locator(".dragged")).to_be_visible()
    touch("touchMove", target["x"] + 30, target["y"] + 3)
    expect(tab.locator(".dragged")).to_contain_text("15:00 Europe/Lisbon")
    touch("touchEnd", 0, 0)
    expect(tab.locator("#move .new")).to_contain_text("15:00 Europe/Lisbon")


def test_a_post_is_moved_without_javascript(open_tab, operator, planned, week, at):  # noqa: F811
    tab = open_tab(operator, f"/calendar/?week={week.name}", **WIDE, java_script_enabled=False)
    tab.locator(f"#pub-{planned.pk}").get_by_role("link", name="Move…").click()
    expect(tab.get_by_label("Goes out at")).to_have_value(f"{at(1, 10):%Y-%m-%dT%H:%M}")
    tab.get_by_label("Goes out at").fill(f"{at(3, 13):%Y-%m-%dT%H:%M}")
    tab.get_by_role("button", name="Move it").click()
    expect(tab.get_by_role("alert")).to_contain_text("at least 4 hours")
    tab.get_by_label("To break the account's cadence: why").fill("The fair is then.")
    tab.get_by_role("button", name="Move it").click()
    expect(tab.locator(".messages")).to_contain_text("Moved to")
    assert tab.url.endswith(f"week={week.name}&zone=Europe%2FLisbon")
    assert planned_for(planned) == at(3, 13)


def test_the_calendar_changes_live_but_not_under_the_pointer(opened, planned, operator, at):
    entry = opened.locator(f"#pub-{planned.pk}")
    entry.hover()
    place = entry.bounding_box()
    planned.reschedule(by=operator, at=at(5, 9), exact=True)
    expect(opened.locator("[data-live-hint]")).to_be_visible()
    assert entry.bounding_box() == place
    expect(cell(opened, at(1, 10)).locator(".entry")).to_have_count(1)
    opened.locator("h1").hover()
    expect(cell(opened, at(5, 9)).locator(".entry")).to_have_count(1)
    expect(cell(opened, at(1, 10)).locator(".entry")).to_have_count(0)
