import pytest
from django.core.signing import Signer
from django.urls import reverse

from approval.clientlinks.models import MOST_A_MINUTE, Visit
from approval.clientlinks.tokens import SALT, SEPARATOR
from sophia.logs import Plain
from sophia.notifications.models import Notice
from tests import make


def test_a_client_sees_their_drafts_in_review_and_no_others(phone, link, draft, page, author):
    make.draft(page, author, text="Not yet submitted.", submit=False)
    make.draft(make.account("facebook", "2002", "Aardvark"), author, text="Somebody else's.")
    shown = phone.get(link[1]).text
    assert "Fresh bread" in shown
    assert "Not yet" not in shown
    assert "Somebody" not in shown


def test_the_pages_are_private_and_set_no_cookie(phone, trusted, draft):
    for answer in (phone.get(trusted[1]), phone.get(f"{trusted[1]}{draft.pk}/")):
        assert "no-store" in answer["Cache-Control"]
        assert answer["Referrer-Policy"] == "no-referrer"
        assert "noindex" in answer["X-Robots-Tag"]
        assert not answer.cookies
        assert "<script" not in answer.text
        assert "style=" not in answer.text


def test_an_unknown_an_ended_and_a_revoked_link_say_the_same(phone, page, operator, clock):
    made_up = Signer(salt=SALT, sep=SEPARATOR).sign("guess")
    revoked, start = make.client_link(page.client, operator)
    revoked.revoke(by=operator)
    _, ended = make.client_link(page.client, operator, days=1)
    clock.tick(86401)
    answers = [phone.get(f"/c/{made_up}/"), phone.get("/c/x/"), phone.get(start), phone.get(ended)]
    assert [answer.status_code for answer in answers] == [404, 404, 410, 410]
    assert len({answer.text for answer in answers}) == 1
    assert "Café Lua" not in answers[0].text


def test_who_looked_at_which_version_is_on_the_draft(phone, link, draft, signed_in, operator, author):
    phone.get(f"{link[1]}{draft.pk}/")
    desk = signed_in(operator)
    assert "at this version" in desk.get(draft.get_absolute_url()).text
    draft.edit(by=author, text="Fresh bread at eight.", link="", pictures=[], digest=draft.digest())
    assert "at this version" not in desk.get(draft.get_absolute_url()).text
    assert Visit.objects.get().draft == draft


def test_a_link_that_is_opened_after_a_change_shows_it(phone, link, draft, author):
    phone.get(f"{link[1]}{draft.pk}/")
    draft.edit(by=author, text="Fresh bread at eight.", link="", pictures=[], digest=draft.digest())
    shown = phone.get(f"{link[1]}{draft.pk}/").text
    assert "has changed since you last looked" in shown
    assert "<del>seven.</del><ins>eight.</ins>" in shown


def test_images_are_served_under_the_link_only(phone, link, page, author):
    draft = make.draft(page, author, pictures=[(make.image("gold"), "A loaf")])
    hidden = make.image("red")
    shown = phone.get(f"{link[1]}{draft.pk}/").text
    address = f"{link[1]}images/{draft.pictures.get().image_id}"
    assert f'src="{address}"' in shown
    assert 'src="/images/' not in shown
    assert phone.get(address).status_code == 200
    assert phone.get(f"{link[1]}images/{hidden.sha256}").status_code == 404
    assert phone.get(reverse("publishing:image", args=[hidden.sha256])).status_code == 302


def test_an_image_of_a_decided_draft_is_no_longer_served(phone, link, page, author, operator):
    draft = make.draft(page, author, pictures=[(make.image("gold"), "A loaf")])
    draft.reject(by=operator)
    assert phone.get(f"{link[1]}images/{draft.pictures.get().image_id}").status_code == 404


def test_an_image_that_was_taken_out_is_shown_in_the_change(phone, link, page, author):
    draft = make.draft(page, author, pictures=[(make.image("gold"), "A loaf")])
    phone.get(f"{link[1]}{draft.pk}/")
    draft.edit(by=author, text=draft.text, link="", pictures=[], digest=draft.digest())
    address = f"{link[1]}images/{make.image('gold').sha256}"
    assert address in phone.get(f"{link[1]}{draft.pk}/").text
    assert phone.get(address).status_code == 200


def test_whoever_hurries_is_asked_to_wait(phone, link, draft):
    for _ in range(MOST_A_MINUTE):
        link[0].visit()
    assert phone.get(link[1]).status_code == 429


def test_a_comment_is_kept_with_the_version_and_told(phone, link, draft, signed_in, operator):
    phone.get(f"{link[1]}{draft.pk}/")
    typed = {"text": "Six, please.\r\n<b>", "digest": draft.digest()}
    assert phone.post(f"{link[1]}{draft.pk}/comment", typed).status_code == 303
    phone.post(f"{link[1]}{draft.pk}/comment", typed)
    comment = draft.comments.get()
    assert (comment.text, comment.digest) == ("Six, please.\n<b>", draft.digest())
    assert "Marta (Café Lua) comments on" in Notice.objects.get(kind="draft.commented").sentence
    assert "Six, please." in signed_in(operator).get(draft.get_absolute_url()).text


@pytest.mark.parametrize("text", ["", "  ", "a\0b", "x" * 5000])
def test_a_comment_that_cannot_be_kept_is_refused(phone, link, draft, text):
    answer = phone.post(f"{link[1]}{draft.pk}/comment", {"text": text, "digest": "\0"})
    assert answer.status_code == 422
    assert not draft.comments.exists()


def test_a_comment_on_what_was_decided_meanwhile_is_not_lost_silently(phone, link, draft, operator):
    draft.skip(by=operator)
    answer = phone.post(f"{link[1]}{draft.pk}/comment", {"text": "Six, please.", "digest": ""})
    assert answer.status_code == 409
    assert "Your comment was not kept" in answer.text
    assert "Six, please." in answer.text


def test_more_drafts_take_no_more_queries(phone, link, page, author, queries_of):
    make.draft(page, author, pictures=[(make.image(), "A")])
    few = queries_of(phone, link[1])
    for number in range(5):
        make.draft(page, author, text=f"Number {number}.", pictures=[(make.image(), "A")])
    assert queries_of(phone, link[1]) == few


def test_the_secret_is_not_in_the_log(phone, link, draft, caplog):
    phone.post(f"{link[1]}{draft.pk}/approve", {"digest": draft.digest()})
    logged = "\n".join(map(Plain().format, caplog.records))
    assert "/c/…" in logged
    assert link[1] not in logged
