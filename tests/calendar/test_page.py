from datetime import timedelta

import pytest

from publishing.models import Client, Pause
from sophia.calendar import MOST
from tests import make
from tests.calendar.conftest import FRIDAY, NOON

pytestmark = pytest.mark.usefixtures("wednesday")


@pytest.fixture
def adelaide(author, operator):
    """Another client's, on Friday at 20:30 in Adelaide, which is the same moment."""
    account = make.account("facebook", "2002", client="Olive & Oak", zone="Australia/Adelaide")
    return make.approved(make.draft(account, author, text="Bowls."), operator, at=FRIDAY)


def entry_of(browser, publication, query=""):
    """What stands in the calendar for it, or nothing."""
    page = browser.get(f"/calendar/{query}").text
    _, found, rest = page.partition(f'id="pub-{publication.pk}"')
    return rest.partition("</div>")[0] if found else ""


def test_the_week_shows_what_is_planned_on_the_clients_clock(desk, planned):
    shown = entry_of(desk, planned)
    assert "Week 48: 23 – 29 November 2026" in desk.get("/calendar/").text
    assert '<time datetime="2026-11-27T10:00:00+00:00">10:00 <span class="zone">Europe/Lisbon' in shown
    assert "Fresh bread at seven." in shown
    assert "Queued" in shown


def test_all_clients_stand_in_one_grid_each_on_their_own_clock(desk, planned, adelaide):
    assert '20:30 <span class="zone">Australia/Adelaide' in entry_of(desk, adelaide)
    assert "The days are those of Australia/Adelaide" in desk.get("/calendar/").text
    shown = desk.get("/calendar/?zone=Europe/Lisbon").text
    assert "The days are those of Europe/Lisbon" in shown
    assert "20:30" in shown


def test_one_client_stands_alone_in_their_zone(desk, planned, adelaide):
    query = f"?client={adelaide.account.client_id}"
    assert entry_of(desk, adelaide, query)
    assert not entry_of(desk, planned, query)
    assert "Olive &amp; Oak, Australia/Adelaide." in desk.get(f"/calendar/{query}").text


def test_without_clients_the_days_are_those_of_utc(desk):
    shown = desk.get("/calendar/").text
    assert "The days are those of UTC" in shown
    assert "Nothing is planned here" in shown


def test_a_weekday_is_named_where_it_is_another_day_for_the_client(desk, author, operator, adelaide, page):
    make.behind_the_back(adelaide, publish_at=FRIDAY + timedelta(hours=5))
    assert "01:30" in entry_of(desk, adelaide, "?zone=Europe/Lisbon")
    assert "</time> Sat</span>" in entry_of(desk, adelaide, "?zone=Europe/Lisbon")


def test_today_and_now_are_marked_and_the_past_is_calmer(desk, page):
    shown = desk.get("/calendar/").text
    assert 'class="day today" id="day-2026-11-25"' in shown.replace(" bare", "")
    assert shown.count('<i class="now q0">') == 1
    assert 'class="day past" id="day-2026-11-24"' in shown.replace(" bare", "")
    assert '<i class="now' not in desk.get("/calendar/?week=2026-W49").text


@pytest.mark.parametrize("state", ["missed", "failed", "handoff", "unconfirmed"])
def test_every_state_is_said(desk, planned, state):
    make.behind_the_back(planned, state=state)
    assert f"{state.capitalize()}</span>" in entry_of(desk, planned)


def test_what_went_out_stands_where_it_went_out(desk, page, author, operator):
    out = make.published(make.draft(page, author), operator)
    make.behind_the_back(out, publish_at=NOON - timedelta(days=20))
    assert "Published" in entry_of(desk, out)
    assert "data-move" not in entry_of(desk, out)


def test_what_is_cancelled_is_gone(desk, planned, operator):
    planned.cancel(by=operator)
    assert not entry_of(desk, planned)


def test_what_is_held_or_prepared_says_so(desk, planned, operator):
    assert "Held" not in entry_of(desk, planned)
    Pause.objects.start(by=operator, reason="Flood", account=planned.account)
    make.behind_the_back(planned, prepared_at=NOON)
    shown = entry_of(desk, planned)
    assert "Held: Café Lua facebook on Facebook is paused by olga: Flood" in shown
    assert "Prepared" in shown


