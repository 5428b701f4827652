"""A revoked token is one thing to do for a person, however many posts wait for it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.models import Publication
from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError
from publishing.tasks import sweep
from sophia.notifications.models import Notice
from tests import make
from tests.draining import drain

pytestmark = pytest.mark.django_db
REVOKED = PlatformError(Kind.AUTH, "Facebook no longer accepts the token of this account.")


@pytest.fixture
def five(page, operator, clock):
    """Due at the same moment, and the token was revoked."""
    publications = [make.approved(make.draft(page, operator, text=f"Post {n}."), operator) for n in range(5)]
    memory.fail_next("prepare", REVOKED)
    drain()
    return publications


def states():
    return set(Publication.objects.values_list("state", flat=True))


def test_all_wait_and_none_has_failed(five, page, outbox):
    assert (states(), outbox) == ({Publication.State.QUEUED}, [])
    assert page.calls.filter(verb="prepare").count() == 1


def test_there_is_one_notice_for_the_account(five, page):
    told = Notice.objects.get(kind="account.needs_reconnect", urgent=True)
    assert (told.link, told.client) == ("/#accounts", page.client)
    assert Notice.objects.filter(kind__in=["publication.failed", "publication.delayed"]).count() <= 1


def test_reconnecting_releases_them_at_once(five, page, outbox):
    page.refresh_from_db()
    page.connect(token="new")
    drain()
    assert states() == {Publication.State.PUBLISHED}
    assert len(outbox) == 5


def test_they_are_released_through_cadence(five, page, outbox, clock):
    page.refresh_from_db()
    page.connect(token="new", min_gap=timedelta(minutes=10))
    drain()
    assert len(outbox) == 1
    clock.tick(timedelta(minutes=10))
    sweep()
    drain()
    assert len(outbox) == 2


def test_they_are_released_through_lateness(five, page, outbox, clock):
    clock.tick(timedelta(minutes=31))
    page.refresh_from_db()
    page.connect(token="new")
    drain()
    assert (states(), outbox) == ({Publication.State.MISSED}, [])


def test_a_token_that_is_refused_releases_nothing(five, page, outbox):
    memory.fail_next("check", REVOKED)
    page.refresh_from_db()
    with pytest.raises(PlatformError):
        page.connect(token="bad")
    drain()
    page.refresh_from_db()
    assert not page.is_healthy
    assert not outbox


def test_a_check_does_not_end_a_hold(five, page):
    page.refresh_from_db()
    page.examine()
    page.refresh_from_db()
    assert not page.is_healthy
    assert page.checked_at == timezone.now()


def test_the_clients_other_account_goes_on(five, instagram, operator, outbox):
    other = make.approved(make.draft(instagram, operator, pictures=[(make.image(), "")]), operator)
    drain()
    other.refresh_from_db()
    assert other.is_live
    assert [posted.account for posted in outbox] == [instagram.external_id]
