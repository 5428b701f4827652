import pytest

from sophia.notifications.announce import announce
from sophia.notifications.models import Notice, Reading
from tests import make


@pytest.fixture
def told(operator):
    announce("publication.failed", "Publication 1 is failed.", link="/queue/", urgent=True)
    announce("publication.scheduled", "Publication 1 is set for Monday.")
    return Notice.objects.first()


def bell(browser):
    return browser.get("/notices/").context["unread"]()


def test_the_bell_counts_what_matters(desk, told):
    assert bell(desk) == 1


def test_each_person_has_a_bell_of_their_own(desk, told, signed_in, second_operator):
    desk.post("/notices/read", {"up_to": told.pk})
    announce("publication.missed", "Publication 2 is missed.", urgent=True)
    assert bell(desk) == 1
    assert bell(signed_in(second_operator)) == 1


def test_what_was_told_before_somebody_came_is_not_unread(told, signed_in):
    assert bell(signed_in(make.person("nina", "viewer"))) == 0


def test_what_came_after_the_page_was_opened_stays_unread(desk, told):
    seen = desk.get("/notices/").context["newest"]
    announce("publication.failed", "Publication 2 is failed.")
    desk.post("/notices/read", {"up_to": seen})
    assert bell(desk) == 1


@pytest.mark.only_on("sqlite", "postgresql")
@pytest.mark.parametrize("up_to", ["", "x", "-1", "9" * 30, str(10**17)])
def test_nonsense_marks_nothing_that_is_yet_to_come(desk, told, up_to):
    desk.post("/notices/read", {"up_to": up_to})
    announce("publication.failed", "Publication 2 is failed.")
    assert bell(desk) >= 1


def test_reading_never_goes_back(operator, told):
    Notice.objects.all().read(by=operator, up_to=told.pk)
    Notice.objects.all().read(by=operator, up_to=told.pk - 1)
    assert Reading.objects.get(person=operator).up_to == told.pk


def test_the_page_shows_what_matters_unless_asked_for_everything(desk, told):
    assert [notice.kind for notice in desk.get("/notices/").context["page"]] == ["publication.failed"]
    assert len(desk.get("/notices/?show=all").context["page"]) == 2
    assert b"set for Monday" in desk.get("/notices/?show=all").content


def test_the_notices_of_one_client(desk, told, draft):
    rows = desk.get(f"/notices/?show=all&client={draft.account.client_id}").context["page"]
    assert {notice.client for notice in rows} == {draft.account.client}


def test_without_notices_it_says_so(desk):
    assert b"No notices" in desk.get("/notices/").content


def test_a_stranger_sees_none(signed_in, stranger):
    assert signed_in(stranger).get("/notices/").status_code == 403
    assert signed_in(stranger).post("/notices/read", {"up_to": 1}).status_code == 403


def test_the_number_of_queries_does_not_grow(desk, queries_of, told):
    few = queries_of(desk, "/notices/")
    for number in range(30):
        announce("publication.failed", f"Publication {number} is failed.")
    assert queries_of(desk, "/notices/") == few
