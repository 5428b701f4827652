"""Looking again, over real HTTP, at what the sandbox shows to the public."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.models import RestorePoint, Sighting
from publishing.sandbox.models import Account, Fault, Knob, Page, Post, Profile, Request, Token
from sophia.notifications.models import Notice
from tests import make
from tests.draining import carry_out

pytestmark = pytest.mark.django_db(transaction=True)

ANOTHER = "900"
"""A post that stays up on the same account, and that reading shows: the control."""


@pytest.fixture(params=["facebook", "instagram"])
def live(request, asgi_server, settings, operator):
    """Published on the sandbox, with an image and a link, and its first look is due."""
    settings.SOPHIA_GRAPH_URL = f"{asgi_server.url}/sandbox"
    settings.SOPHIA_PUBLIC_URL = asgi_server.url
    settings.SOPHIA_PLATFORMS = {
        "facebook": "publishing.platforms.facebook.Facebook",
        "instagram": "publishing.platforms.instagram.Instagram",
    }
    page = Page.objects.open("1001", "Lua", token="token-of-1001")
    Profile.objects.open("1784", "Lua", page=page, token="token-of-1784")
    account = make.account(request.param, "1001" if request.param == "facebook" else "1784")
    pictures = [(make.image(), "A teal loaf")]
    draft = make.draft(account, operator, text="Pão fresco 🥖", link="https://lua.example/pao", pictures=pictures)
    published = make.published(draft, operator)
    Post.objects.create(account=wall_of(published), graph_id=ANOTHER, published_at=timezone.now())
    return published


def wall_of(publication) -> Account:
    return Account.objects.get(external_id=publication.account.external_id)


def look(publication) -> list[str]:
    make.behind_the_back(publication, watch_at=timezone.now())
    publication.watch()
    publication.refresh_from_db()
    return list(publication.sightings.values_list("verdict", flat=True))


def post() -> Post:
    return Post.objects.public().exclude(graph_id=ANOTHER).get()


def test_what_is_there_reads_as_it_was_approved(live):
    assert look(live) == ["live"]
    [call] = live.sightings.get().calls
    assert (call["method"], call["status"], call["path"]) == ("GET", 200, live.post_id)


def test_removed_on_the_wall_it_is_gone(live, client):
    wall = post().account.get_absolute_url()
    client.post(f"{wall}remove/", {"post": live.post_id}, headers={"host": "127.0.0.1"})
    assert look(live) == ["gone"]
    assert look(live) == ["gone", "gone"]
    assert Notice.objects.filter(kind="post.vanished", urgent=True).count() == 1
    assert [call["status"] for call in live.sightings.last().calls][:2] == [400, 200]


def test_what_cannot_be_read_where_nothing_else_can_is_not_called_gone(live):
    Fault.objects.arm(f"GET {live.post_id}", "error", code=100, subcode=33, times=99)
    wall_of(live).posts.exclude(graph_id=live.post_id).delete()
    Knob.objects.turn(live.account.external_id, list_lag_seconds=999)
    assert look(live) == ["unclear"]
    assert not Notice.objects.filter(kind="post.vanished").exists()


def test_an_edited_text_is_kept_beside_what_was_approved(live):
    post().change(text="Pão de ontem 🥖")
    assert look(live) == ["differs"]
    assert live.sightings.get().message == "Pão de ontem 🥖"
    assert Notice.objects.filter(kind="post.differs").count() == 1


def test_a_throttled_account_is_left_alone(live):
    Knob.objects.turn(live.account.external_id, call_limit=1)
    assert look(live) == []
    asked = Request.objects.count()
    assert look(live) == []
    assert Request.objects.count() == asked
    live.account.refresh_from_db()
    assert live.watch_at == live.account.throttled_until > timezone.now()


def test_a_revoked_token_holds_the_account_and_proves_nothing(live):
    Token.objects.update(broken=460)
    assert look(live) == []
    live.account.refresh_from_db()
    assert not live.account.is_healthy
    assert live.watch_at > timezone.now() + timedelta(minutes=9)


@pytest.mark.parametrize("kind", ["refused", "reset", "status_500", "html_502", "empty_200", "no_id_200"])
def test_an_answer_that_is_lost_is_no_sighting(live, kind):
    Fault.objects.arm(f"GET {live.post_id}", kind)
    assert look(live) == []
    assert not Sighting.objects.exists()
    assert look(live) == ["live"]


def test_a_vanished_post_is_formally_taken_down(live, operator):
    post().remove()
    look(live)
    carry_out(live.recover(by=operator, reason="It is gone already"))
    live.refresh_from_db()
    assert live.state == live.State.RECOVERED


def test_after_a_restored_backup_it_is_found_again_and_a_person_says_that_it_is_ours(live, operator):
    post_id, before = live.post_id, live.approved_at - timedelta(seconds=1)
    live.attempts.all().delete()
    make.behind_the_back(live, state="queued", post_id="", known_by="", permalink="", published_at=None, reference=None)
    point = RestorePoint.objects.mark(before, "sophia.tar")
    point.relooks.get().look()
    live.refresh_from_db()
    assert (live.state, live.post_id) == ("missed", "")
    assert point.relooks.get().looked_at
    [candidate] = live.offered()
    live.identify(candidate, by=operator)
    assert (live.state, live.post_id, live.is_live) == ("published", post_id, True)
