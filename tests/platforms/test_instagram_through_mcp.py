import pytest

from publishing.platforms.base import Content, Credentials, Fate, Kind, MustGoByHand, PlatformError, Receipt, Sight
from publishing.platforms.through_mcp.instagram import InstagramThroughMcp, numbers_in
from publishing.platforms.through_mcp.pool import SERVERS
from tests import make
from tests.asgi import wait_until
from tests.platforms.scripted import GONE, RESET, TOKEN, Scripted, raw, refuses, says
from tests.platforms.served_by_mcp import standin

MCP = {"way": "mcp", "images": []}
MEDIA = "179"
SECRET = "the-secret-of-the-app"
ASKED = ["GET /bread.jpg", "POST /v26.0/17840/media", "POST /v26.0/17840/media_publish"]


@pytest.fixture(scope="module")
def scripted():
    scripted = Scripted()
    yield scripted
    SERVERS.close()
    scripted.close()


@pytest.fixture
def server(scripted):
    """Its process asks who it is when it starts, which is not what these tests are about."""
    scripted.script.clear()
    yield scripted
    assert not scripted.surprises
    assert not scripted.script, "The script has answers that nobody asked for."


@pytest.fixture
def instagram(server, settings):
    settings.SOPHIA_MCP = {"instagram": standin("instagram")}
    settings.SOPHIA_APP_ID = "77"
    credentials = Credentials("17840", TOKEN, app_token=f"77|{SECRET}")
    platform = InstagramThroughMcp(credentials, base_url=server.url, version="v26.0")
    running = SERVERS.running.get("instagram:17840")
    if running is None or not running.is_alive:
        server.answers(says(id="1"))
        platform.check_server()
    server.requests.clear()
    return platform


@pytest.fixture
def bread(picture, server):
    """A post whose image the server downloads first."""
    server.answers(raw(make.jpeg()))
    return Content("Bread", images=(picture.__class__("ab", "image/jpeg", "", b"", f"{server.url}/bread.jpg"),))


def refusal_of(instagram, content) -> PlatformError:
    with pytest.raises(PlatformError) as caught:
        instagram.commit(content, instagram.prepare(content))
    assert TOKEN not in str(caught.value)
    return caught.value


def test_an_image_is_published_by_its_tool_and_its_address_read_directly(instagram, server, bread):
    server.answers(says(id="c1"), says(id=MEDIA), says(id=MEDIA, permalink="https://instagram.com/p/1"))
    assert instagram.commit(bread, instagram.prepare(bread)) == Receipt(MEDIA, "https://instagram.com/p/1")
    assert server.asked == [*ASKED, f"GET /v26.0/{MEDIA}"]
    assert [call.method for call in instagram.calls] == ["MCP", "GET"]


@pytest.mark.parametrize(
    ("answers", "kind", "code"),
    [
        ([says(id="c1"), refuses(9007, 2207027, message="Media ID is not available")], Kind.RETRY, 9007),
        ([refuses(190, message="Error validating access token: it has expired")], Kind.AUTH, 190),
        ([refuses(10, message="(#10) Application does not have permission for this action")], Kind.AUTH, 10),
        ([refuses(9, 2207042, message="(#9) Application request limit reached")], Kind.WAIT, 9),
        ([says(id="c1"), refuses(4, 2207051, message="(#4) Application request limit reached")], Kind.UNKNOWN, None),
        ([says(id="c1"), refuses(-1, 2207001, message="Fatal")], Kind.UNKNOWN, None),
        ([says(id="c1"), RESET], Kind.UNKNOWN, None),
        ([says(id="c1"), raw(b"", 599)], Kind.UNKNOWN, None),
    ],
)
def test_a_refusal_is_classed_by_its_words_and_in_doubt_nobody_knows(instagram, server, bread, answers, kind, code):
    server.answers(*answers)
    refused = refusal_of(instagram, bread)
    assert (refused.kind, refused.code) == (kind, code)


def test_an_image_of_a_shape_that_it_does_not_take_is_refused_for_good(instagram, server, picture):
    server.answers(raw(make.jpeg(900, 800)))
    wide = Content("Bread", images=(picture.__class__("ab", "image/jpeg", "", b"", f"{server.url}/bread.jpg"),))
    assert refusal_of(instagram, wide).kind is Kind.REJECTED


def test_arguments_that_its_schema_refuses_have_sent_nothing(instagram):
    with pytest.raises(PlatformError) as caught:
        instagram.ask("publish", "publish_media", irreversible=True, picture="x")
    assert caught.value.kind is Kind.REJECTED


def test_what_became_of_a_lost_answer_is_read_directly(instagram, server, since):
    listed = {"id": MEDIA, "caption": "Bread", "timestamp": "2026-11-23T09:00:05+0000", "permalink": ""}
    account = says(id="17840")
    server.answers(account, says(data=[listed]))
    found = instagram.find(Content("Bread"), MCP, since, frozenset())
    assert (found.fate, found.receipt) == (Fate.UNSURE, None)
    assert [candidate.receipt.post_id for candidate in found.candidates] == [MEDIA]


def test_without_a_tool_that_deletes_graph_deletes(instagram, server):
    server.answers(says(id=MEDIA), says(success=True), GONE)
    assert instagram.remove(MEDIA) is Sight.GONE
    assert server.asked[1].startswith("DELETE ")
    assert (bool(instagram.deleted_at), bool(instagram.seen_live_at)) == (True, True)


def test_what_graph_does_not_let_this_token_delete_is_for_a_person(instagram, server):
    server.answers(says(id=MEDIA), refuses(10, status=403), says(id=MEDIA))
    with pytest.raises(MustGoByHand, match="instagram_manage_contents"):
        instagram.remove(MEDIA)


def test_it_does_not_start_with_a_token_that_the_platform_refuses(instagram, server):
    SERVERS.running["instagram:17840"].stop()
    wait_until(lambda: not SERVERS.running["instagram:17840"].is_alive)
    server.answers(refuses(190, message="Invalid OAuth access token"))
    with pytest.raises(PlatformError) as caught:
        instagram.check_server()
    assert "Cannot start with … and …" in str(caught.value)


def test_without_the_app_it_is_not_started(instagram, settings, text):
    settings.SOPHIA_APP_ID = ""
    with pytest.raises(PlatformError, match="set SOPHIA_APP_ID and SOPHIA_APP_SECRET"):
        instagram.ask("publish", "publish_media")


@pytest.mark.parametrize(
    "words", ["Failed to publish media: Ocurrió un error", "Failed: “Our (#100) cake”", "Failed to publish media: 'id'"]
)
def test_words_that_do_not_begin_with_a_known_number_or_phrase_tell_nothing(words):
    assert numbers_in(words) == (None, None)