def test_a_draft_in_review_with_a_suggested_time_is_a_ghost(desk, signed_in, page, author, operator):
    draft = make.draft(page, author, text="Soup?", suggested_at=FRIDAY)
    assert "entry accent ghost" in desk.get("/calendar/").text
    draft.approve(by=operator, digest=draft.digest())
    assert "ghost" not in desk.get("/calendar/").text


def test_a_month_folds_what_does_not_fit(desk, page, author, operator):
    for hour in range(7):
        make.approved(make.draft(page, author, text=f"Number {hour}."), operator, at=FRIDAY + timedelta(hours=hour))
    make.draft(page, author, text="Soup?", suggested_at=FRIDAY)
    shown = desk.get("/calendar/?month=2026-11").text
    assert shown.count('class="entry ') == 4
    assert "+ 4 more" in shown
    whole = desk.get("/calendar/?day=2026-11-27").text
    assert 'href="/calendar/?day=2026-11-27&zone=Europe%2FLisbon"' in shown.replace("&amp;", "&")
    assert whole.count('class="entry ') == 8


def test_a_busy_day_of_the_week_leads_to_the_whole_day(desk, page, author, operator):
    for _ in range(MOST["week"] + 2):
        make.approved(make.draft(page, author), operator, at=FRIDAY)
    shown = desk.get("/calendar/").text
    assert (shown.count('class="entry '), "+ 2 more" in shown) == (MOST["week"], True)


def test_links_lead_through_the_end_of_a_year_with_53_weeks(desk, page):
    shown = desk.get("/calendar/?week=2026-W53").text
    assert "Week 53: 28 December 2026 – 3 January 2027" in shown
    assert "?week=2026-W52&amp;" in shown
    assert "?week=2027-W01&amp;" in shown
    assert "?month=2026-12&amp;" in shown


@pytest.mark.parametrize(
    "query", ["week=2099-W53", "month=2099-12", "week=2000-W01", "month=2000-01", "day=2000-01-01"]
)
def test_the_ends_of_the_calendar_can_be_looked_at(desk, page, query):
    assert desk.get(f"/calendar/?{query}").status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "week=x",
        "week=2026-W99",
        "month=2026-00",
        "day=2026-02-30",
        "client=x",
        "client=99",
        "zone=Mars",
        "week=%00&zone=%00",
    ],
)
def test_what_makes_no_sense_is_this_week_of_everybody(desk, planned, query):
    shown = desk.get(f"/calendar/?{query}")
    assert "Week 48: " in shown.text
    assert entry_of(desk, planned, f"?{query}")


def test_strangers_and_visitors_see_nothing(client, signed_in, stranger, planned):
    assert client.get("/calendar/")["Location"].startswith("/login/")
    assert signed_in(stranger).get("/calendar/").status_code == 403


def test_who_may_only_look_can_move_nothing(signed_in, viewer, planned):
    shown = signed_in(viewer).get("/calendar/").text
    assert "Fresh bread" in shown
    assert "data-move" not in shown
    assert "calendar.js" not in shown


def test_a_fuller_calendar_takes_no_more_queries(desk, author, operator, queries_of):
    def counts():
        return {query: queries_of(desk, f"/calendar/{query}") for query in ["", "?month=2026-11", "?day=2026-11-27"]}

    def fill(numbers):
        for number in numbers:
            account = make.account("facebook", f"90{number}", client=f"Client {number}")
            make.approved(make.draft(account, author), operator, at=FRIDAY)
            make.draft(account, author, suggested_at=FRIDAY)

    fill(range(3))
    Pause.objects.start(by=operator, reason="Flood", client=Client.objects.first())
    few = counts()
    fill(range(3, 30))
    assert counts() == few


def test_a_full_calendar_is_no_heavy_page(desk, author, operator):
    for number in range(8 * 7):
        account = make.account("facebook", f"90{number}", client=f"Client {number}")
        at = NOON + timedelta(days=5 + number % 7)
        make.approved(make.draft(account, author, text="Words and words " * 30), operator, at=at)
    for query in ["?week=2026-W49", "?month=2026-12"]:
        assert len(desk.get(f"/calendar/{query}").content) < 100_000
