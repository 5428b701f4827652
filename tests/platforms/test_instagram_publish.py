import pytest
from django.utils import timezone

from publishing.platforms import graph
from publishing.platforms.base import Content, Image, Kind, Notebook, NotYet, PlatformError, Receipt
from tests.platforms.scripted import GONE, RESET, raw, refuses, says

LINK = "https://www.instagram.com/p/abc/"
REFERENCE = {"way": "two_step", "container": "c1", "children": []}
ACCOUNT = says(id="17840")
POST = says(id="m1", permalink=LINK)


def container(code, status=""):
    return says(id="c1", status_code=code, status=status)


FINISHED, IN_PROGRESS, PUBLISHED = container("FINISHED"), container("IN_PROGRESS"), container("PUBLISHED")


@pytest.fixture
def loaf(picture):
    return Content("Bread #fresh", images=(picture,))


def refused(action):
    with pytest.raises(PlatformError) as caught:
        action()
    return caught.value


def listing(*posts):
    now = timezone.now().strftime("%Y-%m-%dT%H:%M:%S+0000")
    return says(data=[{"permalink": LINK, "timestamp": now, **post} for post in posts])


def test_one_image_becomes_one_container(instagram, server, loaf):
    server.answers(says(id="c1"), FINISHED)
    assert instagram.prepare(loaf) == REFERENCE
    assert server.asked == ["POST /v26.0/17840/media", "GET /v26.0/c1"]
    assert server.requests[0].form == {
        "caption": "Bread #fresh",
        "image_url": "https://sophia.example/i/ab12.jpg",
        "alt_text": "A loaf",
    }


def test_several_images_become_a_carousel_once_each_is_processed(instagram, server, pictures):
    bread, journal = Content("Bread", images=pictures), Notebook()
    server.answers(says(id="k1"), says(id="k2"), IN_PROGRESS, FINISHED)
    assert "processing 1 of 2 images" in str(refused(lambda: instagram.prepare(bread, journal)))
    server.answers(FINISHED, says(id="c1"), FINISHED)
    reference = instagram.prepare(bread, journal)
    assert reference == {"way": "two_step", "container": "c1", "children": ["k1", "k2"]}
    first, second, *polls, parent, _ = server.requests
    assert first.form == {"is_carousel_item": "true", "image_url": pictures[0].url, "alt_text": "A loaf"}
    assert second.form == {"is_carousel_item": "true", "image_url": pictures[1].url}
    assert [poll.path for poll in polls] == ["/v26.0/k1", "/v26.0/k2", "/v26.0/k1"]
    assert parent.form == {"media_type": "CAROUSEL", "children": "k1,k2", "caption": "Bread"}


def test_a_carousel_names_the_reason_when_an_image_fails(instagram, server, pictures):
    server.answers(says(id="k1"), says(id="k2"), container("ERROR", "Error: 2207009, aspect ratio"))
    error = refused(lambda: instagram.prepare(Content("Bread", images=pictures)))
    assert (error.kind, error.subcode) == (Kind.REJECTED, 2207009)


@pytest.mark.parametrize("state", [[container("EXPIRED")], [container("ERROR", "Error: 2207001")], [GONE, ACCOUNT]])
def test_only_the_image_that_failed_is_made_anew(instagram, server, pictures, state):
    bread, journal = Content("Bread", images=pictures), Notebook()
    server.answers(says(id="k1"), says(id="k2"), *state)
    error = refused(lambda: instagram.prepare(bread, journal))
    assert (error.kind, error.start_over) == (Kind.RETRY, False)
    server.answers(says(id="k3"), FINISHED, FINISHED, says(id="c1"), FINISHED)
    assert instagram.prepare(bread, journal)["children"] == ["k3", "k2"]


