"""Each invariant is broken once, behind Sophia's back, and found. Nothing is found where nothing is broken."""

from datetime import timedelta

import pytest
from django.utils import timezone
from django_q.models import Schedule

from approval import invariants as approval
from publishing import invariants
from publishing.models import Pause, Publication, SocialAccount
from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError
from publishing.tasks import look_around, sweep
from sophia import schedules
from sophia.health import examination, house
from sophia.health.signs import QUEUES
from sophia.models import Heartbeat, Symptom
from sophia.notifications.models import Notice
from tests import make
from tests.draining import drain


def found(invariant, now=None):
    return [finding.key for finding in invariant(now or timezone.now())]


def without_clock(findings):
    """A test that moves its clock is right to be found out by the database."""
    return [finding for finding in findings if finding.key != "clock"]


@pytest.fixture
def out(draft, operator):
    return make.published(draft, operator)


@pytest.fixture
def working(db):
    """A house whose workers run."""
    schedules.sync()
    for name in ("sweep", *(f"machine {queue}" for queue in QUEUES)):
        Heartbeat.note(name, timedelta())


def test_nothing_is_found_while_everything_works(working, page, instagram, author, operator, clock):
    now = timezone.now()
    for minutes in range(0, 10, 2):
        make.approved(make.draft(page, author), operator, at=now + timedelta(minutes=minutes))
    make.approved(make.draft(page, author), operator, mode=Publication.Mode.MANUAL)
    Pause.objects.start(by=operator, reason="x", account=instagram)
    make.approved(make.draft(instagram, author, pictures=[(make.image(), "")]), operator)
    for _ in range(8):
        drain()
        sweep()
        for queue in QUEUES:
            Heartbeat.note(f"machine {queue}", timedelta())
        assert without_clock(examination.examine(deep=True)) == []
        clock.tick(timedelta(minutes=1))


def test_what_is_due_and_not_sent_is_found(publication, clock):
    assert not found(invariants.overdue)
    clock.tick(timedelta(minutes=3))
    assert found(invariants.overdue) == [f"overdue:{publication.pk}"]


def test_what_a_pause_holds_is_not_overdue(publication, operator, clock):
    Pause.objects.start(by=operator, reason="x")
    clock.tick(timedelta(minutes=3))
    assert not found(invariants.overdue)


def test_what_the_cadence_holds_is_not_overdue(page, author, operator, clock):
    page.min_gap = timedelta(hours=1)
    page.save()
    first, second = (make.approved(make.draft(page, author), operator, override="Both.") for _ in range(2))
    make.behind_the_back(second, cadence_override="")
    first.publish()
    clock.tick(timedelta(minutes=3))
    assert not found(invariants.overdue)


def test_a_worker_that_stopped_is_found(publication, clock, settings):
    publication.claim()
    clock.tick(settings.SOPHIA_LEASE + timedelta(minutes=1))
    assert not found(invariants.stuck)
    clock.tick(timedelta(minutes=2))
    assert found(invariants.stuck) == [f"stuck:{publication.pk}"]


def test_an_attempt_without_an_end_is_found(publication, clock):
    publication.publish()
    make.behind_the_back(publication.attempts.get(), ended_at=None)
    assert not found(invariants.endless_attempts)
    clock.tick(timedelta(minutes=5))
    assert len(found(invariants.endless_attempts)) == 1


def test_a_broken_seal_is_found(publication):
    assert not found(invariants.broken_seals)
    make.behind_the_back(publication, text="Something else.")
    assert found(invariants.broken_seals) == [f"seal:{publication.pk}"]


def test_a_changed_image_is_found_by_looking_deep(page, author, operator):
    publication = make.approved(make.draft(page, author, pictures=[(make.image(), "")]), operator)
    publication.pictures.get().image.path.write_bytes(b"changed")
    now = timezone.now()
    assert not list(invariants.broken_seals(now))
    assert [finding.key for finding in invariants.broken_seals(now, deep=True)] == [f"seal:{publication.pk}"]


def test_seals_are_read_together(page, author, operator, django_assert_num_queries):
    for _ in range(5):
        make.approved(make.draft(page, author, pictures=[(make.image(), "")]), operator)
    with django_assert_num_queries(5):
        assert not found(invariants.broken_seals)


def test_a_missing_alarm_is_found(draft, operator, clock):
    publication = make.approved(draft, operator, at=timezone.now() + timedelta(minutes=10))
    clock.tick(timedelta(minutes=9, seconds=30))
    assert found(invariants.missing_alarms) == [f"alarm:{publication.pk}"]
    sweep()
    assert not found(invariants.missing_alarms)


