from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from publishing.models import Publication
from tests import make
from tests.draining import drain


def post(browser, draft, verb, **typed):
    return browser.post(reverse(f"approval:{verb}", args=[draft.pk]), typed)


def test_approving_now_makes_a_publication(desk, draft, operator):
    answer = post(desk, draft, "approve", digest=draft.digest(), when="now")
    assert answer.status_code == 302
    publication = Publication.objects.get()
    assert publication.approved_by == operator
    assert timedelta(seconds=9) < publication.publish_at - timezone.now() <= timedelta(seconds=10)


def test_a_time_is_read_on_the_clients_clock(desk, draft, page):
    page.client.timezone = "Asia/Tokyo"
    page.client.save()
    post(desk, draft, "approve", digest=draft.digest(), when="at", at="2099-06-01T09:30", although="A test.")
    assert Publication.objects.get().publish_at.isoformat() == "2099-06-01T00:30:00+00:00"


def test_the_suggested_time_is_kept(desk, page, author):
    soon = timezone.now() + timedelta(hours=5)
    draft = make.draft(page, author, suggested_at=soon)
    post(desk, draft, "approve", digest=draft.digest(), when="suggested")
    assert Publication.objects.get().publish_at == soon


def test_at_without_a_time_is_asked_for(desk, draft):
    answer = post(desk, draft, "approve", digest=draft.digest(), when="at")
    assert answer.status_code == 422
    assert "Choose a day and a time." in answer.content.decode()
    assert not Publication.objects.exists()


def test_a_time_that_is_past_is_refused_and_kept_on_the_page(desk, draft):
    answer = post(desk, draft, "approve", digest=draft.digest(), when="at", at="2001-01-01T10:00")
    assert answer.status_code == 422
    assert "is past" in answer.content.decode()
    assert "2001-01-01T10:00" in answer.content.decode()


def test_manual_mode_waits_for_a_person(desk, draft):
    post(desk, draft, "approve", digest=draft.digest(), when="now", manual="on")
    assert Publication.objects.get().mode == Publication.Mode.MANUAL


def test_after_a_decision_comes_the_next_draft(desk, page, author):
    first, second = make.draft(page, author), make.draft(page, author, text="Second.")
    answer = post(desk, first, "approve", digest=first.digest(), when="now")
    assert answer["Location"] == second.get_absolute_url()
    followed = desk.get(answer["Location"]).content.decode()
    assert Publication.objects.get().get_absolute_url() in followed


def test_after_the_last_draft_the_queue_is_empty(desk, draft):
    answer = desk.post(reverse("approval:skip", args=[draft.pk]), follow=True)
    assert "Nothing to review" in answer.content.decode()


def test_the_client_filter_stays_on_the_way(desk, page, author):
    other = make.account("facebook", "2002", "Aardvark", "UTC")
    make.draft(other, author, text="Not this one.")
    first, second = make.draft(page, author), make.draft(page, author, text="Second.")
    filtered = f"?client={page.client_id}"
    answer = desk.post(reverse("approval:skip", args=[first.pk]) + filtered)
    assert answer["Location"] == second.get_absolute_url() + filtered
    assert "Not this one." not in desk.get(answer["Location"]).content.decode()


def test_a_second_click_is_told_and_makes_no_second_publication(desk, draft):
    digest = draft.digest()
    post(desk, draft, "approve", digest=digest, when="now")
    answer = post(desk, draft, "approve", digest=digest, when="now")
    assert answer.status_code == 409
    assert "it is approved by olga" in answer.content.decode().lower()
    assert Publication.objects.count() == 1


def test_what_changed_underneath_is_shown_with_what_was_chosen(desk, draft, author):
    seen = draft.digest()
    draft.edit(by=author, text="Fresh bread at eight.", link="", pictures=[], digest=seen)
    answer = post(desk, draft, "approve", digest=seen, when="at", at="2099-06-01T09:30", manual="on")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "<del>seven.</del><ins>eight.</ins>" in page
    assert "2099-06-01T09:30" in page
    assert f'value="{draft.digest()}"' in page
    assert 'name="manual" checked' in page
    assert not Publication.objects.exists()


def test_approving_without_a_digest_approves_nothing(desk, draft):
    assert post(desk, draft, "approve", when="now").status_code == 409
    assert not Publication.objects.exists()


