"""The real platforms, over real HTTP, against the sandbox: every fault at every call leaves exactly one public post."""

from datetime import timedelta

import pytest
import requests
from django.utils import timezone

from publishing.models import Publication
from publishing.sandbox.models import Fault, Knob, Post, Request
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)

FACEBOOK_CALLS = ["POST */photos", "POST */feed", "POST *1001_*", "GET *1001_*"]
INSTAGRAM_CALLS = ["POST */media", "GET */17*", "POST */media_publish"]
CALLS = [("facebook", call) for call in FACEBOOK_CALLS] + [("instagram", call) for call in INSTAGRAM_CALLS]
KINDS = ["refused", "reset", "status_500", "status_503", "html_502", "empty_200", "no_id_200", "success_false"]
FAULTS = [(kind, when) for kind in KINDS for when in ("before", "after")]


def approved(account, by, images=1, text="Fresh bread at seven.") -> Publication:
    pictures = [(make.image(color), f"A {color} loaf") for color in ("teal", "navy", "olive")[:images]]
    return make.approved(make.draft(account, by, text=text, pictures=pictures), by)


def carry_out(publication) -> None:
    """What alarms and sweeps do, without their waits. The last looks are an hour later."""
    for turn in range(10):
        publication.refresh_from_db()
        if publication.state == Publication.State.QUEUED:
            make.behind_the_back(publication, publish_at=timezone.now())
            publication.publish()
        elif publication.state == Publication.State.UNCONFIRMED:
            since = timezone.now() - timedelta(hours=turn > 6)
            make.behind_the_back(publication, reconcile_at=timezone.now(), unconfirmed_at=since)
            make.commits_at_rest(publication)
            publication.reconcile()
    publication.refresh_from_db()


def public(text: str) -> int:
    return Post.objects.public().filter(text=text).count()


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
@pytest.mark.parametrize("images", [1, 3])
def test_it_arrives_as_it_was_approved(accounts, operator, platform, images):
    publication = approved(accounts[platform], operator, images)
    carry_out(publication)
    [post] = Post.objects.public()
    alts = [f"A {color} loaf" for color in ("teal", "navy", "olive")[:images]]
    assert (post.graph_id, post.text) == (publication.post_id, publication.text)
    assert [picture.alt for picture in post.pictures.all()] == alts
    assert publication.permalink.endswith(post.get_absolute_url())


@pytest.mark.parametrize(("platform", "call"), CALLS)
def test_whatever_goes_wrong_at_a_call_exactly_one_post_is_public(accounts, operator, platform, call):
    for fault in FAULTS:
        text = f"{call} {fault}"
        Fault.objects.arm(call, fault[0], when=fault[1])
        publication = approved(accounts[platform], operator, text=text)
        carry_out(publication)
        assert (publication.state, public(text)) == ("published", 1), fault
        Fault.objects.clear()


def test_the_direct_way_never_doubles_and_asks_a_person_where_nothing_is_proved(accounts, operator):
    accounts["facebook"].use_direct_way()
    for fault in FAULTS:
        text = f"direct {fault}"
        Fault.objects.arm("POST */feed", fault[0], when=fault[1])
        publication = approved(accounts["facebook"], operator, text=text)
        carry_out(publication)
        assert public(text) == publication.is_live == (fault[1] == "after"), fault
        assert publication.is_live or publication.needs_a_person, fault


def test_a_page_that_refuses_the_second_step_is_published_directly(accounts, operator):
    Knob.objects.turn("1001", two_step=False)
    publication = approved(accounts["facebook"], operator)
    carry_out(publication)
    assert (public(publication.text), Post.objects.existing().count()) == (1, 1)
    accounts["facebook"].refresh_from_db()
    assert accounts["facebook"].direct_since


def test_a_container_that_needs_time_is_waited_for(accounts, operator):
    Knob.objects.turn("1784", in_progress_polls=2)
    publication = approved(accounts["instagram"], operator)
    carry_out(publication)
    assert publication.is_live
    assert publication.attempts.count() == 1


def test_images_can_be_fetched_only_while_the_post_is_on_its_way(accounts, operator):
    publication = approved(accounts["instagram"], operator)
    address = publication.sealed_content().images[0].url
    assert requests.get(address, timeout=5).status_code == 404
    publication.claim()
    answer = requests.get(address, timeout=5)
    assert answer.content == publication.pictures.get().image.read()
    publication.attempts.get().run()
    assert requests.get(address, timeout=5).status_code == 404


def test_no_token_is_ever_part_of_an_address(accounts, operator):
    for account in accounts.values():
        carry_out(approved(account, operator))
    assert set(Request.objects.values_list("token_in", flat=True)) == {"header"}