def test_a_look_that_nobody_took_is_found(publication, clock):
    memory.fail_next("commit", PlatformError(Kind.UNKNOWN, "The line went dead."), after=True)
    publication.publish()
    assert not found(invariants.forgotten_looks)
    clock.tick(timedelta(minutes=5))
    assert found(invariants.forgotten_looks) == [f"look:{publication.pk}"]


def test_a_recovery_that_stopped_is_found(draft, operator, clock):
    recovery = make.published(draft, operator).recover(by=operator, reason="x")
    recovery.claim()
    clock.tick(timedelta(minutes=5))
    assert found(invariants.stuck_recoveries) == [f"recovery:{recovery.pk}"]


def test_a_token_that_no_key_opens_is_found(page):
    assert not found(invariants.unreadable_tokens)
    SocialAccount.objects.filter(pk=page.pk).update(token="gAAAA-something")
    assert found(invariants.unreadable_tokens) == [f"token:{page.pk}"]


def test_an_approved_draft_has_its_publication(draft, operator, publication):
    assert not found(approval.approved_without_publication)


def test_rhythms_that_are_not_scheduled_are_found(working):
    assert not found(house.missing_rhythms)
    Schedule.objects.filter(name="sweep").delete()
    assert found(house.missing_rhythms) == ["rhythm:sweep"]


def test_quiet_workers_are_found(working, settings):
    assert not found(house.quiet_clusters)
    Heartbeat.objects.update(seen_at=timezone.now() - timedelta(hours=1))
    assert found(house.quiet_clusters) == [f"cluster:{queue}" for queue in QUEUES]
    assert found(house.late_sweep) == ["sweep"]


def test_a_database_that_is_up_to_date_lacks_nothing(db):
    assert not found(house.unapplied_migrations)
    assert not found(house.unwritable_media)
    assert not found(house.clock_skew)


def test_a_finding_is_told_once_and_once_more_when_it_is_mended(working, publication, operator, clock):
    clock.tick(timedelta(minutes=3))
    for queue in QUEUES:
        Heartbeat.note(f"machine {queue}", timedelta())
    for _ in range(3):
        examination.watch()
    told = Notice.objects.filter(kind="health.finding")
    assert told.filter(sentence__contains="has not been sent").count() == 1
    publication.publish()
    for _ in range(2):
        examination.watch()
    assert Notice.objects.filter(kind="health.mended").count() == 1
    assert not Symptom.objects.exclude(key="clock").exists()


def test_a_finding_that_somebody_else_has_told_is_not_told_again(db):
    finding = next(iter(house.missing_rhythms(timezone.now())))
    examination.tell([finding])
    examination.tell([finding])
    assert Notice.objects.filter(kind="health.finding").count() == 1


def test_what_one_outage_did_to_eight_is_one_notice_a_client(page, author, operator, clock):
    accounts = [page] * 5 + [make.account("facebook", "2002", client="Pão")] * 3
    posts = [make.approved(make.draft(each, author), operator) for each in accounts]
    clock.tick(timedelta(minutes=3))
    for _ in range(2):
        examination.watch()
    told = Notice.objects.filter(kind="health.finding", sentence__contains="has not been sent")
    assert {(notice.client_id, notice.urgent) for notice in told} == {
        (page.client_id, True),
        (accounts[-1].client_id, True),
    }
    assert told.count() == 2
    assert "with 4 more" in told.get(client=page.client).sentence
    assert Symptom.objects.filter(key__startswith="overdue:").count() == 8
    for post in posts:
        post.publish()
    for _ in range(2):
        examination.watch()
    mended = Notice.objects.filter(kind="health.mended", sentence__contains="has not been sent")
    assert mended.count() == 2


def test_published_posts_that_nobody_looks_at_are_one_finding(out, page, clock):
    clock.tick(timedelta(hours=2))
    assert found(invariants.unwatched) == ["unwatched"]
    look_around()
    drain()
    assert found(invariants.unwatched) == []


def test_what_only_waited_for_its_account_or_a_take_down_is_no_finding(out, page, operator, clock):
    recovery = out.recover(by=operator, reason="x", urgency="review")
    page.hold("Its token is revoked.")
    clock.tick(timedelta(hours=2))
    assert found(invariants.unwatched) == []
    recovery.dismiss(by=operator, note="It may stay.")
    page.connect(token="another-token")
    assert found(invariants.unwatched) == []
