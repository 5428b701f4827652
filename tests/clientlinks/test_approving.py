"""What a client approves is sealed like everything else, in the name of whoever let them."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from approval.models import Decision
from publishing.models import Publication
from sophia.doors import Via
from sophia.notifications.models import Notice
from tests import make


def approve(phone, start, draft, digest=None):
    return phone.post(f"{start}{draft.pk}/approve", {"digest": draft.digest() if digest is None else digest})


def test_a_client_approves_in_the_name_of_whoever_let_them(phone, trusted, draft, operator):
    link, start = trusted
    answer = approve(phone, start, draft)
    publication, decision = Publication.objects.get(), draft.decisions.last()
    assert answer.status_code == 303
    assert publication.approved_by == operator
    assert publication.damage() == ""
    assert (decision.by, decision.via, decision.client_link) == (operator, Via.CLIENT, link)
    assert str(decision) == f"Marta (client) has approved {draft} through a link that olga gave"
    assert Notice.objects.get(kind="draft.approved_by_client").sentence == f"{decision}."


def test_the_client_is_thanked_and_told_when_it_goes_out(phone, trusted, draft):
    answer = approve(phone, trusted[1], draft)
    page = phone.get(answer["Location"]).text
    assert "Thank you. It is approved." in page
    assert "Europe/Lisbon" in page
    assert "Approved by you" in page


def test_the_desk_reads_who_it_was(phone, trusted, draft, signed_in, operator):
    approve(phone, trusted[1], draft)
    desk = signed_in(operator)
    for row in (draft, Publication.objects.get()):
        page = desk.get(row.get_absolute_url()).text
        assert "Marta (client)" in page
        assert "through a link that olga gave" in page


def test_what_changed_underneath_is_shown_and_asked_again(phone, trusted, draft, author):
    seen = draft.digest()
    draft.edit(by=author, text="Fresh bread at eight.", link="", pictures=[], digest=seen)
    answer = approve(phone, trusted[1], draft, seen)
    assert answer.status_code == 409
    assert "<del>seven.</del><ins>eight.</ins>" in answer.text
    assert f'value="{draft.digest()}"' in answer.text
    assert not Publication.objects.exists()
    assert approve(phone, trusted[1], draft).status_code == 303


def test_a_second_click_makes_no_second_publication(phone, trusted, draft):
    digest = draft.digest()
    approve(phone, trusted[1], draft, digest)
    answer = approve(phone, trusted[1], draft, digest)
    assert answer.status_code == 409
    assert "You have approved this post" in answer.text
    assert Publication.objects.count() == 1


def test_what_the_desk_has_decided_meanwhile_is_said(phone, trusted, draft, operator):
    digest = draft.digest()
    draft.reject(by=operator, note="Secret thoughts")
    answer = approve(phone, trusted[1], draft, digest)
    assert answer.status_code == 409
    assert "This post is decided" in answer.text
    assert "Secret" not in answer.text


def test_a_link_revoked_in_the_middle_approves_nothing(phone, trusted, draft, operator):
    link, start = trusted
    assert phone.get(f"{start}{draft.pk}/").status_code == 200
    link.revoke(by=operator)
    assert approve(phone, start, draft).status_code == 410
    assert not Publication.objects.exists()


def test_a_link_without_the_right_approves_nothing(phone, link, draft):
    assert "Approve" not in phone.get(f"{link[1]}{draft.pk}/").text
    answer = approve(phone, link[1], draft)
    assert answer.status_code == 403
    assert "Your agency approves." in answer.text
    assert not Publication.objects.exists()


@pytest.mark.parametrize("lost", ["role", "account"])
def test_the_right_ends_when_its_giver_may_not_approve_any_more(phone, trusted, draft, operator, lost):
    if lost == "role":
        operator.groups.set(Group.objects.filter(name="author"))
    else:
        operator.is_active = False
        operator.save()
    answer = approve(phone, trusted[1], draft)
    assert answer.status_code == 403
    assert "may not do so any more" in answer.text
    assert not Publication.objects.exists()


def test_where_authors_may_not_approve_the_giver_counts(phone, trusted, page, operator):
    page.client.approval_rule = "another"
    page.client.save()
    own = make.draft(page, operator)
    answer = approve(phone, trusted[1], own)
    assert answer.status_code == 403
    assert "needs your agency&#x27;s own approval" in answer.text
    assert not Publication.objects.exists()


def test_a_draft_of_another_client_is_not_there(phone, trusted, author):
    other = make.draft(make.account("facebook", "2002", "Aardvark"), author)
    assert phone.get(f"{trusted[1]}{other.pk}/").status_code == 404
    assert approve(phone, trusted[1], other).status_code == 404
    assert not Decision.objects.filter(verb="approved").exists()


def test_a_client_does_not_approve_into_the_past(phone, trusted, page, author):
    late = make.draft(page, author, suggested_at=timezone.now() - timedelta(days=3))
    assert "Approve exactly this" not in phone.get(f"{trusted[1]}{late.pk}").text
    answer = approve(phone, trusted[1], late)
    assert "your agency then chooses a new time" in answer.text
    assert not Publication.objects.exists()
