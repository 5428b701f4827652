"""What the platform tells about a token, over real HTTP, to the app that it is of."""

from datetime import timedelta

import pytest
from django.utils import timezone

from publishing.platforms.base import Kind, PlatformError
from publishing.sandbox.models import APP_ID, APP_SECRET, Page, Request, Token
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)
TOKEN = "token-of-1001"


@pytest.fixture
def page(asgi_server, settings):
    settings.SOPHIA_GRAPH_URL = f"{asgi_server.url}/sandbox"
    settings.SOPHIA_PLATFORMS = {"facebook": "publishing.platforms.facebook.Facebook"}
    settings.SOPHIA_APP_ID, settings.SOPHIA_APP_SECRET = APP_ID, APP_SECRET
    Page.objects.open("1001", "Lua", token=TOKEN)
    return make.account("facebook", "1001")


def test_a_token_tells_its_end_and_its_scopes(page):
    ends = timezone.now().replace(microsecond=0) + timedelta(days=9)
    Token.objects.update(expires_at=ends)
    health = page.examine()
    assert (page.token_expires_at, page.ends_at, page.expiry) == (ends, ends, "known")
    assert (health.token.kind, "pages_manage_posts" in health.scopes) == ("PAGE", True)


def test_a_page_token_without_a_scope_is_found_out(page):
    Token.objects.update(scopes=["pages_read_engagement"])
    page.examine()
    assert "The token lacks pages_manage_posts" in page.trouble


def test_an_expired_token_is_refused_and_the_account_held(page):
    Token.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    with pytest.raises(PlatformError) as refused:
        page.examine()
    assert (refused.value.kind, page.is_healthy) == (Kind.AUTH, False)


@pytest.mark.parametrize(("app", "secret"), [(APP_ID, "wrong"), ("77", APP_SECRET), ("", "")])
def test_without_the_right_app_the_expiry_is_unknown_and_nobody_is_held(page, settings, app, secret):
    settings.SOPHIA_APP_ID, settings.SOPHIA_APP_SECRET = app, secret
    page.connect(token=TOKEN)
    page.examine()
    assert (page.expiry, page.is_healthy, page.trouble) == ("unknown", True, "")


def test_no_token_is_kept_of_the_question(page, caplog):
    caplog.set_level("INFO")
    page.examine()
    call = page.calls.get(verb="inspect", pk=page.calls.first().pk)
    assert call.path == "debug_token"
    asked = Request.objects.filter(path="debug_token").latest("pk")
    assert (asked.token_in, asked.params) == ("header", {"input_token": "…"})
    assert TOKEN not in caplog.text


def test_a_refusal_to_tell_holds_no_token_either(page, settings):
    settings.SOPHIA_APP_SECRET = "wrong"
    with page.reaching() as platform:
        assert platform.inspect() is None
    assert TOKEN not in str(list(page.calls.values()))
