"""The end of a client's history is known outside the database: who cuts it off there sends nothing."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.models import Entry, Publication, Witness, heads
from publishing.tasks import sweep
from sophia.health.examination import examine
from sophia.models import Desk, Heartbeat
from tests import make
from tests.commands.conftest import command as command

pytestmark = pytest.mark.django_db(transaction=True)
State = Publication.State


@pytest.fixture
def cancelled(page, author, operator, outbox):
    """Approved, and cancelled again. Another post of the same client waits."""
    later = timezone.now() + timedelta(days=3)
    post = make.approved(make.draft(page, author, text="Cancelled."), operator, at=later)
    make.approved(make.draft(page, author, text="Waits."), operator, at=later + timedelta(days=1))
    sweep()
    post.cancel(by=operator)
    sweep()
    outbox.clear()
    return post


def cut_off(post, keep):
    """What an attacker does who can write rows: the post is again what it was `keep` lines after its beginning."""
    gone = Entry.objects.filter(publication=post.pk, number__gt=keep)
    witness = Witness.objects.filter(publication=post.pk, entry__gt=keep).order_by("number").first()
    later = Witness.objects.filter(client=witness.client_id, number__gte=witness.number)
    later._raw_delete("default")
    gone._raw_delete("default")
    then = Entry.objects.get(publication=post.pk, number=keep).terms
    row = {name: value for name, value in then.items() if name in ("state", "mode", "slot_at", "publish_at")}
    Publication.objects.filter(pk=post.pk).update(**row, published_at=None, post_id="", reference=None)
    post.attempts.all()._raw_delete("default")


def go_out(post, clock):
    clock.tick(timedelta(days=3, seconds=1))
    post.publish()
    return Publication.objects.get(pk=post.pk)


def said_of(post):
    return " ".join(finding.sentence for finding in examine() if finding.kind == "lost-history")


def test_a_cancelled_post_whose_end_was_cut_off_waits_and_is_told(cancelled, clock, outbox):
    cut_off(cancelled, keep=1)
    assert Publication.objects.get(pk=cancelled.pk).history_fault() == ""
    assert go_out(cancelled, clock).state == State.QUEUED
    assert outbox == []
    assert "was there, and is not any more" in said_of(cancelled)


def test_the_sweep_after_the_theft_forgets_nothing(cancelled, clock, outbox):
    cut_off(cancelled, keep=1)
    Entry.objects.update(witnessed_at=None)
    sweep()
    sweep()
    go_out(cancelled, clock)
    assert outbox == []


def test_what_went_out_does_not_go_out_again(page, draft, operator, clock, outbox):
    post = make.published(draft, operator)
    sweep()
    outbox.clear()
    cut_off(post, keep=1)
    clock.tick(timedelta(seconds=1))
    post.publish()
    assert outbox == []


def test_other_clients_go_on(cancelled, operator, author, clock, outbox):
    bakery = make.account("facebook", "2002", client="Pão")
    other = make.approved(make.draft(bakery, author), operator, at=timezone.now() + timedelta(days=3))
    sweep()
    cut_off(cancelled, keep=1)
    assert go_out(other, clock).state == State.PUBLISHED


def test_what_a_person_has_accepted_goes_on(cancelled, clock, outbox, command):
    cut_off(cancelled, keep=1)
    assert "Add --yes" in command("heads", "--accept").out
    assert go_out(cancelled, clock).state == State.QUEUED
    assert command("heads", "--accept", "--yes", "--json").json["accepted"]
    assert said_of(cancelled) == ""
    cancelled.publish()
    assert len(outbox) == 1


@pytest.mark.parametrize("others", [["--accept", "--client", "Café Lua"], ["--accept", "--check", "x"], ["--yes"]])
def test_what_does_not_go_together_is_refused_and_accepts_nothing(cancelled, command, others):
    cut_off(cancelled, keep=1)
    assert command("heads", *others).code == 1
    assert "is not any more" in said_of(cancelled)


def test_a_last_line_that_was_changed_holds_until_it_is_accepted(cancelled, page, author, operator, clock, command):
    last = Witness.objects.order_by("number").last()
    make.by_sql(last, entry_digest="f" * 64)
    assert "is not any more" in said_of(cancelled)
    command("heads", "--accept", "--yes")
    assert said_of(cancelled) == ""
    clock.tick(timedelta(minutes=1))
    later = make.approved(make.draft(page, author, text="Later."), operator, at=timezone.now() + timedelta(days=3))
    sweep()
    assert go_out(later, clock).state == State.PUBLISHED


def test_a_last_line_whose_seal_was_changed_holds(cancelled, clock, outbox):
    make.by_sql(Witness.objects.order_by("number").last(), seal="2:ab")
    waits = Publication.objects.exclude(pk=cancelled.pk).get()
    assert "is not any more" in said_of(waits)


def test_there_is_nothing_to_accept_where_nothing_is_lost(cancelled, command):
    assert "Nothing is lost" in command("heads", "--accept", "--yes").out


@pytest.mark.parametrize("change", [{"name": "9" * 32}, {"seal": ""}, {"seal": "2:ab"}])
def test_a_desk_of_another_name_is_not_believed(cancelled, clock, outbox, change):
    cut_off(cancelled, keep=1)
    Desk.objects.update(marked_at=None, **change)
    sweep()
    assert go_out(cancelled, clock).state == State.QUEUED
    assert outbox == []
    assert "names this desk" in said_of(cancelled)


def test_nor_is_one_without_a_name(cancelled, page, author, operator, clock, outbox):
    cut_off(cancelled, keep=1)
    Desk.objects.all().delete()
    make.approved(make.draft(page, author, text="The next one."), operator, at=timezone.now() + timedelta(days=9))
    sweep()
    assert go_out(cancelled, clock).state == State.QUEUED
    assert outbox == []


def test_a_seal_of_before_there_were_histories_does_not_decide_where_one_had_begun(cancelled, clock, outbox):
    earlier = Publication.objects.exclude(pk=cancelled.pk).get()
    make.sealed_earlier(earlier)
    for model in (Entry, Witness):
        model.objects.all()._raw_delete("default")
    clock.tick(timedelta(days=4, seconds=1))
    earlier.publish()
    assert outbox == []


@pytest.mark.parametrize("content", ["", "[]", '{"1": 3}', "{"])
def test_a_file_that_cannot_be_read_is_no_file_without_heads(cancelled, clock, outbox, content):
    path = heads.place(Desk.here())
    path.write_text(content)
    waits = Publication.objects.exclude(pk=cancelled.pk).get()
    clock.tick(timedelta(days=4, seconds=1))
    Heartbeat.objects.all().delete()
    sweep()
    waits.publish()
    assert outbox == []
    assert path.name in said_of(waits)
    assert Heartbeat.objects.filter(name="sweep").exists()


def test_a_folder_that_nobody_can_write_to_does_not_stop_the_sweep(cancelled, operator, author, page):
    folder = heads.place(Desk.here()).parent
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    folder.write_text("in the way")
    Heartbeat.objects.all().delete()
    sweep()
    assert Heartbeat.objects.filter(name="sweep").exists()


def test_the_file_is_for_nobody_else_and_names_no_client(cancelled):
    path = heads.place(Desk.here())
    assert path.stat().st_mode & 0o077 == 0
    assert list(json.loads(path.read_text())) == [str(cancelled.account.client_id)]


def test_a_new_key_names_the_desk_anew(cancelled, settings, command, clock, outbox):
    waits = Publication.objects.exclude(pk=cancelled.pk).get()
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "n" * 60
    command("rotate_keys")
    settings.SECRET_KEY_FALLBACKS = []
    clock.tick(timedelta(days=4, seconds=1))
    waits.publish()
    assert len(outbox) == 1