@pytest.mark.parametrize("verb", ["approve", "reject", "skip"])
def test_an_author_may_not_decide(signed_in, author, draft, verb):
    answer = post(signed_in(author), draft, verb, digest=draft.digest(), when="now")
    assert answer.status_code == 403
    assert "anna may not" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.state == draft.State.IN_REVIEW


def test_rejecting_keeps_tags_and_note(desk, draft):
    post(desk, draft, "reject", tags=["too long", "off-brand"], note="Half of it.")
    decision = draft.decisions.last()
    assert (decision.verb, decision.tags, decision.note) == ("rejected", ["too long", "off-brand"], "Half of it.")


def test_an_unknown_tag_is_refused_and_the_note_is_kept(desk, draft):
    answer = post(desk, draft, "reject", tags=["nonsense"], note="Half of it.")
    assert answer.status_code == 422
    assert "Half of it." in answer.content.decode()


def test_reopening_takes_it_out_of_the_queue(desk, draft, publication):
    answer = post(desk, draft, "reopen", note="Wait")
    assert answer["Location"] == draft.get_absolute_url()
    publication.refresh_from_db()
    assert publication.is_cancelled


def test_submitting_asks_for_a_decision(signed_in, author, page):
    draft = make.draft(page, author, submit=False)
    answer = post(signed_in(author), draft, "submit")
    draft.refresh_from_db()
    assert answer.status_code == 302
    assert draft.state == draft.State.IN_REVIEW


def test_other_states_are_listed(desk, draft, operator):
    draft.reject(by=operator)
    assert "Fresh bread" in desk.get("/review/?state=rejected").content.decode()
    assert "Fresh bread" not in desk.get("/review/?state=skipped").content.decode()


def test_text_is_shown_as_text(desk, page, author):
    draft = make.draft(page, author, text="<script>alert(1)</script>")
    assert "<script>alert" not in desk.get(draft.get_absolute_url()).content.decode()


def test_a_longer_queue_takes_no_more_queries(desk, page, author, queries_of):
    draft = make.draft(page, author, pictures=[(make.image(), "A")])
    few = queries_of(desk, draft.get_absolute_url())
    for number in range(20):
        make.draft(page, author, text=f"Number {number}.", pictures=[(make.image(), "A")])
    assert queries_of(desk, draft.get_absolute_url()) == few


@pytest.mark.only_on("sqlite", "postgresql")
@pytest.mark.parametrize("at", ["9999-12-31T23:59", "0001-01-01T00:00", "2100-01-02T00:00"])
def test_a_time_beyond_the_horizon_is_refused(desk, draft, page, at):
    page.client.timezone = "Asia/Tokyo"
    page.client.save()
    answer = post(desk, draft, "approve", digest=draft.digest(), when="at", at=at)
    assert answer.status_code == 422
    assert "is too far away" in answer.text
    assert not Publication.objects.exists()


@pytest.mark.only_on("sqlite", "postgresql")
@pytest.mark.parametrize("address", ["/review/", "/queue/"])
@pytest.mark.parametrize("client", ["9" * 5000, "9" * 18, "\0", "²"])
def test_a_client_that_cannot_be_is_no_error(desk, draft, address, client):
    assert desk.get(address, {"client": client}, follow=True).status_code == 200


@pytest.mark.only_on("sqlite", "postgresql")
def test_a_note_to_reopen_that_is_not_text_is_refused(desk, draft, operator):
    draft.reject(by=operator, note="No")
    answer = post(desk, draft, "reopen", note="a\0b")
    assert answer.status_code == 422
    assert "Null characters" in answer.text


@pytest.fixture
def crowded(page, author, operator):
    """A draft for an account that posts every four hours and has a post in an hour."""
    page.min_gap = timedelta(hours=4)
    page.save()
    taken = make.approved(make.draft(page, author, text="First."), operator, at=timezone.now() + timedelta(hours=1))
    return make.draft(page, author, text="Second."), taken


def test_the_reviewer_sees_the_slot_before_approving(desk, crowded):
    draft, taken = crowded
    page = desk.get(draft.get_absolute_url()).content.decode()
    slot = taken.publish_at + timedelta(hours=4)
    assert "In the next free slot" in page
    assert slot.isoformat() in page
    post(desk, draft, "approve", digest=draft.digest(), when="now", slot_now=slot.isoformat())
    draft.refresh_from_db()
    assert draft.publication.publish_at == slot


