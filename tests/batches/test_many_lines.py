"""A long file is brought in by a worker, a few lines in each transaction."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from approval import sheets, tasks
from approval.batches import bringing
from approval.batches.models import Batch
from approval.models import Decision, Draft
from sophia.alarms import CHORES
from sophia.broker import waiting_jobs

REFUSED = "anna may not write and submit drafts. Ask an administrator for the operator role."
LINES = bringing.AT_ONCE + 3
LONG = b"account,text\n" + b"".join(b"facebook:1001,Bread %d.\n" % number for number in range(LINES))


@pytest.fixture
def confirmed(desk, page, upload):
    """By its author, and no worker has begun."""
    upload(desk, LONG)
    batch = Batch.objects.get()
    desk.post(reverse("approval:confirm_import", args=[batch.pk]))
    return fresh(batch)


def fresh(batch):
    return Batch.objects.get(pk=batch.pk)


def shown(browser, batch):
    return browser.get(reverse("approval:batch", args=[batch.pk])).text


def woken():
    return sum(job["func"] == "approval.tasks.bring" for _, job in waiting_jobs(CHORES, upto=100))


def test_a_long_file_is_left_to_a_worker_and_its_page_tells_how_far_it_is(desk, confirmed):
    assert not Draft.objects.exists()
    assert woken() == 1
    assert f"0 of {LINES} lines are done." in shown(desk, confirmed)
    bringing.go_on(confirmed, until=timezone.now())
    bringing.step(confirmed, bringing.importer(confirmed), bringing.read(confirmed.name, LONG).lines)
    assert f"{bringing.TOGETHER} of {LINES} lines are done." in shown(desk, confirmed)
    tasks.bring(confirmed.pk)
    assert f"{LINES} created" in shown(desk, confirmed)
    assert "lines are done" not in shown(desk, confirmed)
    assert Draft.objects.count() == LINES
    assert bytes(fresh(confirmed).content) == b""


def test_a_second_click_on_a_long_file_brings_nothing_twice(desk, confirmed):
    answer = desk.post(reverse("approval:confirm_import", args=[confirmed.pk]))
    assert answer.status_code == 409
    assert "confirmed already" in answer.text
    assert woken() == 1


def test_a_worker_that_dies_in_the_middle_has_done_whole_steps_or_nothing(desk, confirmed):
    lines, bringer = bringing.read(confirmed.name, LONG).lines, bringing.importer(confirmed)
    bringing.step(confirmed, bringer, lines)
    with transaction.atomic():
        bringing.step(confirmed, bringer, lines)
        assert Draft.objects.count() == 2 * bringing.TOGETHER
        transaction.set_rollback(True)
    assert (Draft.objects.count(), fresh(confirmed).done) == (bringing.TOGETHER, bringing.TOGETHER)
    tasks.bring(confirmed.pk)
    assert fresh(confirmed).outcome["created"] == LINES
    assert Decision.objects.filter(verb="written").count() == LINES


def test_a_worker_that_comes_late_does_nothing_more(confirmed):
    tasks.bring(confirmed.pk)
    before = fresh(confirmed).outcome
    bringing.go_on(confirmed, until=timezone.now() + bringing.TURN)
    tasks.bring(confirmed.pk)
    assert fresh(confirmed).outcome == before
    assert Draft.objects.count() == LINES


def test_a_worker_whose_turn_is_over_wakes_the_next(confirmed, monkeypatch):
    monkeypatch.setattr(bringing, "TURN", timedelta(0))
    tasks.bring(confirmed.pk)
    assert fresh(confirmed).done == 0
    assert woken() == 2


def test_what_a_worker_left_is_taken_up_again(confirmed, clock):
    Batch.objects.update(moved_at=timezone.now())
    clock.tick(timedelta(seconds=59))
    tasks.resume_imports()
    assert woken() == 1
    clock.tick(timedelta(seconds=2))
    tasks.resume_imports()
    assert woken() == 2
    tasks.bring(confirmed.pk)
    clock.tick(timedelta(minutes=5))
    tasks.resume_imports()
    assert woken() == 2


def test_somebody_whose_role_was_taken_meanwhile_writes_nothing(desk, confirmed, author):
    author.groups.clear()
    tasks.bring(confirmed.pk)
    assert not Draft.objects.exists()
    assert {error for _, error in fresh(confirmed).outcome["bad"]} == {REFUSED}


def test_another_upload_takes_nothing_from_a_file_that_is_being_brought_in(desk, page, upload, clock):
    upload(desk, LONG)
    clock.tick(timedelta(minutes=119))
    desk.post(reverse("approval:confirm_import", args=[Batch.objects.get().pk]))
    batch = Batch.objects.get()
    clock.tick(timedelta(minutes=2))
    upload(desk, b"account,text\nfacebook:1001,Other.\n")
    assert f"0 of {LINES} lines are done." in shown(desk, batch)
    tasks.bring(batch.pk)
    assert fresh(batch).outcome["created"] == LINES


def test_a_file_that_another_version_took_comes_to_an_end_in_words(desk, confirmed):
    Batch.objects.update(content=b"account,colour\nfacebook:1001,red\n")
    tasks.bring(confirmed.pk)
    assert "These columns are not known: “colour”" in shown(desk, confirmed)
    assert fresh(confirmed).is_over


def test_of_a_file_that_is_too_long_the_rest_is_not_looked_at():
    """What comes after is no CSV at all."""
    data = b"account\n" + b"x\n" * 11 + b'"never closed\n'
    assert len(sheets.read(data, 11).lines) == 11


def test_a_command_takes_a_file_of_any_length():
    assert len(sheets.read(b"account\n" + b"x\n" * (bringing.MOST_LINES + 1)).lines) == bringing.MOST_LINES + 1