def test_a_carousel_that_misses_an_image_looks_for_it(instagram, server, pictures):
    bread, journal = Content("Bread", images=pictures), Notebook()
    server.answers(
        says(id="k1"), says(id="k2"), FINISHED, FINISHED, refuses(24, 2207008), FINISHED, container("EXPIRED")
    )
    assert refused(lambda: instagram.prepare(bread, journal)).kind is Kind.RETRY
    assert (journal.known("child-1"), journal.known("child-2")) == ("k1", "")


@pytest.mark.parametrize("images", [(), (Image("ab", "image/jpeg", "", b""),)])
def test_an_image_with_an_address_is_needed(instagram, server, images):
    assert refused(lambda: instagram.prepare(Content("Bread", images=images))).kind is Kind.REJECTED
    assert server.requests == []


@pytest.mark.parametrize(
    "lost", [RESET, raw(b"", 502), says(), refuses(1), refuses(-1, 2207001), refuses(9004, 2207052)]
)
def test_a_lost_answer_to_preparing_may_be_repeated(instagram, server, loaf, lost):
    server.answers(lost)
    assert refused(lambda: instagram.prepare(loaf)).kind is Kind.RETRY


def test_a_finished_container_is_published_once(instagram, server, loaf):
    server.answers(FINISHED, says(id="m1"), POST)
    assert instagram.commit(loaf, REFERENCE) == Receipt("m1", LINK)
    assert server.asked == ["GET /v26.0/c1", "POST /v26.0/17840/media_publish", "GET /v26.0/m1"]
    assert server.requests[1].form == {"creation_id": "c1"}
    assert [call.verb for call in instagram.calls] == ["status", "publish", "read"]


def test_a_published_post_stays_published_when_its_address_cannot_be_read(instagram, server, loaf):
    server.answers(FINISHED, says(id="m1"), RESET, RESET)
    assert instagram.commit(loaf, REFERENCE) == Receipt("m1", "")


@pytest.mark.parametrize("slow", [IN_PROGRESS, container("SOMETHING_NEW")])
def test_a_slow_container_is_asked_once_and_kept_for_later(instagram, server, loaf, slow):
    server.answers(slow)
    error = refused(lambda: instagram.commit(loaf, REFERENCE))
    assert isinstance(error, NotYet)
    assert (error.kind, error.throttles, error.start_over) == (Kind.WAIT, False, False)


def test_a_published_container_is_never_published_again(instagram, server, loaf):
    server.answers(PUBLISHED)
    assert instagram.commit(loaf, REFERENCE) == Receipt("")
    assert "POST" not in {request.method for request in server.requests}


@pytest.mark.parametrize(
    ("state", "kind", "start_over"),
    [
        (container("EXPIRED"), Kind.RETRY, True),
        (container("ERROR", "Error: 2207001, server"), Kind.RETRY, True),
        (container("ERROR", "Error: 2207005, format"), Kind.REJECTED, False),
        (container("ERROR", "Something went wrong"), Kind.RETRY, True),
        (says(id="c1"), Kind.RETRY, False),
        (refuses(190), Kind.AUTH, False),
        (RESET, Kind.RETRY, False),
    ],
)
def test_a_container_that_is_not_ready_is_not_published(instagram, server, loaf, state, kind, start_over):
    server.answers(state)
    error = refused(lambda: instagram.commit(loaf, REFERENCE))
    assert (error.kind, error.start_over) == (kind, start_over)


@pytest.mark.parametrize(("account", "kind", "start_over"), [(ACCOUNT, Kind.RETRY, True), (GONE, Kind.AUTH, False)])
def test_a_container_that_is_gone_starts_over_if_the_account_is_there(
    instagram, server, loaf, account, kind, start_over
):
    server.answers(GONE, account)
    error = refused(lambda: instagram.commit(loaf, REFERENCE))
    assert (error.kind, error.start_over) == (kind, start_over)


