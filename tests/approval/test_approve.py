import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from approval.models import Decision, Draft
from approval.suggesting import TimePassed
from publishing.models import Publication
from sophia.doors import Via
from sophia.refusals import ChangedUnderneath, NotAcceptable, NotAllowed, Refused, WrongState
from tests import make


def test_approval_freezes_a_copy_and_records_who_decided(draft, operator):
    publication = make.approved(draft, operator, via=Via.CLI, note="Lovely.")
    assert draft.state == Draft.State.APPROVED
    assert (publication.text, publication.approved_by) == (draft.text, operator)
    decision = draft.decisions.last()
    assert (decision.verb, decision.by, decision.via, decision.note) == ("approved", operator, "cli", "Lovely.")
    assert decision.publication == publication


def test_a_later_change_of_the_draft_does_not_reach_the_publication(draft, operator):
    publication = make.approved(draft, operator)
    make.behind_the_back(draft, text="Something else")
    publication.refresh_from_db()
    assert publication.text == "Fresh bread at seven."
    assert not publication.damage()


@pytest.mark.parametrize("name", ["author", "viewer", "stranger"])
def test_only_who_holds_the_permission_approves(draft, name, request):
    with pytest.raises(NotAllowed):
        make.approved(draft, request.getfixturevalue(name))
    assert not Publication.objects.exists()


def test_somebody_who_left_cannot_approve(draft, operator):
    User.objects.filter(pk=operator.pk).update(is_active=False)
    with pytest.raises(NotAllowed):
        make.approved(draft, User.objects.get(pk=operator.pk))


def test_the_queue_cannot_be_filled_past_the_draft_by_somebody_without_the_permission(draft, author):
    with pytest.raises(NotAllowed):
        Publication.objects.schedule(draft, approved_by=author, at=timezone.now())


def test_a_publication_made_by_hand_has_no_seal_that_fits(draft, operator, outbox):
    now = timezone.now()
    forged = Publication.objects.create(
        account=draft.account, text="Buy now", slot_at=now, publish_at=now, scheduled_at=now,
        approved_by=operator, approved_at=now, seal="forged",
    )  # fmt: skip
    forged.publish()
    forged.refresh_from_db()
    assert forged.state == Publication.State.FAILED
    assert not outbox


def test_what_changed_on_another_screen_is_not_approved_and_the_change_is_shown(draft, operator, author):
    on_screen = draft.digest()
    draft.edit(by=author, text="Fresh bread at eight.", link="", pictures=[], digest=on_screen)
    with pytest.raises(ChangedUnderneath) as refused:
        draft.approve(by=operator, digest=on_screen)
    assert refused.value.diff == {"text": ["Fresh bread at seven.", "Fresh bread at eight."]}
    assert not Publication.objects.exists()


def test_a_second_click_is_told_who_was_first(draft, operator, second_operator):
    other_tab = Draft.objects.get(pk=draft.pk)
    make.approved(draft, operator)
    with pytest.raises(WrongState, match=r"it is approved by olga\."):
        make.approved(other_tab, second_operator)
    assert Publication.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_people_at_once_one_wins_and_the_other_is_told(operator, second_operator):
    draft = make.draft(make.account(), operator)
    answers = []

    def click(person: User) -> None:
        try:
            make.approved(Draft.objects.get(pk=draft.pk), person)
            answers.append("approved")
        except WrongState:
            answers.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=click, args=[person]) for person in (operator, second_operator)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["approved", "told"]
    assert Publication.objects.count() == 1


def test_what_was_not_submitted_cannot_be_approved(page, operator):
    with pytest.raises(WrongState, match="has not been submitted"):
        make.approved(make.draft(page, operator, submit=False), operator)


def test_the_author_may_not_approve_where_the_client_says_so(page, operator):
    page.client.approval_rule = "another"
    page.client.save()
    with pytest.raises(NotAllowed, match="another person"):
        make.approved(make.draft(page, operator), operator)


def test_it_goes_out_at_the_suggested_time_unless_another_is_chosen(page, operator):
    suggested = timezone.now() + timedelta(days=1)
    first = make.approved(make.draft(page, operator, suggested_at=suggested), operator)
    second = make.approved(
        make.draft(page, operator, suggested_at=suggested), operator, at=suggested + timedelta(hours=1)
    )
    assert (first.publish_at, second.publish_at) == (suggested, suggested + timedelta(hours=1))


def test_a_suggested_time_that_has_passed_is_no_answer(page, operator):
    late = make.draft(page, operator, suggested_at=timezone.now() - timedelta(days=2))
    with pytest.raises(TimePassed, match="Choose when it goes out"):
        make.approved(late, operator)
    assert not Publication.objects.exists()


def test_a_time_that_is_past_is_refused(draft, operator):
    with pytest.raises(Refused, match="is past"):
        make.approved(draft, operator, at=timezone.now() - timedelta(hours=1))
    draft.refresh_from_db()
    assert draft.state == Draft.State.IN_REVIEW


def test_what_the_platform_would_refuse_is_not_approved(draft, operator):
    make.behind_the_back(draft, text="x" * 63_207)
    draft.refresh_from_db()
    with pytest.raises(NotAcceptable, match="63,207 characters"):
        make.approved(draft, operator)


def test_the_database_refuses_an_approved_draft_without_a_publication(draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        Draft.objects.filter(pk=draft.pk).update(state=Draft.State.APPROVED)


def test_the_database_refuses_a_decision_of_nobody(draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(draft=draft, verb="rejected", via=Via.CLI, digest="")


def test_the_state_cannot_be_set_past_the_verbs(draft):
    with pytest.raises(AttributeError):
        draft.state = Draft.State.APPROVED


@pytest.mark.parametrize("year", [1, 1999, 2100, 9999])
def test_a_time_that_no_clock_shows_is_refused(page, draft, operator, year):
    far = timezone.now().replace(year=year, day=2)
    with pytest.raises(Refused):
        make.approved(draft, operator, at=far)
    with pytest.raises(Refused):
        make.draft(page, operator, suggested_at=far)
