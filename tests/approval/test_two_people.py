import threading

import pytest
from django.db import IntegrityError, connection

from approval.models import Decision, Draft
from publishing.models import Publication, SocialAccount
from sophia.notifications.models import Notice
from sophia.refusals import ChangedUnderneath, NotAllowed, WrongState
from tests import make


@pytest.fixture
def two(page):
    """Its client wants two people."""
    make.behind_the_back(page.client, approval_rule="two")
    page.client.refresh_from_db()
    return page


@pytest.fixture
def waiting(two, author):
    return make.draft(two, author)


@pytest.fixture
def agreed(waiting, operator):
    """Olga has approved it."""
    waiting.approve(by=operator, digest=waiting.digest())
    return waiting


def edited(draft, by, text="Rolls at eight."):
    draft.edit(by=by, text=text, link="", pictures=(), digest=draft.digest())


def test_the_first_of_two_approvals_is_kept_and_the_draft_stays_in_review(agreed, operator):
    assert agreed.state == Draft.State.IN_REVIEW
    assert not Publication.objects.exists()
    assert (agreed.agreement.verb, agreed.agreement.by) == ("agreed", operator)
    said = "olga has agreed to Draft 1 (Café Lua facebook on Facebook). Another person has to approve it too."
    assert Notice.objects.filter(kind="draft.agreed").get().sentence == said.replace("Draft 1 ", f"Draft {agreed.pk} ")


def test_the_second_sets_it_going_and_the_seal_names_both(agreed, operator, second_operator):
    publication = make.approved(agreed, second_operator)
    assert (publication.agreed_by, publication.approved_by) == (operator, second_operator)
    assert not publication.damage()
    make.behind_the_back(publication, agreed_by=None)
    publication.refresh_from_db()
    assert "approver" in publication.damage()


def test_the_second_must_be_another_person(agreed, operator):
    with pytest.raises(NotAllowed, match="olga has approved it already"):
        agreed.approve(by=operator, digest=agreed.digest())
    assert agreed.decisions.filter(verb="agreed").count() == 1


def test_an_edit_makes_the_first_void(agreed, author, second_operator, operator):
    edited(agreed, author)
    assert agreed.agreement is None
    agreed.approve(by=second_operator, digest=agreed.digest())
    assert agreed.state == Draft.State.IN_REVIEW
    assert make.approved(agreed, operator).agreed_by == second_operator


def test_also_an_edit_that_was_edited_back(agreed, author):
    text = agreed.text
    edited(agreed, author)
    edited(agreed, author, text)
    assert agreed.agreement is None


def test_the_first_does_not_stand_for_a_row_changed_behind_the_back(agreed, second_operator):
    make.behind_the_back(agreed, text="Rolls at eight.")
    agreed = Draft.objects.get(pk=agreed.pk)
    assert agreed.agreement is None
    agreed.approve(by=second_operator, digest=agreed.digest())
    assert (agreed.state, agreed.agreement.by) == (Draft.State.IN_REVIEW, second_operator)


def test_nobody_who_may_not_approve_gives_the_first(waiting, author):
    with pytest.raises(NotAllowed):
        waiting.approve(by=author, digest=waiting.digest())
    assert not waiting.decisions.filter(verb=Decision.Verb.AGREED).exists()


def test_nor_does_it_stand_for_an_image_that_was_exchanged(two, author, operator, second_operator):
    draft = make.draft(two, author, pictures=[(make.image(), "A loaf")])
    draft.approve(by=operator, digest=draft.digest())
    draft.pictures.update(image=make.image("red"))
    draft.refresh_from_db()
    draft.approve(by=second_operator, digest=draft.digest())
    assert not Publication.objects.exists()


def test_the_second_sees_what_changed_since_they_opened_it(agreed, author, second_operator):
    seen = agreed.digest()
    edited(agreed, author)
    with pytest.raises(ChangedUnderneath):
        agreed.approve(by=second_operator, digest=seen)


def test_the_first_can_be_taken_back(agreed, operator, second_operator):
    since = agreed.submitted_at
    agreed.reopen(by=operator, note="Taken back.")
    assert (agreed.agreement, agreed.state, agreed.submitted_at) == (None, "in_review", since)
    agreed.approve(by=second_operator, digest=agreed.digest())
    assert not Publication.objects.exists()


def test_what_nobody_approved_cannot_be_taken_back(waiting, operator):
    with pytest.raises(WrongState):
        waiting.reopen(by=operator)


def test_reopening_what_two_approved_asks_both_again(agreed, second_operator, operator):
    make.approved(agreed, second_operator)
    agreed.reopen(by=operator)
    assert agreed.agreement is None


def test_it_does_not_count_any_more_when_its_giver_may_not_approve(agreed, operator, second_operator):
    operator.groups.clear()
    agreed.approve(by=second_operator, digest=agreed.digest())
    assert not Publication.objects.exists()
    assert agreed.agreement.by == second_operator


def test_nor_when_its_giver_no_longer_works_for_the_client(agreed, operator, second_operator):
    make.member(operator)
    agreed.approve(by=second_operator, digest=agreed.digest())
    assert not Publication.objects.exists()


