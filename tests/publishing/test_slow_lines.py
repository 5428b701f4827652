"""Slow uploads and slow processing, over real HTTP, in runs that are cut short: nothing that exists is made twice."""

import re
import time
from datetime import timedelta

import pytest
import requests
from django.utils import timezone

from publishing.models import Publication, Step, pace
from publishing.platforms import graph
from publishing.platforms.base import Credentials
from publishing.platforms.facebook import Facebook
from publishing.sandbox.models import Container, Fault, Knob, Picture, Post, Request
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)

COLORS = ("teal", "navy", "olive", "red", "gold", "pink", "gray", "lime", "plum", "tan")


def album(account, by, images=10) -> Publication:
    pictures = [(make.image(color), "") for color in COLORS[:images]]
    return make.approved(make.draft(account, by, pictures=pictures), by)


def runs(publication, most) -> int:
    """As alarms would wake it, without their waits. How many runs it took."""
    for number in range(1, most + 1):
        make.behind_the_back(publication, publish_at=timezone.now())
        publication.publish()
        publication.refresh_from_db()
        if publication.state != Publication.State.QUEUED:
            return number
    return most


def test_ten_images_on_a_slow_line_go_out_in_several_runs(accounts, operator, monkeypatch):
    """Ten at 6 seconds each, 45 seconds a run; here by hundredths."""
    Knob.objects.turn("1001", upload_seconds=0.2)
    monkeypatch.setattr(graph, "DEADLINE", 1.5)
    publication = album(accounts["facebook"], operator)
    publication.publish()
    publication.refresh_from_db()
    assert re.search(r"\d of 10 images uploaded", publication.reason)
    assert runs(publication, 30) >= 1
    assert (publication.is_live, publication.tries()) == (True, 1)
    assert Post.objects.get().pictures.count() == Picture.objects.count() == len(COLORS)


def test_each_image_of_a_slow_carousel_is_made_once(accounts, operator):
    Knob.objects.turn("1784", in_progress_polls=3)
    publication = album(accounts["instagram"], operator, images=3)
    assert runs(publication, 12) > 3
    assert (publication.is_live, publication.tries()) == (True, 1)
    assert Container.objects.count() == 4


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_a_failure_at_one_image_loses_no_other(accounts, operator, platform):
    publication = album(accounts[platform], operator, images=3)
    call = "POST */photos" if platform == "facebook" else "POST */media"
    error = {"code": 9004, "subcode": 2207052} if platform == "instagram" else {"code": 2}
    Fault.objects.arm(call, "error", times=1, when="before", **error)
    assert runs(publication, 5) == 2
    assert publication.is_live
    made = Picture.objects.count() if platform == "facebook" else Container.objects.count() - 1
    assert made == 3


def test_what_a_carousel_waits_for_is_said(accounts, operator):
    Knob.objects.turn("1784", processing_seconds=60)
    publication = album(accounts["instagram"], operator, images=3)
    publication.publish()
    publication.refresh_from_db()
    assert publication.reason == "Instagram is still processing 3 of 3 images."
    assert publication.preparations.get().progress == publication.reason


def test_a_photo_that_facebook_has_lost_is_uploaded_again_and_no_other(accounts, operator):
    publication = album(accounts["facebook"], operator, images=3)
    attempt = publication.claim()
    journal = publication.journal(attempt.token)
    with publication.account.reaching(publication) as platform:
        for number, image in enumerate(publication.sealed_content().images, 1):
            platform._photo(journal, number, image)
    Picture.objects.filter(graph_id=journal.known("photo-2")).update(deleted_at=timezone.now())
    attempt.run()
    publication.refresh_from_db()
    runs(publication, 3)
    assert publication.is_live
    assert Request.objects.filter(path="1001/photos").count() == 4


def test_an_upload_that_cannot_end_in_time_is_not_begun(accounts, monkeypatch):
    monkeypatch.setattr(graph, "LAST", graph.CONNECT + 0.3)
    with pytest.raises(graph.NotYet):
        line(accounts).require_time(graph.LAST)


def test_an_upload_that_trickles_is_cut_off_and_says_so(accounts):
    upload = graph.multipart({}, {"source": ("a", make.jpeg(), "image/jpeg")}, until=time.monotonic())
    with pytest.raises(requests.ConnectionError) as lost:
        requests.post(f"{line(accounts).root}/1001/photos", timeout=5, **upload)
    said = line(accounts)._lost(lost.value, irreversible=False)
    assert "too slow" in str(said)
    assert said.made_nothing


def line(accounts) -> graph.Graph:
    account = accounts["facebook"]
    with account.reaching() as platform:
        ours = Credentials(account.external_id, account.token)
        return Facebook(ours, base_url=platform.base_url, version="v26.0").graph


def test_a_slow_line_is_begun_earlier(accounts, operator):
    account = accounts["facebook"]
    publication = album(account, operator, images=2)
    publication.publish()
    assert pace.of(account.pk).lead(0) == timedelta(minutes=2)
    Step.objects.filter(size__gt=0).update(size=1_000_000, milliseconds=10_000)
    assert pace.of(account.pk).lead(60_000_000) == timedelta(minutes=20)
    assert pace.of(account.pk).lead(900_000_000) == timedelta(hours=1)


def test_an_album_is_prepared_as_early_as_its_bytes_need(accounts, operator):
    publication = album(accounts["facebook"], operator, images=2)
    publication.publish()
    Step.objects.filter(size__gt=0).update(size=publication.weight, milliseconds=300_000)
    in_five = timezone.now() + timedelta(minutes=5)
    later = make.approved(album_draft(accounts["facebook"], operator), operator, at=in_five, exact=True)
    assert list(Publication.objects.to_prepare_before(timezone.now())) == [later]
    later.prepare()
    later.refresh_from_db()
    assert later.prepared_at


def album_draft(account, by):
    pictures = [(make.image(color), "") for color in COLORS[:2]]
    return make.draft(account, by, text="Another.", pictures=pictures)
