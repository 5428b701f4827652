from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from publishing.models import Publication
from tests import make


@pytest.fixture
def drafts(page, author):
    return [make.draft(page, author, text=f"Post {number}") for number in (1, 2)]


def test_each_draft_is_approved_for_itself(command, drafts, operator):
    first, second = drafts
    make.approved(second, operator)

    answer = command("approve", first.pk, second.pk, "--by", "olga", "--at", "now", "--json")

    assert answer.code == 1
    done, refused = answer.json
    first.refresh_from_db()
    assert done == {
        "id": first.pk,
        "state": "approved",
        "publication": first.publication.pk,
        "publish_at": done["publish_at"],
        "asked_at": done["asked_at"],
        "moved": False,
        "held": None,
        "agreed_by": None,
        "error": None,
    }
    assert refused["state"] == "approved"
    assert "by olga" in refused["error"]


def test_a_decision_by_command_says_so(command, draft, operator):
    command("approve", draft.pk, "--by", "olga")

    assert draft.decisions.last().via == "cli"


def test_a_naive_time_is_on_the_clock_of_the_client(command, draft, operator):
    year = timezone.now().year + 1
    answer = command("approve", draft.pk, "--by", "olga", "--at", f"{year}-07-01T09:00", "--json")

    assert answer.json[0]["publish_at"] == f"{year}-07-01T08:00:00Z"


def test_manual_means_that_a_person_posts_it(command, draft, operator):
    command("approve", draft.pk, "--by", "olga", "--manual")

    draft.refresh_from_db()
    assert draft.publication.mode == "manual"


def test_only_what_the_digest_stands_for_is_approved(command, draft, operator):
    answer = command("approve", draft.pk, "--by", "olga", "--digest", "0" * 64, "--json")

    assert answer.code == 1
    assert answer.json[0]["state"] == "in_review"
    assert "changed while you looked" in answer.json[0]["error"]
    assert command("approve", draft.pk, "--by", "olga", "--digest", draft.digest()).code == 0


def test_a_digest_stands_for_one_draft(command, drafts, operator):
    answer = command("approve", drafts[0].pk, drafts[1].pk, "--by", "olga", "--digest", "x")

    assert "one by one" in answer.error


@pytest.mark.parametrize("who", ["anna", "vera", "sam"])
def test_who_may_not_approve_is_refused(command, draft, who, viewer, stranger):
    answer = command("approve", draft.pk, "--by", who, "--json")

    assert answer.code == 1
    assert f"{who} may not approve drafts" in answer.json[0]["error"]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("99", "There is no draft 99"), ("x", "is not the id of a draft"), ("9" * 30, "is not the id of a draft")],
)
def test_an_id_that_is_not_there_is_said(command, operator, name, sentence):
    answer = command("approve", name, "--by", "olga", "--json")

    assert answer.code == 1
    assert sentence in answer.json[0]["error"]
    assert sentence in command("skip", name, "--by", "olga").error


@pytest.mark.parametrize("at", ["yesterday", "2001-01-01T00:00", "2001-01-01T00:00Z", "9999-12-31T23:59-12:00"])
def test_a_time_that_cannot_be_is_refused(command, draft, operator, at):
    assert command("approve", draft.pk, "--by", "olga", "--at", at).code == 1


def test_an_unknown_user_is_said(command, draft):
    assert "There is no user “nobody”" in command("approve", draft.pk, "--by", "nobody", "--json").error


def test_a_user_who_is_switched_off_is_said(command, draft, operator):
    make.behind_the_back(operator, is_active=False)

    assert "switched off" in command("reject", draft.pk, "--by", "olga").error


def test_a_rejection_keeps_its_tags_and_note(command, draft, operator):
    arguments = ("--by", "olga", "--tag", "tone", "--tag", "typo", "--note", "Too loud.", "--json")
    answer = command("reject", draft.pk, *arguments)

    assert answer.json == {"id": draft.pk, "state": "rejected"}
    decision = draft.decisions.last()
    assert (decision.tags, decision.note, decision.via) == (["tone", "typo"], "Too loud.", "cli")


def test_a_skipped_draft_can_be_reopened(command, draft, operator):
    assert command("skip", draft.pk, "--by", "olga", "--json").json["state"] == "skipped"
    assert command("reopen", draft.pk, "--by", "olga", "--json").json["state"] == "in_review"


def test_a_viewer_cannot_reject(command, draft, viewer):
    answer = command("reject", draft.pk, "--by", "vera", "--json")

    assert (answer.code, answer.out) == (1, "")
    assert "vera may not reject" in answer.error


@pytest.mark.parametrize("far", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
def test_a_time_beyond_the_horizon_is_refused(command, draft, operator, far):
    answer = command("approve", draft.pk, "--by", "olga", "--at", far)

    assert answer.code == 1
    assert "is too far away" in answer.error


def test_an_approval_that_the_cadence_moves_says_so(command, page, author, operator):
    page.min_gap = timedelta(hours=4)
    page.save()
    at = (timezone.now() + timedelta(days=1)).replace(microsecond=0)
    make.approved(make.draft(page, author), operator, at=at)
    other = make.draft(page, author)
    refused = command("approve", str(other.pk), "--by", "olga", "--at", at.isoformat(), "--exact")
    assert "at least 4 hours" in refused.error
    answer = command("approve", str(other.pk), "--by", "olga", "--at", at.isoformat(), "--json").json[0]
    assert answer["moved"] is True
    assert datetime.fromisoformat(answer["publish_at"]) - at == timedelta(hours=4)


def test_an_approval_with_a_reason_keeps_its_time(command, page, author, operator):
    page.min_gap = timedelta(hours=4)
    page.save()
    at = timezone.now() + timedelta(days=1)
    make.approved(make.draft(page, author), operator, at=at)
    command("approve", str(make.draft(page, author).pk), "--by", "olga", "--at", str(at), "--override", "Fair")
    assert [row.cadence_override for row in Publication.objects.all()] == ["", "olga: Fair"]


def test_approve_does_not_guess_after_the_suggested_time(command, page, author, operator):
    late = make.draft(page, author, suggested_at=timezone.now() - timedelta(days=3))

    answer = command("approve", late.pk, "--by", "olga")

    assert answer.code == 1
    assert f"Its suggested time, {page.clock(late.suggested_at)}, has passed." in answer.error
    assert "--at TIME, or --at now" in answer.error
    assert command("approve", late.pk, "--by", "olga", "--at", "now").code == 0


def test_approve_asks_why_a_time_is_far_away_and_answers_on_the_clients_clock(command, draft, operator):
    far = ("approve", draft.pk, "--by", "olga", "--at", "2062-06-01T09:00")

    refused, done = command(*far), command(*far, "--although", "The centenary.")

    assert "Thu 01 Jun 2062 09:00 Europe/Lisbon is more than a year ahead." in refused.error
    assert "--although REASON" in refused.error
    assert done.out.endswith(", Thu 01 Jun 2062 09:00 Europe/Lisbon.\n")
