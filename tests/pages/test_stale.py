from datetime import timedelta

import pytest
from django.utils import timezone

from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(page, author):
    draft = make.draft(page, author, text="Rye bread.")
    make.behind_the_back(draft, submitted_at=timezone.now() - timedelta(hours=5))
    return draft


def test_the_list_has_exactly_those_that_wait_too_long(desk, old, draft):
    shown = desk.get("/review/?stale=1")
    assert list(shown.context["page"]) == [old]
    assert "waits since" in shown.content.decode()


def test_the_list_can_be_of_one_client(desk, old):
    other = make.draft(make.account("facebook", "2002", client="Rosa"), None)
    make.behind_the_back(other, submitted_at=timezone.now() - timedelta(hours=9))
    shown = desk.get(f"/review/?stale=1&client={old.account.client_id}")
    assert list(shown.context["page"]) == [old]


def test_the_draft_says_since_when_it_waits(desk, old, draft):
    assert "<dt>Waits since" in desk.get(old.get_absolute_url()).content.decode()
    assert "<dt>Waits since" not in desk.get(draft.get_absolute_url()).content.decode()


def test_an_empty_list_says_so(desk, draft):
    assert "No draft waits too long" in desk.get("/review/?stale=1").content.decode()