def test_there_is_no_way_round_the_second(waiting, operator):
    """Not for whoever calls what the verb calls."""
    for first in (None, operator):
        with pytest.raises(NotAllowed, match="wants two people"):
            Publication.objects.schedule(waiting, approved_by=operator, agreed_by=first, at=waiting.planned_at)


@pytest.mark.django_db(transaction=True)
def test_the_database_knows_that_two_are_two(page, author, operator):
    publication = make.approved(make.draft(page, author), operator)
    with pytest.raises(IntegrityError):
        make.behind_the_back(publication, agreed_by=operator)


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_of_one_person_count_once(waiting, operator):
    refused, digest = [], waiting.digest()

    def press():
        try:
            Draft.objects.get(pk=waiting.pk).approve(by=operator, digest=digest)
        except NotAllowed as no:
            refused.append(no)
        finally:
            connection.close()

    presses = [threading.Thread(target=press) for _ in range(2)]
    [each.start() for each in presses]
    [each.join() for each in presses]
    assert len(refused) == 1
    assert not Publication.objects.exists()
    assert Decision.objects.filter(verb="agreed").count() == 1


def test_the_author_is_whoever_last_edited_it(page, author, operator, second_operator):
    make.behind_the_back(page.client, approval_rule="another")
    page.client.refresh_from_db()
    draft = make.draft(page, author)
    edited(draft, operator)
    with pytest.raises(NotAllowed, match="this version is by olga"):
        draft.approve(by=operator, digest=draft.digest())
    assert make.approved(draft, second_operator).agreed_by is None


def test_to_change_a_draft_and_back_makes_nobody_its_author(page, author, operator):
    make.behind_the_back(page.client, approval_rule="another")
    page.client.refresh_from_db()
    draft = make.draft(page, operator)
    text = draft.text
    for typed in (f"{text}!", text):
        draft.edit(by=author, text=typed, link="", pictures=[], digest=draft.digest())
    with pytest.raises(NotAllowed, match="this version is by olga"):
        draft.approve(by=operator, digest=draft.digest())


def test_what_a_machine_wrote_has_no_author(page, operator):
    make.behind_the_back(page.client, approval_rule="another")
    page.client.refresh_from_db()
    assert make.approved(make.draft(page, None), operator)


# The doors


def test_the_page_says_what_is_missing_before_anybody_presses(signed_in, waiting, operator, second_operator):
    address = waiting.get_absolute_url()
    assert "Nobody has yet" in signed_in(operator).get(address).text
    answer = signed_in(operator).post(f"{address}approve", {"digest": waiting.digest(), "when": "now"}, follow=True)
    assert "Another person has to approve it too." in answer.text
    first, second = (signed_in(who).get(address).text for who in (operator, second_operator))
    assert "Approved by olga, one more needed." in first
    assert "olga has approved it already" in first
    assert 'id="approve-form"' not in first
    assert "Take the approval back" in first
    assert 'id="approve-form"' in second


def test_it_is_undone_by_the_same_button(signed_in, agreed, operator):
    signed_in(operator).post(f"{agreed.get_absolute_url()}reopen", {"note": "Taken back."})
    assert agreed.agreement is None


def test_a_list_of_drafts_says_so_too(signed_in, agreed, operator, second_operator):
    listed = signed_in(operator).get("/review/together").text
    assert "olga has approved it already" in listed
    assert f'value="{agreed.pk}" disabled' in listed
    typed = {"draft": agreed.pk, f"digest-{agreed.pk}": agreed.digest()}
    assert "is approved. " in signed_in(second_operator).post("/review/together", typed).text


def test_the_first_in_a_list_waits_for_the_second(signed_in, waiting, operator):
    typed = {"draft": waiting.pk, f"digest-{waiting.pk}": waiting.digest()}
    assert "is approved by you. Another person" in signed_in(operator).post("/review/together", typed).text


def test_the_rule_is_changed_by_administrators_only(signed_in, two, operator):
    kept = {"name": two.client.name, "timezone": "UTC", "lateness_limit": "00:30:00", "approval_rule": "one"}
    kept["twin_window"] = "30 00:00:00"
    assert signed_in(operator).post(f"/admin/publishing/client/{two.client_id}/change/", kept).status_code == 302
    two.client.refresh_from_db()
    assert (two.client.timezone, two.client.approval_rule) == ("UTC", "two")


def test_nor_by_whoever_moves_the_account_to_another_client(signed_in, two, operator):
    lax = make.account("facebook", "2002", client="Lax").client
    typed = {"client": lax.pk, "name": two.name, "new_token": ""}
    assert signed_in(operator).post(f"/admin/publishing/socialaccount/{two.pk}/change/", typed).status_code == 302
    two.refresh_from_db()
    assert two.client.approval_rule == "two"


def test_nor_by_an_account_that_was_read_before_the_rule_changed(page):
    read_before = SocialAccount.objects.select_related("client").get(pk=page.pk)
    make.behind_the_back(page.client, approval_rule="two")
    read_before.connect(token="another")
    page.client.refresh_from_db()
    assert page.client.approval_rule == "two"
