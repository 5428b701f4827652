from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from publishing.platforms import memory
from publishing.platforms.base import Absence, Kind, PlatformError
from tests import make

WHY = ("--by", "olga", "--reason", "Wrong price")


@pytest.fixture
def live(draft, operator):
    return make.published(draft, operator)


def test_a_post_is_taken_down_and_proved_gone(command, live, outbox):
    answer = command("recover", live.pk, *WHY, "--json")

    assert answer.code == 0
    assert (answer.json["publication"], answer.json["state"]) == (live.pk, "completed")
    assert answer.json["publication_state"] == "recovered"
    assert not outbox[0].live
    assert live.recoveries.get().via == "cli"


@pytest.mark.parametrize("name", ["permalink", "post_id"])
def test_a_post_is_found_by_what_the_platform_calls_it(command, live, name):
    assert command("recover", getattr(live, name), *WHY).code == 0


def test_a_failed_one_stays_open_and_can_be_repeated(command, live):
    memory.fail_next("remove", PlatformError(Kind.RETRY, "Facebook is down."))

    failed = command("recover", live.pk, *WHY, "--json")
    again = command("recover", live.pk, *WHY, "--json")

    assert (failed.code, failed.json["state"]) == (1, "failed")
    assert "not proved gone: Facebook is down." in failed.error
    assert (again.code, again.json["recovery"]) == (0, failed.json["recovery"])


def test_what_a_person_must_remove_leaves_with_three(command, live):
    memory.by_hand.add(live.post_id)

    answer = command("recover", live.pk, *WHY, "--json")

    assert answer.code == 3
    assert answer.json["state"] == "manual_recovery_needed"
    assert answer.json["permalink"] == live.permalink
    assert len(answer.json["steps"]) == 3
    assert live.permalink in answer.error
    assert "1. Open" in command("recover", live.pk, *WHY).out


def test_a_filed_one_waits_for_a_person(command, live, outbox):
    answer = command("recover", live.pk, *WHY, "--urgency", "review", "--json")

    assert (answer.code, answer.json["state"]) == (0, "pending")
    assert outbox[0].live


def test_a_worker_that_was_quicker_is_waited_for(command, live, operator, monkeypatch):
    recovery = live.recover(by=operator, reason="Wrong price")
    recovery.claim()
    monkeypatch.setattr("time.sleep", lambda _: recovery.looks or finish_elsewhere(recovery))

    assert command("recover", live.pk, *WHY, "--json").json["state"] == "completed"


def test_what_may_be_live_is_filed_and_leaves_with_nought(command, publication, outbox):
    memory.fail_next("commit", PlatformError(Kind.UNKNOWN, "The line went dead."), after=True)
    publication.publish()

    answer = command("recover", publication.pk, *WHY)

    assert (answer.code, outbox[0].live) == (0, True)
    assert "as soon as it is out" in answer.out


@pytest.mark.parametrize("name", ["99", "nonsense", "", "9" * 40])
def test_an_unknown_publication_is_said(command, operator, name):
    answer = command("recover", name, *WHY, "--json")

    assert (answer.code, answer.out) == (1, "")
    assert "No publication" in answer.error


def test_what_never_went_out_is_refused(command, publication):
    assert "Cancel it instead" in command("recover", publication.pk, *WHY).error


def test_who_may_not_is_refused(command, live, viewer, outbox):
    answer = command("recover", live.pk, "--by", "vera", "--reason", "x")

    assert answer.code == 1
    assert "vera may not take posts down" in answer.error
    assert outbox[0].live


def test_a_reason_is_needed(command, live):
    assert "Say why" in command("recover", live.pk, "--by", "olga", "--reason", " ").error


def finish_elsewhere(recovery) -> None:
    platform = recovery.publication.account.reach()
    recovery.finish(platform, recovery.take_look, Absence(platform.remove(recovery.known_post_id())))
    make.behind_the_back(recovery, next_at=timezone.now())


def test_a_number_that_is_far_too_long_is_no_publication(command, operator):
    assert "No publication has the id" in command("recover", "9" * 5000, *WHY).error


def test_what_looks_the_same_is_held_and_said(command, live, page, author, operator):
    twin = make.approved(make.draft(page, author), operator, at=timezone.now() + timedelta(hours=3))

    assert command("recover", live.pk, *WHY, "--json").json["held"] == [twin.pk]
    (queued,) = command("queue", "--state", "queued", "--json").json
    assert f"the same text as publication {live.pk}" in queued["held"]


def test_a_short_repeat_is_carried_out_here(command, live, settings):
    settings.SOPHIA_REMOVE_AGAIN = [timedelta(milliseconds=20)] * 2
    for _ in range(2):
        memory.fail_next("remove", PlatformError(Kind.RETRY, "Facebook is down."))
    assert command("recover", live.pk, *WHY, "--json").json["state"] == "completed"


def test_of_a_longer_repeat_it_says_when_sophia_goes_on(command, live):
    memory.fail_next("remove", PlatformError(Kind.RETRY, "Facebook is down."))
    answer = command("recover", live.pk, *WHY, "--json")
    assert datetime.fromisoformat(answer.json["next_at"]) > timezone.now()
    assert answer.json["seen_gone_at"] is None
    assert "Sophia goes on by itself at" in answer.error


def test_a_dead_token_says_to_connect_again(command, live):
    memory.fail_next("remove", PlatformError(Kind.AUTH, "The token has expired."))
    answer = command("recover", live.pk, *WHY, "--json")
    assert (answer.code, len(answer.json["steps"])) == (1, 3)
    assert "Connect its account again" in answer.error


def test_what_a_person_must_remove_says_when_sophia_looks(command, live):
    memory.by_hand.add(live.post_id)
    assert "Sophia looks whether it is gone, next at" in command("recover", live.pk, *WHY).error
