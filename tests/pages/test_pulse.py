"""The strip on every page: four numbers, each with a link to exactly its rows."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.models import Pause
from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError
from publishing.pulse import Pulse
from tests import make

NUMBERS = re.compile(r'<li><a href="([^"]+)"[^>]*><b>(\d+)</b> ([a-z ]+)</a></li>')


def strip(desk, path="/"):
    shown = desk.get(path).text.partition('id="pulse"')[2].partition("</ul>")[0]
    found = NUMBERS.findall(shown)
    return {words.replace("need ", "needs "): (int(number), link) for link, number, words in found}


def rows(desk, link):
    listed = desk.get(link).context["page"]
    return {row.pk for row in listed}


@pytest.fixture
def noon(clock):
    """In the middle of the day where the client of the tests is."""
    clock.move_to(timezone.now().replace(hour=12, minute=0) + timedelta(days=1))


@pytest.fixture
def today(noon, page, author, operator):
    return make.approved(make.draft(page, author), operator, at=timezone.now() + timedelta(hours=1))


@pytest.fixture
def tomorrow(noon, page, author, operator):
    return make.approved(make.draft(page, author), operator, at=timezone.now() + timedelta(days=1))


@pytest.fixture
def failed(noon, page, author, operator):
    publication = make.approved(make.draft(page, author, text="Too small."), operator)
    memory.fail_next("prepare", PlatformError(Kind.REJECTED, "The image is too small."))
    publication.publish()
    return publication


def test_an_empty_desk_shows_four_zeros(desk):
    assert [number for number, _ in strip(desk).values()] == [0, 0, 0, 0]


def test_queued_today_is_the_clients_day(desk, today, tomorrow):
    number, link = strip(desk)["queued today"]
    assert (number, rows(desk, link)) == (1, {today.pk})


def test_each_client_has_a_day_of_their_own(desk, noon, author, operator):
    east = make.account("facebook", "2002", client="Olive & Oak", zone="Pacific/Kiritimati")
    now = timezone.now()  # two in the night, there
    late = make.approved(make.draft(east, author), operator, at=now + timedelta(hours=21))
    make.approved(make.draft(east, author), operator, at=now + timedelta(hours=23))
    number, link = strip(desk)["queued today"]
    assert (number, rows(desk, link)) == (1, {late.pk})


def test_a_pause_holds_what_is_queued_and_the_link_shows_it(desk, today, tomorrow, operator, page):
    assert strip(desk)["held"][0] == 0
    Pause.objects.start(by=operator, reason="Bad news day", account=page)
    number, link = strip(desk)["held"]
    assert (number, rows(desk, link)) == (2, {today.pk, tomorrow.pk})


def test_what_needs_a_person_is_counted_once(desk, failed, today, operator):
    out = make.published(make.draft(today.account, None, text="Wrong price."), operator)
    out.recover(by=operator, reason="Wrong", urgency="review")
    number, link = strip(desk)["needs you"]
    assert (number, rows(desk, link)) == (2, {failed.pk, out.pk})


def test_a_lookalike_is_held_and_needs_a_person(desk, noon, page, author, operator):
    out = make.published(make.draft(page, author), operator)
    twin = make.approved(make.draft(page, author), operator, at=timezone.now() + timedelta(hours=3))
    out.recover(by=operator, reason="Wrong")
    assert rows(desk, strip(desk)["held"][1]) == {twin.pk}
    assert twin.pk in rows(desk, strip(desk)["needs you"][1])


def test_a_client_narrows_the_lists_too(desk, failed):
    assert rows(desk, f"/queue/?needs=any&client={failed.account.client_id}") == {failed.pk}
    assert rows(desk, "/queue/?needs=any&client=999") == set()


def test_the_review_queue_is_counted(desk, draft):
    assert strip(desk)["in review"] == (1, "/review/")


def test_whoever_may_see_nothing_gets_no_strip(signed_in, stranger):
    assert 'id="pulse"' not in signed_in(stranger).get("/").text


def test_the_strip_costs_four_queries_and_one_for_who_asks(page, operator, django_assert_num_queries):
    with django_assert_num_queries(5):
        pulse = Pulse(operator)
        assert [pulse.waiting, pulse.today, pulse.held, pulse.needy] == [0, 0, 0, 0]


def test_the_strip_costs_every_page_the_same_for_many(desk, page, author, operator, queries_of):
    def fill(number):
        for hour in range(1, number):
            make.approved(make.draft(page, author), operator, at=timezone.now() + timedelta(hours=hour))

    fill(3)
    few = queries_of(desk, "/pause/")
    fill(30)
    assert queries_of(desk, "/pause/") == few <= 21
