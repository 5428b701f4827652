import pytest

from publishing import payload
from publishing.models import Call
from publishing.platforms.base import Content, Credentials, Image
from publishing.platforms.facebook import Facebook
from publishing.platforms.instagram import Instagram
from tests import make

LOAF, ROLL = (
    Image(sha256, "image/jpeg", alt, b"", f"https://desk.example/{sha256}")
    for sha256, alt in (("aa", "A loaf"), ("bb", "A roll"))
)


def rehearsed(platform, content, direct=False):
    ours = Credentials("1001", "secret-token", direct=direct)
    return platform(ours, base_url="https://graph.example", version="v99.0").rehearse(content)


def test_what_facebook_is_asked_for_is_told_call_by_call():
    upload, create, read, publish, _ = rehearsed(Facebook, Content("Fresh bread.", "", (LOAF,)))
    assert upload.address == "https://graph.example/v99.0/1001/photos"
    assert upload.fields == {"published": "false", "alt_text_custom": "A loaf", "source": "the file aa, image/jpeg"}
    assert create.fields["message"] == "Fresh bread."
    assert create.fields["attached_media[0]"] == '{"media_fbid": "<id of call 1>"}'
    assert (publish.fields, publish.irreversible) == ({"is_published": "true"}, True)
    assert publish.address == read.address == "https://graph.example/v99.0/<id of call 2>"


def test_a_page_that_takes_one_step_is_asked_once():
    (publish,) = rehearsed(Facebook, Content("Fresh bread.", "https://sol.example/"), direct=True)
    assert publish.irreversible
    assert publish.fields["link"] == "https://sol.example/"


def test_what_instagram_is_asked_for_names_each_picture():
    calls = rehearsed(Instagram, Content("Bread", "", (LOAF, ROLL)))
    assert " ".join(call.verb for call in calls) == "create create status status create status status publish read"
    assert calls[4].fields["children"] == "<id of call 1>,<id of call 2>"


def test_no_token_is_in_a_payload():
    assert "secret-token" not in str(
        rehearsed(Facebook, Content("Bread")) + rehearsed(Instagram, Content("", "", (LOAF,)))
    )


@pytest.mark.django_db
def test_the_page_shows_what_will_be_sent_and_asks_nobody(desk, publication):
    before = Call.objects.count()
    shown = desk.get(publication.get_absolute_url()).content.decode()
    assert "What will be sent" in shown
    assert "makes it public" in shown
    assert Call.objects.count() == before


@pytest.mark.django_db
def test_of_an_account_through_mcp_the_tool_is_shown_and_not_the_direct_way(desk, page, publication):
    make.behind_the_back(page, through="mcp")
    (call,) = payload.of(type(publication).objects.get(pk=publication.pk))
    assert (call.method, call.address, call.fields) == ("MCP", "post_to_facebook", {"message": publication.text})
    assert "which adds the account's token" in desk.get(publication.get_absolute_url()).content.decode()


@pytest.mark.django_db
def test_what_a_person_posts_or_does_not_fit_its_seal_has_no_payload(desk, page, author, operator):
    by_hand, broken = (make.approved(make.draft(page, author), operator, mode=mode) for mode in ("manual", "auto"))
    make.behind_the_back(broken, text="Else.")
    for one in (by_hand, broken):
        assert "What will be sent" not in desk.get(one.get_absolute_url()).content.decode()
