"""Whoever wrote a draft hears what became of it, with the reason, and goes on from there."""

import pytest
from django.urls import reverse

from sophia.notifications.models import Delivery, Notice, Subscription
from sophia.refusals import Refused
from tests import make


def unread(person):
    return [notice.sentence for notice in Notice.objects.unread_by(person) if notice.kind != "draft.submitted"]


@pytest.fixture
def rejected(draft, operator):
    draft.reject(by=operator, tags=["too long"], note="Two sentences are enough.")
    return draft


@pytest.fixture
def writer(signed_in, author):
    return signed_in(author)


def test_the_author_hears_of_a_rejection_with_its_reason(rejected, author):
    assert unread(author) == [f"olga has rejected {rejected}: too long. Two sentences are enough."]


def test_nobody_else_is_rung_for_it(rejected, operator, second_operator, viewer):
    assert unread(operator) == unread(second_operator) == unread(viewer) == []


def test_whoever_submitted_what_a_machine_wrote_hears_of_it(page, author, operator):
    draft = make.draft(page, None, submit=False)
    draft.submit(by=author)
    draft.skip(by=operator, note="Not this week.")
    assert unread(author) == [f"olga has skipped {draft}: Not this week."]


def test_whoever_takes_their_own_draft_back_is_not_told(draft, author):
    draft.withdraw(by=author)
    assert unread(author) == []


def test_the_author_is_told_when_somebody_else_takes_it_back(draft, author, operator):
    draft.withdraw(by=operator)
    assert unread(author) == [f"olga has withdrawn {draft}."]


def test_their_own_channel_tells_them_too(draft, author, operator, settings):
    settings.SOPHIA_NOTICE_HOSTS = ["hooks.lan"]
    for person in (author, operator):
        Subscription.objects.subscribe(by=operator, name=str(person), person=person, url="json://hooks.lan")
    draft.reject(by=operator, note="No.")
    told = Delivery.objects.filter(notice__kind="draft.rejected")
    assert [delivery.subscription.person for delivery in told] == [author]


@pytest.mark.parametrize("where", ["approval:draft", "approval:edit"])
def test_the_reason_is_beside_the_editor(writer, rejected, where):
    shown = writer.get(reverse(where, args=[rejected.pk])).text
    assert "olga has rejected it: too long" in shown
    assert "Two sentences are enough." in shown


def test_the_big_button_of_a_rejected_draft_changes_it_first(writer, rejected, author):
    shown = writer.get(rejected.get_absolute_url()).text
    assert "Change it first" in shown
    assert "Submit for review" not in shown
    rejected.edit(by=author, text="Bread.", link="", pictures=[], digest=rejected.digest())
    assert "Submit for review" in writer.get(rejected.get_absolute_url()).text


def test_who_submits_it_unchanged_says_why(writer, rejected):
    writer.post(reverse("approval:submit", args=[rejected.pk]), {"note": "The length is what the client wants."})
    rejected.refresh_from_db()
    assert rejected.state == rejected.State.IN_REVIEW
    assert rejected.decisions.last().note == "The length is what the client wants."


def test_author_and_operators_hear_that_a_client_approved(draft, author, operator, second_operator):
    link, _ = make.client_link(draft.account.client, operator, approving=True)
    link.approve(draft, digest=draft.digest())
    said = f"Marta (client) has approved {draft} through a link that olga gave."
    assert all(said in unread(person) for person in (author, operator, second_operator))


def test_what_was_rejected_as_it_is_now_needs_a_word(draft, author, operator):
    draft.reject(by=operator, note="Half of it.")
    with pytest.raises(Refused, match=r"It was rejected as it is now\. Change it, or say why"):
        draft.submit(by=author)
    draft.submit(by=author, note="They asked for the long one.")
    assert draft.state == draft.State.IN_REVIEW


def test_what_was_changed_since_needs_none(draft, author, operator):
    draft.reject(by=operator)
    draft.edit(by=author, text="Rolls.", link="", pictures=[], digest=draft.digest())
    draft.submit(by=author)
    assert draft.state == draft.State.IN_REVIEW
