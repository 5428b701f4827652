from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from publishing import gates
from publishing.models import Pause
from sophia import media as folder
from tests import make


@pytest.fixture
def later(draft, operator):
    return make.approved(draft, operator, at=timezone.now() + timedelta(hours=2))


def test_everything_open_means_its_own_time(later):
    now = timezone.now()
    answers = gates.verdicts(later, now)
    assert {type(verdict) for _, verdict in answers} == {gates.Go}
    assert gates.earliest(later, answers, now) == later.publish_at


def test_a_hold_that_ends_gives_the_earliest_time(later):
    now = timezone.now()
    make.behind_the_back(later, claimed_until=later.publish_at + timedelta(minutes=1))
    later.refresh_from_db()
    assert gates.earliest(later, gates.verdicts(later, now), now) == later.claimed_until


def test_a_pause_has_no_end_that_is_known(later, operator):
    Pause.objects.start(by=operator, reason="Storm")
    now = timezone.now()
    assert gates.earliest(later, gates.verdicts(later, now), now) is None


def test_what_somebody_is_about_to_lift_is_left_out(later, operator):
    first = Pause.objects.start(by=operator, reason="Storm")
    second = Pause.objects.start(by=operator, reason="Flood", account=later.account)
    now = timezone.now()
    assert "Flood" in gates.first_closed(later, now, without=[first]).because
    assert gates.first_closed(later, now, without=[first, second]) is None


def test_images_that_the_platform_does_not_take_stop_it(later):
    make.behind_the_back(later, text="x" * 70_000)
    later.refresh_from_db()
    verdict = gates.media(later, gates.Question(timezone.now()))
    assert isinstance(verdict, gates.Stop)
    assert "63,206" in verdict.because


def test_a_list_says_what_holds_each(later, page, author, operator, django_assert_num_queries):
    others = [make.approved(make.draft(page, author), operator, at=later.publish_at) for _ in range(5)]
    Pause.objects.start(by=operator, reason="Storm")
    with django_assert_num_queries(3):
        held = gates.holding([later, *others], timezone.now())
    assert len(held) == 6
    assert "Storm" in held[later.pk]


def test_nothing_is_held_that_does_not_wait(publication, operator):
    publication.publish()
    Pause.objects.start(by=operator, reason="Storm")
    assert gates.holding([publication], timezone.now()) == {}


def test_a_mount_that_went_away_holds_what_it_would_otherwise_fail(page, author, operator, settings, tmp_path):
    publication = make.approved(make.draft(page, author, pictures=[(make.image(), "A loaf")]), operator)
    with transaction.atomic():
        folder.claim()
    home, settings.MEDIA_ROOT = settings.MEDIA_ROOT, tmp_path / "not mounted"
    publication.publish()
    assert publication.state == publication.State.QUEUED
    assert "is not the one of this desk" in gates.first_closed(publication, timezone.now()).because
    settings.MEDIA_ROOT = home
    publication.publish()
    publication.refresh_from_db()
    assert publication.is_live
