"""Every door of the command line tells a time in the same words: on the client's clock, with its zone."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publishing import invariants
from publishing.models import Publication
from sophia.moments import on_their_clock
from tests import make
from tests.commands.conftest import command  # noqa: F401


@pytest.fixture
def tokyo(db):
    return make.account("facebook", "2002", client="Kumo", zone="Asia/Tokyo")


def test_approve_queue_and_drafts_say_the_same_time(tokyo, author, operator, command):  # noqa: F811
    draft = make.draft(tokyo, author)
    at = "2027-01-05T09:30"
    said = command("approve", draft.pk, "--by", "olga", "--at", at).out
    told = tokyo.clock(Publication.objects.get().publish_at)
    assert told == on_their_clock(Publication.objects.get().publish_at, tokyo.client.zone)
    assert told.endswith("09:30 Asia/Tokyo")
    assert told in said
    assert told in command("queue").out
    assert told in command("drafts").out


def test_an_emergency_shows_when_each_post_went_out(tokyo, author, operator, command):  # noqa: F811
    publication = make.published(make.draft(tokyo, author), operator)
    since = (timezone.now() - timedelta(hours=1)).isoformat()
    shown = command("emergency", "--client", "Kumo", "--since", since, "--reason", "x", "--by", "olga").out
    assert tokyo.clock(publication.published_at) in shown


def test_what_doctor_finds_about_a_post_is_told_on_its_clients_clock(tokyo, author, operator):
    publication = make.published(make.draft(tokyo, author), operator)
    make.behind_the_back(publication.attempts.get(), ended_at=None, started_at=timezone.now() - timedelta(hours=1))
    publication.recover(by=operator, reason="x")
    make.behind_the_back(publication.recoveries.get(), began_at=timezone.now() - timedelta(hours=1))
    for invariant in (invariants.endless_attempts, invariants.against_will):
        (finding,) = invariant(timezone.now())
        assert "Asia/Tokyo" in finding.sentence
        assert "UTC" not in finding.sentence
