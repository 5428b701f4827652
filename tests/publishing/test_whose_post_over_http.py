"""The same against the sandbox: a list that lags, and posts that somebody else made with the same words."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.models import Identification, Recovery
from publishing.models.reconciliation import AT_REST
from publishing.sandbox.models import Account, Fault, Knob, Post
from tests.draining import carry_out as take_down
from tests.publishing.test_over_http import approved, carry_out

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "Fresh bread at seven."


def foreign(external_id, text=TEXT, seconds=0, app="app-of-a-phone"):
    account = Account.objects.get(external_id=external_id)
    at = timezone.now() - timedelta(seconds=seconds)
    return Post.objects.create(
        account=account,
        graph_id=f"{external_id}_9{Post.objects.count()}",
        text=text,
        app_id=app,
        published_at=at,
        created_at=at,
    )


def lose_the_answer(publication, call):
    Fault.objects.arm(call, "reset", when="after")
    publication.publish()
    publication.refresh_from_db()
    assert publication.state == "unconfirmed"


def look_again():
    Identification.objects.open().update(next_at=timezone.now())
    for row in Identification.objects.due(timezone.now()):
        row.look()


@pytest.mark.parametrize("words", [TEXT, ""])
def test_a_post_that_the_client_made_by_phone_is_neither_taken_for_ours_nor_deleted(accounts, operator, words):
    Knob.objects.turn("1784", list_lag_seconds=3600)
    theirs = foreign("1784", words, seconds=4000)
    publication = approved(accounts["instagram"], operator, text=words)
    lose_the_answer(publication, "POST */media_publish")
    carry_out(publication)
    assert (publication.state, publication.post_id, publication.offered()) == ("published", "", [])
    recovery = publication.recover(by=operator, reason="Wrong price.")
    take_down(recovery)
    assert recovery.state == Recovery.State.MANUAL
    assert "https://www.instagram.com/" in recovery.note
    theirs.refresh_from_db()
    assert theirs.is_public
    assert Post.objects.public().count() == 2


def test_our_post_is_offered_when_the_list_shows_it_and_comes_down_once_it_is_named(accounts, operator):
    Knob.objects.turn("1784", list_lag_seconds=3600)
    theirs = foreign("1784", seconds=4000)
    publication = approved(accounts["instagram"], operator)
    lose_the_answer(publication, "POST */media_publish")
    carry_out(publication)
    recovery = publication.recover(by=operator, reason="Wrong price.")
    take_down(recovery)
    Knob.objects.turn("1784", list_lag_seconds=0)
    look_again()
    [candidate] = publication.offered()
    assert (candidate.message, candidate.images) == (TEXT, 1)
    assert candidate.picture.startswith("http")
    publication.identify(candidate, by=operator)
    take_down(recovery)
    publication.refresh_from_db()
    assert (publication.state, [post.pk for post in Post.objects.public()]) == ("recovered", [theirs.pk])


def test_a_post_with_the_same_words_from_a_minute_before_is_not_taken_for_ours(accounts, operator):
    accounts["facebook"].use_direct_way()
    theirs = foreign("1001", seconds=60 + AT_REST.total_seconds())
    publication = approved(accounts["facebook"], operator, images=0)
    Fault.objects.arm("POST */feed", "reset", when="before")
    publication.publish()
    carry_out(publication)
    assert (publication.state, publication.post_id, publication.offered()) == ("unconfirmed", "", [])
    assert publication.needs_a_person
    assert theirs.is_public


def test_what_our_own_app_did_not_make_is_not_offered(accounts, operator, settings):
    settings.SOPHIA_APP_ID, settings.SOPHIA_APP_SECRET = Account.objects.first().tokens.first().app_id, "secret"
    accounts["facebook"].use_direct_way()
    publication = approved(accounts["facebook"], operator, images=0)
    lose_the_answer(publication, "POST */feed")
    foreign("1001")
    carry_out(publication)
    ours = Post.objects.public().exclude(app_id="app-of-a-phone").get()
    assert [each.post_id for each in publication.offered()] == [ours.graph_id]


@pytest.mark.parametrize("images", [1, 3])
def test_a_direct_post_is_proved_by_the_photos_that_were_uploaded_for_it(accounts, operator, images):
    accounts["facebook"].use_direct_way()
    publication = approved(accounts["facebook"], operator, images)
    lose_the_answer(publication, "POST */feed")
    foreign("1001")
    carry_out(publication)
    ours = Post.objects.public().exclude(app_id="app-of-a-phone").get()
    assert (publication.state, publication.post_id, publication.known_by) == ("published", ours.graph_id, "reference")


def test_the_same_words_posted_just_before_are_a_refusal(accounts, operator):
    Knob.objects.turn("1001", duplicate_check=True)
    accounts["facebook"].use_direct_way()
    foreign("1001", seconds=60)
    publication = approved(accounts["facebook"], operator, images=0)
    publication.publish()
    publication.refresh_from_db()
    assert publication.state == "failed"
    assert "Change the words" in publication.reason