def test_a_slot_that_was_taken_meanwhile_is_refused_and_the_next_one_shown(desk, crowded, author, operator):
    draft, taken = crowded
    slot = taken.publish_at + timedelta(hours=4)
    make.approved(make.draft(taken.account, author), operator, at=slot)
    answer = post(desk, draft, "approve", digest=draft.digest(), when="now", slot_now=slot.isoformat())
    assert answer.status_code == 422
    assert (slot + timedelta(hours=4)).isoformat() in answer.content.decode()
    assert Publication.objects.count() == 2


def test_a_reason_breaks_the_cadence(desk, crowded):
    draft, taken = crowded
    slot = (taken.publish_at + timedelta(hours=4)).isoformat()
    post(desk, draft, "approve", digest=draft.digest(), when="now", slot_now=slot, override="The fair moved.")
    draft.refresh_from_db()
    assert draft.publication.publish_at < taken.publish_at
    assert draft.publication.cadence_override == "olga: The fair moved."


def test_a_typed_time_out_of_cadence_loses_nothing(desk, crowded):
    draft, taken = crowded
    typed = f"{taken.account.local(taken.publish_at + timedelta(hours=1)):%Y-%m-%dT%H:%M}"
    answer = post(desk, draft, "approve", digest=draft.digest(), when="at", at=typed, manual="on")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert typed in page
    assert 'name="manual" checked' in page
    assert "at least 4 hours" in page


def in_background(browser, draft, verb, **typed):
    return browser.post(reverse(f"approval:{verb}", args=[draft.pk]), typed, headers={"accept": "application/json"})


def test_a_decision_in_the_background_is_answered_in_a_word(desk, draft):
    answer = in_background(desk, draft, "approve", digest=draft.digest(), when="now")
    publication = Publication.objects.get()
    assert answer.json() == {
        "said": "Approved. It goes out in 10 seconds.",
        "link": publication.get_absolute_url(),
        "name": str(publication),
    }


def test_a_refusal_in_the_background_is_the_whole_page_with_what_was_typed(desk, draft, author):
    seen = draft.digest()
    draft.edit(by=author, text="Fresh bread at eight.", link="", pictures=[], digest=seen)
    answer = in_background(desk, draft, "approve", digest=seen, when="at", at="2099-06-01T09:30", although="A test.")
    assert answer.status_code == 409
    assert "<ins>eight.</ins>" in answer.text
    assert "2099-06-01T09:30" in answer.text


def test_an_approval_is_taken_back_by_its_button(desk, draft):
    after = desk.post(
        reverse("approval:approve", args=[draft.pk]), {"digest": draft.digest(), "when": "now"}, follow=True
    )
    undo = reverse("approval:reopen", args=[draft.pk])
    assert f'formaction="{undo}"' in after.text
    assert '<form id="undo" method="post">' in after.text
    desk.post(undo, {"note": "Taken back."})
    draft.refresh_from_db()
    assert draft.state == draft.State.IN_REVIEW
    assert Publication.objects.get().is_cancelled


def test_what_has_begun_to_go_out_is_not_taken_back(desk, draft, clock):
    post(desk, draft, "approve", digest=draft.digest(), when="now")
    clock.tick(timedelta(seconds=11))
    Publication.objects.get().publish()
    answer = in_background(desk, draft, "reopen", note="Taken back.")
    assert answer.status_code == 409
    assert "cannot be stopped any more" in answer.text
    assert Publication.objects.get().is_live


def test_nothing_is_prepared_while_it_can_be_undone(desk, draft, clock):
    post(desk, draft, "approve", digest=draft.digest(), when="now")
    clock.tick(timedelta(seconds=9))
    drain()
    assert not Publication.objects.get().attempts.exists()
    clock.tick(timedelta(seconds=2))
    drain()
    assert Publication.objects.get().is_live


@pytest.mark.parametrize("verb", ["reject", "skip"])
def test_a_rejection_and_a_skip_are_taken_back_too(desk, draft, verb):
    post(desk, draft, verb)
    in_background(desk, draft, "reopen", note="Taken back.")
    draft.refresh_from_db()
    assert draft.state == draft.State.IN_REVIEW
    assert draft.decisions.last().note == "Taken back."
