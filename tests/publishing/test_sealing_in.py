"""From a desk without histories to one with them; keeping heads outside; and what doctor reads through."""

import pytest
from django.utils import timezone

from publishing import histories
from publishing.models import Entry, Publication, Witness
from publishing.tasks import tell_heads
from sophia.health import examination
from sophia.models import Symptom
from sophia.notifications.models import Notice
from tests import make
from tests.commands.conftest import command as command

State = Publication.State


@pytest.fixture
def earlier(publication):
    make.sealed_earlier(publication)
    return publication


def test_what_was_approved_before_goes_out_until_it_is_sealed_in(earlier, outbox):
    Witness.objects.gather()
    earlier.publish()
    assert len(outbox) == 1
    assert not Entry.objects.exists()


def test_a_client_s_history_begins_when_its_old_approvals_are_sealed_in(earlier, page, author, operator, command):
    make.approved(make.draft(page, author, text="New."), operator)
    assert Witness.objects.gather() == 0
    command("seal_history", "--yes")
    assert Witness.objects.count() == 2


def test_the_dry_run_changes_nothing_and_says_what_waits(earlier, command):
    told = command("seal_history", "--json").json
    assert (told["sealed"], [row["id"] for row in told["waiting"]], told["refused"]) == (1, [earlier.pk], [])
    assert not Entry.objects.exists()


def test_what_is_sealed_in_goes_out(earlier, outbox, command):
    assert command("seal_history", "--yes", "--json").json["states"] == {"queued": 1}
    earlier.refresh_from_db()
    assert [line.verb for line in earlier.history.all()] == ["vouch"]
    earlier.publish()
    assert len(outbox) == 1


def test_what_does_not_fit_is_named_and_not_sealed_in(earlier, outbox, command):
    make.by_sql(earlier, text="Buy crypto")
    answer = command("seal_history", "--yes", "--json")
    assert answer.code == 1
    assert "keeps its old seal" in answer.json["refused"][0]
    earlier.publish()
    assert not outbox


def test_a_seal_of_before_decides_alone_no_longer(page, author, operator, outbox, command):
    old = make.approved(make.draft(page, author, text="Old."), operator)
    make.approved(make.draft(page, author, text="New."), operator)
    make.sealed_earlier(old)
    copy = Publication.objects.filter(pk=old.pk).values("seal").get()
    command("seal_history", "--yes")
    old.history.all()._raw_delete("default")
    make.by_sql(old, **copy)
    old.publish()
    old.refresh_from_db()
    assert (old.state, outbox) == (State.FAILED, [])


def test_a_new_key_leaves_a_history_what_it_is(publication, settings, command, outbox):
    Witness.objects.gather()
    heads = command("heads", "--json").out
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "n" * 60
    command("rotate_keys")
    settings.SECRET_KEY_FALLBACKS = []
    assert command("heads", "--json").out == heads
    publication.publish()
    assert len(outbox) == 1


def test_a_new_key_vouches_for_no_history_that_was_changed(publication, settings, command):
    Entry.objects.update(verb="vouch")
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "n" * 60
    assert "line 1 of its history" in command("rotate_keys", "--json").json["refused"][0]


def test_a_head_that_was_kept_outside_shows_that_the_end_was_cut_off(publication, operator, command, tmp_path):
    publication.cancel(by=operator)
    Witness.objects.gather()
    kept = tmp_path / "heads.json"
    kept.write_text(command("heads", "--json").out)
    assert command("heads", "--check", str(kept)).code == 0
    Witness.objects.all().delete()
    answer = command("heads", "--check", str(kept), "--json")
    assert (answer.code, answer.json["missing"][0]["number"]) == (1, 1)


def test_the_head_of_each_client_is_told_once_a_day(publication, instagram):
    Witness.objects.gather()
    tell_heads()
    [notice] = Notice.objects.filter(kind="history.head")
    assert Witness.objects.get().digest() in notice.sentence
    assert notice.client == publication.account.client


def test_doctor_finds_what_was_cut_off_where_no_claim_asks(publication, operator):
    publication.cancel(by=operator)
    Witness.objects.gather()
    publication.history.order_by("number").last().delete()
    make.by_sql(publication, state=State.FAILED)
    now = timezone.now()
    assert [finding.key for finding in histories.broken_histories(now)] == [f"history:{publication.pk}"]
    assert "line 2" in next(histories.broken_client_histories(now)).sentence


def test_a_key_that_is_lost_ends_what_waits_and_nothing_that_is_approved_later(
    publication,
    page,
    author,
    operator,
    settings,
    command,
    outbox,
):
    Witness.objects.gather()
    settings.SECRET_KEY = "n" * 60
    command("seal_history", "--yes")
    command("heads", "--accept", "--yes")
    later = make.approved(make.draft(page, author, text="Later."), operator)
    publication.publish()
    assert not outbox
    later.publish()
    assert len(outbox) == 1


def test_each_round_reads_another_part_and_what_was_found_before(publication, operator, monkeypatch):
    monkeypatch.setattr(histories, "AT_ONCE", 1)
    publication.cancel(by=operator)
    Entry.objects.filter(publication=publication, number=1).delete()
    now, last = timezone.now(), publication.pk
    rounds = [now + histories.ROUND * number for number in range(last)]
    assert sum(len(list(histories.broken_histories(moment))) for moment in rounds) == 1
    Symptom.objects.create(key=f"ended-history:{publication.pk}", sentence="x")
    assert all(list(histories.broken_histories(moment)) for moment in rounds)


def test_doctor_says_what_still_waits_for_its_history(earlier):
    [finding] = [each for each in examination.examine() if each.key == "without-history"]
    assert "seal_history" in finding.to_do
    assert not finding.ill