@pytest.mark.parametrize(
    "lost",
    [RESET, raw(b"<html>", 502), raw(b""), says(), says(success=False), refuses(1), refuses(2), refuses(-1, 2207001)],
)
def test_a_lost_answer_to_publishing_is_unknown(instagram, server, loaf, lost):
    server.answers(FINISHED, lost)
    error = refused(lambda: instagram.commit(loaf, REFERENCE))
    assert (error.kind, error.start_over) == (Kind.UNKNOWN, False)


@pytest.mark.parametrize(
    ("refusal", "kind"),
    [
        (refuses(9007, 2207027), Kind.WAIT),
        (refuses(9, 2207042), Kind.WAIT),
        (refuses(368, status=403), Kind.WAIT),
        (refuses(25, 2207050), Kind.AUTH),
        (refuses(10, status=403), Kind.AUTH),
        (refuses(36004, 2207010), Kind.REJECTED),
    ],
)
def test_a_definite_refusal_keeps_its_class_and_its_container(instagram, server, loaf, refusal, kind):
    server.answers(FINISHED, refusal)
    error = refused(lambda: instagram.commit(loaf, REFERENCE))
    assert (error.kind, error.start_over) == (kind, False)


@pytest.mark.parametrize("subcode", [2207006, 2207008])
@pytest.mark.parametrize(("state", "start_over"), [(FINISHED, False), (container("EXPIRED"), True)])
def test_a_container_that_publishing_cannot_find_is_read_again(instagram, server, loaf, subcode, state, start_over):
    server.answers(FINISHED, refuses(24, subcode), state)
    error = refused(lambda: instagram.commit(loaf, REFERENCE))
    assert (error.kind, error.start_over) == (Kind.RETRY, start_over)


@pytest.mark.parametrize("subcode", [2207006, 2207008])
def test_a_container_that_is_gone_after_it_was_to_be_published_leaves_a_doubt(instagram, server, loaf, subcode):
    server.answers(FINISHED, refuses(24, subcode), GONE)
    error = refused(lambda: instagram.commit(loaf, REFERENCE))
    assert (error.kind, error.start_over, error.subcode) == (Kind.UNKNOWN, False, subcode)


@pytest.mark.parametrize("unread", [RESET, refuses(2), refuses(190)])
def test_a_container_that_cannot_be_read_after_publishing_did_not_find_it_leaves_a_doubt(
    instagram, server, loaf, unread
):
    server.answers(FINISHED, refuses(24, 2207006), unread)
    error = refused(lambda: instagram.commit(loaf, REFERENCE))
    assert (error.kind, error.start_over) == (Kind.UNKNOWN, False)
    assert "reading it failed" in str(error)


def test_a_run_that_is_used_up_before_that_container_is_read_leaves_a_doubt(instagram, server):
    instagram.graph.began -= graph.DEADLINE
    gone = PlatformError(Kind.RETRY, "Instagram cannot find it.", code=24, subcode=2207006)
    error = refused(lambda: instagram._after_refusal("c1", gone))
    assert (error.kind, isinstance(error, NotYet), server.asked) == (Kind.UNKNOWN, False, [])


@pytest.mark.parametrize("refusal", [refuses(4, 2207051), refuses(7777), refuses(-1, 2207053)])
def test_a_refusal_that_is_not_definite_is_unknown(instagram, server, loaf, refusal):
    server.answers(FINISHED, refusal)
    error = refused(lambda: instagram.commit(loaf, REFERENCE))
    assert (error.kind, error.start_over) == (Kind.UNKNOWN, False)


def test_a_container_that_publishing_cannot_find_may_be_public(instagram, server, loaf):
    server.answers(FINISHED, refuses(24, 2207006), PUBLISHED)
    assert instagram.commit(loaf, REFERENCE) == Receipt("")


def test_the_address_of_a_post_is_asked_for_again_when_the_first_answer_is_lost(instagram, server, loaf):
    server.answers(FINISHED, says(id="m1"), RESET, POST)
    assert instagram.commit(loaf, REFERENCE).permalink
