"""Doctor, /healthz, /metrics and the page say the same, whatever is broken."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.html import escape
from django_q.models import OrmQ, Schedule

from approval.invariants import approved_without_publication
from publishing import histories, invariants
from publishing.models import Emergency, Preparation, Publication, Recovery, RestorePoint, SocialAccount, Witness
from publishing.platforms import memory
from publishing.platforms.base import Kind, PlatformError
from sophia import media
from sophia.demo.traces import PASSWORD
from sophia.health import examination, house
from sophia.health.signs import QUEUES
from sophia.models import Heartbeat
from sophia.notifications.models import Notice
from tests import make
from tests.commands.conftest import command  # noqa: F401
from tests.health.test_doors import working  # noqa: F401

TOKEN = "a-token-of-more-than-twenty-signs"
LONG_AGO = timedelta(hours=1)
OUT_OF_REACH = {house.clock_skew, approved_without_publication, house.low_disk}
"""A clock, and a rule of the database, that no test can break here; and the disk, which has a test of its own."""
ADVICE = {
    house.nobody_told,
    house.old_backup,
    house.open_to_others,
    house.servers_beside,
    histories.without_history,
    histories.broken_client_histories,
}
ONLY_DEEP = {house.damaged_file}


def ago(**wait):
    return timezone.now() - timedelta(**wait)


def migrations(publication, operator):
    MigrationRecorder.Migration.objects.filter(app="sophia").delete()


def rhythm(publication, operator):
    Schedule.objects.filter(name="sweep").delete()


def cluster(publication, operator):
    Heartbeat.objects.filter(name__endswith=QUEUES[1]).delete()


def late_sweep(publication, operator):
    Heartbeat.objects.filter(name="sweep").update(seen_at=ago(hours=1))


def folder(publication, operator):
    media.claim()
    media.mark_of(media.Desk.here()).unlink()


def overdue(publication, operator):
    make.behind_the_back(publication, publish_at=ago(minutes=3))


def stuck(publication, operator):
    publication.claim()
    make.behind_the_back(publication, claimed_until=ago(minutes=5))


def endless(publication, operator):
    publication.publish()
    make.behind_the_back(publication.attempts.get(), ended_at=None, started_at=ago(hours=1))


def seal(publication, operator):
    make.behind_the_back(publication, text="Something else.", publish_at=timezone.now() + LONG_AGO)


def history(publication, operator):
    make.by_sql(publication, cadence_override="Because I can.")


def end(publication, operator):
    Witness.objects.gather()
    media.Desk.objects.update(seal="")


def alarm(publication, operator):
    soon = timezone.now() + timedelta(seconds=30)
    make.behind_the_back(publication, publish_at=soon, scheduled_at=ago(hours=1))
    OrmQ.objects.all().delete()


def look(publication, operator):
    memory.fail_next("commit", PlatformError(Kind.UNKNOWN, "The line went dead."), after=True)
    publication.publish()
    make.behind_the_back(publication, reconcile_at=ago(hours=1))


def watch(publication, operator):
    publication.publish()
    make.behind_the_back(publication, watch_at=ago(hours=2))
    SocialAccount.objects.update(checked_at=ago(hours=2))


def recovery(publication, operator):
    publication.publish()
    asked = publication.recover(by=operator, reason="x")
    asked.claim()
    make.behind_the_back(asked, next_at=ago(hours=1), claimed_until=ago(hours=1))


def emergency(publication, operator):
    publication.publish()
    Emergency.objects.start(by=operator, client=publication.account.client, since=ago(hours=1), reason="x")
    Recovery._base_manager.update(emergency=None)
    operator.groups.set(Group.objects.none())


def unread(publication, operator):
    make.behind_the_back(publication, publish_at=timezone.now() + LONG_AGO)
    point = RestorePoint.objects.mark(ago(hours=2), "desk.tar")
    make.behind_the_back(point, restored_at=ago(hours=1))


def token(publication, operator):
    make.behind_the_back(publication, publish_at=timezone.now() + LONG_AGO)
    SocialAccount.objects.update(token="gAAAA-something")


def demo(publication, operator):
    User.objects.create_user("vera", password=PASSWORD)


def nameless(publication, operator):
    publication.publish()
    make.behind_the_back(publication, post_id="", known_by="")
    publication.ask_which()


def unwanted(publication, operator):
    publication.publish()
    asked = publication.recover(by=operator, reason="x")
    make.behind_the_back(asked, began_at=ago(hours=1))


def leftover(publication, operator):
    publication.publish()
    publication.preparations.create(opened_at=timezone.now()).tell("It did not answer.")


QUESTIONS = {
    invariants.unidentified: nameless,
    invariants.against_will: unwanted,
    invariants.left_over: leftover,
}
"""For people. Publishing works."""
BROKEN = {
    house.unapplied_migrations: migrations,
    house.missing_rhythms: rhythm,
    house.quiet_clusters: cluster,
    house.late_sweep: late_sweep,
    house.unwritable_media: folder,
    invariants.overdue: overdue,
    invariants.stuck: stuck,
    invariants.endless_attempts: endless,
    invariants.broken_seals: seal,
    histories.broken_histories: history,
    histories.lost_ends: end,
    invariants.missing_alarms: alarm,
    invariants.forgotten_looks: look,
    invariants.unwatched: watch,
    invariants.stuck_recoveries: recovery,
    invariants.orphaned_emergencies: emergency,
    invariants.unread_accounts: unread,
    invariants.unreadable_tokens: token,
    house.left_of_a_demo: demo,
}


@pytest.fixture
def doors(client, command, operator, settings):  # noqa: F811
    """What each of them says now: problems, and whether all is well."""
    settings.SOPHIA_METRICS_TOKEN = TOKEN

    def ask():
        monitor, doctor = client.get("/healthz"), command("doctor", "--json")
        metrics = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}).content.decode()
        assert monitor.json()["problems"] == doctor.json["problems"]
        return monitor.status_code, doctor.code, "sophia_sound 1.0" in metrics, monitor.json()["problems"]

    return ask


def test_every_invariant_is_walked():
    assert set(examination.INVARIANTS) == set(BROKEN) | set(QUESTIONS) | OUT_OF_REACH | ADVICE | ONLY_DEEP


def test_all_of_them_call_what_works_well(working, publication, doors):  # noqa: F811
    make.behind_the_back(publication, publish_at=timezone.now())
    assert doors() == (200, 0, True, [])


@pytest.mark.parametrize("invariant", BROKEN, ids=lambda one: one.__name__)
def test_whatever_the_doctor_calls_an_illness_the_monitor_and_the_page_hear(
    invariant,
    working,  # noqa: F811
    publication,
    operator,
    doors,
    boss,
    signed_in,
):
    """And nothing else: before it was broken it was as in the test above."""
    make.behind_the_back(publication, publish_at=timezone.now())
    BROKEN[invariant](publication, operator)
    (finding,) = invariant(timezone.now())
    if invariant in examination.COSTLY:
        examination.watch()
    assert doors() == (503, 1, False, [finding.problem])
    assert escape(finding.sentence) in signed_in(boss).get("/health/").text


@pytest.mark.parametrize("invariant", QUESTIONS, ids=lambda one: one.__name__)
def test_a_question_for_a_person_makes_nobody_ill_and_rings_no_second_time(
    invariant,
    working,  # noqa: F811
    publication,
    operator,
    doors,
):
    QUESTIONS[invariant](publication, operator)
    (finding,) = invariant(timezone.now())
    assert not finding.ill
    assert doors() == (200, 0, True, [])
    examination.watch()
    publication.identifications.all().delete()
    Recovery._base_manager.all().delete()
    Preparation.objects.update(settled_at=timezone.now())
    examination.watch()
    assert not Notice.objects.filter(kind__startswith="health.").exists()


def test_a_post_three_minutes_late_without_workers_is_told_by_both(publication, desk, command):  # noqa: F811
    overdue(publication, None)
    told, doctor = desk.get("/healthz").json(), command("doctor", "--json").json
    assert (told["overdue"], doctor["overdue"]) == (1, 1)
    assert "overdue" in told["problems"]
    assert {f"workers of {queue}" for queue in QUEUES} < set(told["problems"])


def test_what_was_mended_makes_nobody_ill(working, publication, doors):  # noqa: F811
    seal(publication, None)
    examination.watch()
    assert doors()[0] == 503
    make.behind_the_back(publication, text=Publication._base_manager.get().draft.text)
    examination.watch()
    assert doors()[0] == 200


def test_on_a_large_desk_the_page_tells_what_the_last_round_has_found(working, publication, desk, monkeypatch):  # noqa: F811
    monkeypatch.setattr(examination, "AFFORDABLE", 0)
    make.by_sql(publication, text="Something else.")
    before = desk.get("/health/").text
    assert "The seal of" not in before
    assert "This desk is large" in before
    examination.watch()
    found = desk.get("/health/").text
    assert "The seal of" in found
    assert "manage.py doctor looks again" in found


def test_on_a_large_desk_the_page_still_asks_what_costs_little(publication, desk, monkeypatch):
    monkeypatch.setattr(examination, "AFFORDABLE", 0)
    overdue(publication, None)
    assert "has not been sent" in desk.get("/health/").text


@pytest.mark.parametrize("name", ["sweep", *(f"machine {queue}" for queue in QUEUES)])
def test_a_sign_of_life_from_the_future_is_none(name, working, doors):  # noqa: F811
    Heartbeat.objects.filter(name=name).update(seen_at=timezone.now() + LONG_AGO)
    status, code, sound, problems = doors()
    assert (status, code, sound, len(problems)) == (503, 1, False, 1)
