import pytest

from publishing.platforms.base import Content, Kind, Notebook, PlatformError, Receipt, SecondStepRefused
from tests.platforms.scripted import GONE, RESET, raw, refuses, says

POST = "1001_5"
LINK = "https://www.facebook.com/1001_5"
TWO_STEP = {"way": "two_step", "post_id": POST, "photos": []}
DIRECT = {"way": "direct", "photos": []}
PAGE = says(id="1001")
HIDDEN = says(id=POST, is_published=False)
PUBLIC = says(id=POST, is_published=True, permalink_url=LINK)
YES = says(success=True)


def refused(action):
    with pytest.raises(PlatformError) as caught:
        action()
    return caught.value


def test_a_text_is_created_invisibly(facebook, server, text):
    server.answers(says(id=POST))
    assert facebook.prepare(text) == TWO_STEP
    assert server.asked == ["POST /v26.0/1001/feed"]
    assert server.requests[0].form == {"message": "Fresh bread from seven.", "published": "false"}


def test_a_link_gets_its_card(facebook, server):
    server.answers(says(id=POST))
    facebook.prepare(Content("Read this", link="https://example.com/a?b=1&c=2"))
    assert server.requests[0].form["link"] == "https://example.com/a?b=1&c=2"


def test_a_link_may_stand_alone(facebook, server):
    server.answers(says(id=POST))
    facebook.prepare(Content("", link="https://example.com/"))
    assert server.requests[0].form == {"link": "https://example.com/", "published": "false"}


def test_images_are_uploaded_byte_for_byte_and_attached_in_order(facebook, server, pictures):
    server.answers(says(id="71"), says(id="72"), says(id=POST))
    reference = facebook.prepare(Content("Bread", link="https://example.com/", images=pictures))
    assert reference == {"way": "two_step", "post_id": POST, "photos": ["71", "72"]}
    first, second, post = server.requests
    assert first.path == second.path == "/v26.0/1001/photos"
    assert first.form == {"published": b"false", "alt_text_custom": b"A loaf", "source": pictures[0].data}
    assert first.parts["source"].get_content_type() == "image/jpeg"
    assert "alt_text_custom" not in second.form
    assert post.form == {
        "message": "Bread\n\nhttps://example.com/",
        "published": "false",
        "attached_media[0]": '{"media_fbid": "71"}',
        "attached_media[1]": '{"media_fbid": "72"}',
    }


def test_a_photo_needs_no_text(facebook, server, pictures):
    server.answers(says(id="71"), says(id=POST))
    facebook.prepare(Content("", images=pictures[:1]))
    assert server.requests[1].form == {"published": "false", "attached_media[0]": '{"media_fbid": "71"}'}


LOST = [RESET, raw(b"", 502), says(), refuses(1, status=500), refuses(2, status=503)]


@pytest.mark.parametrize("lost", LOST)
def test_a_lost_answer_to_preparing_may_be_repeated(facebook, server, text, lost):
    server.answers(lost)
    error = refused(lambda: facebook.prepare(text))
    assert (error.kind, error.made_nothing) == (Kind.RETRY, False)


def test_what_is_in_the_journal_is_not_made_again(facebook, server, pictures):
    journal, bread = Notebook({"photo-1": "71"}), Content("Bread", images=pictures)
    server.answers(says(id="72"), RESET)
    refused(lambda: facebook.prepare(bread, journal))
    server.answers(says(id=POST))
    assert facebook.prepare(bread, journal) == {"way": "two_step", "post_id": POST, "photos": ["71", "72"]}
    assert facebook.prepare(bread, journal)["post_id"] == POST
    assert server.asked == ["POST /v26.0/1001/photos", *["POST /v26.0/1001/feed"] * 2]


@pytest.mark.parametrize(
    ("answers", "left"), [([refuses(100), says(id="71"), GONE], "71"), ([refuses(100, 1366051)], "")]
)
def test_photos_that_are_of_no_use_any_more_are_dropped(facebook, server, pictures, answers, left):
    journal = Notebook({"photo-1": "71", "photo-2": "72"})
    server.answers(*answers)
    error = refused(lambda: facebook.prepare(Content("Bread", images=pictures), journal))
    assert (error.kind, error.start_over) == (Kind.RETRY, False)
    assert (journal.known("photo-1"), journal.known("photo-2")) == (left, "")


def test_a_post_that_was_made_in_two_steps_is_not_published_directly(direct, server, pictures):
    journal = Notebook({"photo-1": "71", "post": POST})
    assert direct.prepare(Content("Bread", images=pictures[:1]), journal)["way"] == "two_step"


def test_a_prepared_post_becomes_public_once(facebook, server, text):
    server.answers(HIDDEN, YES, PUBLIC)
    assert facebook.commit(text, TWO_STEP) == Receipt(POST, LINK)
    assert server.asked == ["GET /v26.0/1001_5", "POST /v26.0/1001_5", "GET /v26.0/1001_5"]
    assert server.requests[1].form == {"is_published": "true"}
    assert [call.verb for call in facebook.calls] == ["read", "publish", "read"]


def test_what_is_public_already_is_not_published_again(facebook, server, text):
    server.answers(PUBLIC)
    assert facebook.commit(text, TWO_STEP) == Receipt(POST, LINK)


