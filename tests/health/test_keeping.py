"""What keeps the desk from being lost: somebody who is told, a backup, and room on the disk."""

from datetime import timedelta
from socket import gethostname

import pytest
from django.utils import timezone

from sophia.health import examination, house
from sophia.models import Desk, Symptom
from sophia.notifications.models import Notice, Subscription
from tests.commands.conftest import command  # noqa: F401
from tests.health.test_doors import working  # noqa: F401


@pytest.fixture
def in_use(working, settings):  # noqa: F811
    """Neither a demo nor somebody's laptop, and all is well."""
    settings.SOPHIA_SANDBOX = settings.DEBUG = False
    settings.SOPHIA_NOTICE_HOSTS = ["127.0.0.1"]
    Desk.here().note_backup(timezone.now())
    return settings


@pytest.fixture
def told(in_use, operator):
    return Subscription.objects.subscribe(by=operator, name="Team", url="json://127.0.0.1/", preset="urgent")


def found(invariant):
    return [finding.key for finding in invariant(timezone.now())]


def test_somebody_who_hears_of_what_is_urgent_is_enough(told):
    assert found(house.nobody_told) == []


def test_nobody_who_is_told_of_what_is_urgent_is_found(in_use):
    assert found(house.nobody_told) == ["unheard"]


@pytest.mark.parametrize(
    "change",
    [
        {"preset": "chosen", "kinds": ["draft.submitted"]},
        {"off_since": timezone.now()},
        {"broken_since": timezone.now()},
    ],
)
def test_who_is_off_broken_or_hears_of_other_things_does_not_count(told, change):
    Subscription.objects.filter(pk=told.pk).update(**change)
    assert found(house.nobody_told) == ["unheard"]


def test_a_backup_is_missed_after_a_day_and_a_half(in_use):
    assert found(house.old_backup) == []
    Desk.objects.update(backed_up_at=None)
    assert found(house.old_backup) == ["backup"]
    Desk.objects.update(backed_up_at=timezone.now() - timedelta(hours=37))
    assert found(house.old_backup) == ["backup"]


def test_a_demo_is_asked_for_neither(in_use):
    Desk.objects.update(backed_up_at=None)
    in_use.SOPHIA_SANDBOX = True
    assert found(house.nobody_told) == found(house.old_backup) == []


def test_advice_is_told_but_makes_nobody_ill(in_use, client, command):  # noqa: F811
    examination.watch()
    answer = command("doctor", "--json")
    assert (answer.code, client.get("/healthz").status_code) == (0, 200)
    assert [finding["key"] for finding in answer.json["findings"]] == ["unheard"]
    assert "Publishing works. The above needs a person." in command("doctor").out
    assert not Notice.objects.get(kind="health.finding").urgent


def test_a_disk_that_is_nearly_full_is_an_illness(working, settings, client, command):  # noqa: F811
    assert found(house.low_disk) == []
    settings.SOPHIA_DISK_LOW = 10**9
    assert client.get("/healthz").json() == {"status": "ill", "problems": ["disk"]}
    assert (command("doctor").code, "MB left" in command("doctor").out) == (1, True)


def test_a_disk_is_told_by_its_machine_and_mended_by_no_other(working, settings):  # noqa: F811
    other = "disk:another-machine:/srv"
    Symptom.objects.create(key=other, sentence="The disk of /srv on another-machine has 3 MB left.")
    Symptom.objects.create(key="disk:/srv", sentence="As it was told before.")
    settings.SOPHIA_DISK_LOW = 10**9
    examination.watch()
    mine = Symptom.objects.exclude(key=other).get()
    assert mine.key.startswith(f"disk:{gethostname()}:/")
    assert f" on {gethostname()} has " in mine.sentence
    settings.SOPHIA_DISK_LOW = 0
    examination.watch()
    assert [symptom.key for symptom in Symptom.objects.filter(key__startswith="disk:")] == [other]
