"""What the platforms say about usage, over real HTTP, and what the desk does about it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.models import Publication
from publishing.platforms.base import Kind, PlatformError
from publishing.sandbox.models import Fault, Knob, Page, Post, Profile, Request
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def accounts(asgi_server, settings):
    settings.SOPHIA_GRAPH_URL = f"{asgi_server.url}/sandbox"
    settings.SOPHIA_PUBLIC_URL = asgi_server.url
    settings.SOPHIA_PLATFORMS = {
        "facebook": "publishing.platforms.facebook.Facebook",
        "instagram": "publishing.platforms.instagram.Instagram",
    }
    page = Page.objects.open("1001", "Lua", token="token-of-1001")
    Profile.objects.open("1784", "Lua", page=page, token="token-of-1784")
    return {"facebook": make.account("facebook", "1001"), "instagram": make.account("instagram", "1784")}


@pytest.fixture
def page(accounts):
    return accounts["facebook"]


def approved(account, by, text="Fresh bread at seven.", colours=("teal",)) -> Publication:
    pictures = [(make.image(colour), f"A {colour} loaf") for colour in colours]
    return make.approved(make.draft(account, by, text=text, pictures=pictures), by)


def asked(account) -> int:
    return Request.objects.filter(account=account.external_id).count()


@pytest.mark.parametrize("platform", ["facebook", "instagram"])
def test_the_ledger_holds_exactly_what_was_asked(accounts, operator, platform):
    account = accounts[platform]
    approved(account, operator).publish()
    requests = Request.objects.filter(account=account.external_id).order_by("pk")
    assert list(account.calls.order_by("pk").values_list("method", "status")) == [
        (request.method, request.status) for request in requests
    ]
    assert account.calls.filter(verb="publish").count() == 1


@pytest.mark.parametrize("colours", [("teal",), ("teal", "navy", "olive")])
@pytest.mark.parametrize("platform", ["facebook", "instagram", "direct"])
def test_the_estimate_is_what_a_post_costs(accounts, operator, platform, colours):
    account = accounts["instagram" if platform == "instagram" else "facebook"]
    if platform == "direct":
        account.use_direct_way()
    publication = approved(account, operator, colours=colours)
    publication.publish()
    kind, direct = type(account.reach()), platform == "direct"
    made = account.calls.filter(publication=publication).count()
    assert made == kind.calls_to_prepare(len(colours), direct) + kind.calls_to_commit(len(colours), direct)


def test_a_usage_below_the_limit_holds_nothing(page, operator):
    Knob.objects.turn("1001", usage=99)
    publication = approved(page, operator)
    publication.publish()
    page.refresh_from_db()
    assert page.throttled_until is None
    assert Post.objects.public().count() == 1


def test_the_last_call_throttles_the_account_for_the_time_that_the_platform_names(page, operator):
    Knob.objects.turn("1001", usage=100, regain_minutes=7)
    before = timezone.now()
    approved(page, operator).publish()
    page.refresh_from_db()
    assert before + timedelta(minutes=7) <= page.throttled_until <= timezone.now() + timedelta(minutes=7)
    assert Post.objects.public().count() == 1


def test_a_full_usage_without_a_time_throttles_for_an_hour(page):
    Knob.objects.turn("1001", usage=100, regain_minutes=0)
    before = timezone.now()
    page.examine()
    assert before + timedelta(hours=1) <= page.throttled_until <= timezone.now() + timedelta(hours=1)


@pytest.mark.parametrize("code", [4, 32, 80001])
def test_a_refused_account_is_left_alone(page, operator, code):
    Knob.objects.turn("1001", call_limit=1, limit_code=code, regain_minutes=9)
    publication = approved(page, operator)
    publication.publish()
    refused = asked(page)
    for verb in (publication.publish, publication.prepare, publication.reconcile):
        publication.refresh_from_db()
        make.behind_the_back(publication, publish_at=timezone.now())
        verb()
    with pytest.raises(PlatformError) as told:
        page.examine()
    assert (told.value.kind, asked(page)) == (Kind.WAIT, refused)
    publication.refresh_from_db()
    assert publication.state == Publication.State.QUEUED
    page.refresh_from_db()
    assert page.throttled_until - timezone.now() > timedelta(minutes=8)


def test_connecting_finds_room_and_ends_the_throttle(page):
    page.throttle(timezone.now() + timedelta(hours=1), "Facebook says that it is too much.")
    Knob.objects.turn("1001", usage=30)
    page.connect(token="token-of-1001")
    page.refresh_from_db()
    assert page.throttled_until is None


def test_a_container_that_needs_time_does_not_throttle_the_account(accounts, operator):
    Fault.objects.arm("POST */media_publish", "error", code=9007, subcode=2207027, http_status=400)
    publication = approved(accounts["instagram"], operator)
    publication.publish()
    assert publication.attempts.get().outcome == "wait"
    accounts["instagram"].refresh_from_db()
    assert accounts["instagram"].throttled_until is None


def test_the_quota_is_read_and_keeps_the_next_post_back(accounts, operator):
    account = accounts["instagram"]
    Knob.objects.turn("1784", quota_total=1)
    account.examine()
    approved(account, operator, "One.").publish()
    refused = asked(account)
    second = approved(account, operator, "Two.")
    second.publish()
    second.refresh_from_db()
    assert (second.state, asked(account)) == (Publication.State.QUEUED, refused)
    assert Post.objects.public().count() == 1


def test_a_page_token_does_not_tell_its_scopes(page):
    assert page.examine().scopes is None
    assert page.missing_scopes(page.examine()) == frozenset()


def test_a_lost_call_counts_too(page, operator):
    Fault.objects.arm("POST */photos", "reset", when="after")
    approved(page, operator).publish()
    assert page.calls.filter(verb="upload", status=None).count() == 1