def test_a_prepared_post_that_is_gone_starts_over(facebook, server, text):
    server.answers(GONE, PAGE)
    error = refused(lambda: facebook.commit(text, TWO_STEP))
    assert (error.kind, error.start_over) == (Kind.RETRY, True)


def test_a_prepared_post_behind_an_unreadable_page_needs_a_new_token(facebook, server, text):
    server.answers(GONE, GONE)
    error = refused(lambda: facebook.commit(text, TWO_STEP))
    assert (error.kind, error.start_over) == (Kind.AUTH, False)


@pytest.mark.parametrize("read", [RESET, refuses(190), GONE, says(id=POST)])
def test_a_published_post_stays_published_when_reading_it_fails(facebook, server, text, read):
    server.answers(HIDDEN, YES, read)
    assert facebook.commit(text, TWO_STEP) == Receipt(POST, "")


def test_a_yes_that_is_contradicted_is_unknown(facebook, server, text):
    server.answers(HIDDEN, YES, HIDDEN)
    assert refused(lambda: facebook.commit(text, TWO_STEP)).kind is Kind.UNKNOWN


@pytest.mark.parametrize(
    "lost", [RESET, raw(b"<html>", 502), says(success=False), says(), refuses(1), refuses(100, 1363047)]
)
def test_a_lost_answer_to_the_second_step_is_unknown(facebook, server, text, lost):
    server.answers(HIDDEN, lost)
    error = refused(lambda: facebook.commit(text, TWO_STEP))
    assert (error.kind, error.start_over) == (Kind.UNKNOWN, False)
    assert not isinstance(error, SecondStepRefused)


@pytest.mark.parametrize("code", [3, 10, 100, 200])
def test_a_refused_second_step_leaves_nothing_behind(facebook, server, text, code):
    server.answers(HIDDEN, refuses(code), HIDDEN, YES)
    error = refused(lambda: facebook.commit(text, TWO_STEP))
    assert isinstance(error, SecondStepRefused)
    assert (error.kind, error.code, error.start_over) == (Kind.RETRY, code, True)
    assert server.asked[3] == "DELETE /v26.0/1001_5"


def test_a_refusal_of_a_post_that_is_public_is_a_success(facebook, server, text):
    server.answers(HIDDEN, refuses(100), PUBLIC)
    assert facebook.commit(text, TWO_STEP) == Receipt(POST, LINK)


@pytest.mark.parametrize(
    "afterwards",
    [[RESET], [says(id=POST)], [GONE]],
)
def test_a_refusal_whose_post_cannot_be_read_is_unknown(facebook, server, text, afterwards):
    server.answers(HIDDEN, refuses(100), *afterwards)
    error = refused(lambda: facebook.commit(text, TWO_STEP))
    assert (error.kind, error.start_over) == (Kind.UNKNOWN, False)
    assert not isinstance(error, SecondStepRefused)


@pytest.mark.parametrize("removal", [GONE, RESET, refuses(4)])
def test_a_refused_post_that_cannot_be_removed_stays_invisible(facebook, server, text, removal):
    server.answers(HIDDEN, refuses(100), HIDDEN, removal)
    assert isinstance(refused(lambda: facebook.commit(text, TWO_STEP)), SecondStepRefused)


def test_an_expired_token_at_the_second_step_is_no_refusal_of_it(facebook, server, text):
    server.answers(HIDDEN, refuses(190, 463))
    assert refused(lambda: facebook.commit(text, TWO_STEP)).kind is Kind.AUTH


def test_the_direct_way_uploads_ahead_and_publishes_nothing(direct, server, pictures):
    server.answers(says(id="71"))
    assert direct.prepare(Content("Bread", images=pictures[:1])) == {"way": "direct", "photos": ["71"]}
    assert server.asked == ["POST /v26.0/1001/photos"]
    assert direct.prepare(Content("Bread")) == DIRECT


def test_the_direct_way_publishes_in_one_call(direct, server, pictures):
    server.answers(says(id=POST, permalink_url=LINK))
    receipt = direct.commit(Content("Bread", images=pictures[:1]), {"way": "direct", "photos": ["71"]})
    assert receipt == Receipt(POST, LINK)
    assert server.requests[0].form == {
        "message": "Bread",
        "attached_media[0]": '{"media_fbid": "71"}',
        "fields": "id,permalink_url",
    }


@pytest.mark.parametrize(
    "lost", [RESET, raw(b"", 500), says(), refuses(1), refuses(506), refuses(100, 1366051), refuses(7777)]
)
def test_a_lost_answer_to_the_direct_way_is_unknown(direct, server, text, lost):
    server.answers(lost)
    assert refused(lambda: direct.commit(text, DIRECT)).kind is Kind.UNKNOWN


@pytest.mark.parametrize(
    ("refusal", "kind"), [(refuses(100), Kind.REJECTED), (refuses(190), Kind.AUTH), (refuses(4), Kind.WAIT)]
)
def test_a_definite_refusal_of_the_direct_way_keeps_its_class(direct, server, text, refusal, kind):
    server.answers(refusal)
    assert refused(lambda: direct.commit(text, DIRECT)).kind is kind


def test_the_way_follows_the_reference_and_not_the_account(direct, server, text):
    server.answers(HIDDEN, YES, PUBLIC)
    assert direct.commit(text, TWO_STEP).post_id == POST
