import json

import pytest
from django.urls import reverse

from approval.batches.models import Batch
from approval.models import Draft
from tests import make

LOAF = ("loaf.jpg", make.jpeg(color="gold"))


def confirm(browser, **options):
    return browser.post(reverse("approval:confirm_import", args=[Batch.objects.latest("pk").pk]), **options)


def test_the_preview_says_line_by_line_what_would_come_of_it(desk, page, upload):
    answer = upload(desk, images=[LOAF])
    assert "2 new" in answer.text
    assert "1 wrong" in answer.text
    assert "There is no account “facebook:9”" in answer.text
    assert "Line 2 ·" in answer.text
    assert not Draft.objects.exists()


def test_confirming_creates_the_good_lines_and_tells_the_bad(desk, page, upload, author):
    upload(desk, images=[LOAF], submit="on")
    shown = confirm(desk, follow=True).text
    draft = Draft.objects.get(ref="a-1")
    assert Draft.objects.in_review().count() == 2
    assert [(one.alt, one.image_id) for one in draft.pictures.all()] == [("A loaf", make.image("gold").sha256)]
    assert (draft.author, draft.decisions.first().via) == (author, "web")
    assert "2 created" in shown
    assert "facebook:9" in shown


def test_a_second_click_creates_nothing_more(desk, page, upload):
    upload(desk, images=[LOAF])
    confirm(desk)
    answer = confirm(desk)
    assert answer.status_code == 409
    assert "confirmed already" in answer.text
    assert Draft.objects.count() == 2


def test_the_same_file_again_creates_nothing_twice(desk, page, upload):
    upload(desk, images=[LOAF])
    confirm(desk)
    answer = upload(desk, images=[LOAF])
    assert "0 new" in answer.text
    assert "2 there already" in answer.text
    confirm(desk)
    assert Draft.objects.count() == 2


def test_a_mended_line_is_added_to_those_that_are_there(desk, page, upload):
    upload(desk, images=[LOAF])
    confirm(desk)
    make.account("facebook", "9", "Aardvark")
    upload(desk, images=[LOAF])
    confirm(desk)
    assert Draft.objects.count() == 3


def test_json_lines_are_taken_too(desk, page, upload):
    content = json.dumps({"account": "facebook:1001", "text": "Bread.", "ref": "j-1"}).encode() + b"\nnot json\n"
    answer = upload(desk, content, "drafts.jsonl")
    assert "This line is not JSON" in answer.text
    confirm(desk)
    assert Draft.objects.get().ref == "j-1"


def test_lines_that_repeat_a_ref_with_other_words_are_seen_before(desk, page, upload):
    answer = upload(desk, b"ref,account,text\na,facebook:1001,One.\na,facebook:1001,Two.\n")
    assert "An earlier line of this file has the ref" in answer.text


def test_what_the_platform_would_refuse_is_seen_before(desk, page, upload):
    answer = upload(desk, b"account,title\nfacebook:1001,Nothing else\n")
    assert "The post is empty" in answer.text


def test_an_image_that_did_not_come_along_is_said(desk, page, upload):
    assert "There is no image loaf.jpg among those that were uploaded" in upload(desk).text


def test_a_file_on_the_disk_of_the_desk_is_never_read(desk, page, upload, tmp_path):
    (tmp_path / "secret.jpg").write_bytes(LOAF[1])
    answer = upload(desk, f"account,images\nfacebook:1001,{tmp_path}/secret.jpg\n".encode())
    assert "There is no image" in answer.text


def test_an_image_that_is_none_is_said_and_stops_only_its_line(desk, page, upload):
    answer = upload(desk, images=[("loaf.jpg", b"no image")])
    assert "loaf.jpg is not a readable JPEG or PNG image." in answer.text
    assert "1 new" in answer.text


def test_two_images_of_one_name_are_no_guess(desk, page, upload):
    answer = upload(desk, images=[LOAF, ("loaf.jpg", make.jpeg(color="red"))])
    assert "Two of the uploaded images are called loaf.jpg." in answer.text


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b" ", "The file is empty"),
        (b"PK\x03\x04" + b"x" * 99, "is a workbook"),
        (b"\0\1\2\3" * 99, "not a text file"),
        (b"account,text\n", "holds no drafts"),
        (b"account\n" + b"x\n" * 2001, "Sophia takes 2,000 at once"),
        (b"account\n" + b"x" * 5 * 1024 * 1024, "larger than 5 MB"),
    ],
)
def test_what_is_no_file_of_drafts_is_refused_whole(desk, upload, content, sentence):
    answer = upload(desk, content)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not Batch.objects.exists()


def test_without_a_file_nothing_happens(desk):
    answer = desk.post("/review/import/", {})
    assert answer.status_code == 422
    assert "Choose a file first." in answer.text


def test_latin_1_is_shown_with_a_warning(desk, page, upload):
    answer = upload(desk, "account,text\nfacebook:1001,Pão.\n".encode("latin-1"))
    assert "read as Latin-1" in answer.text
    assert "Pão." in answer.text


def test_only_whoever_uploaded_it_sees_and_confirms_it(desk, signed_in, operator, page, upload):
    upload(desk, images=[LOAF])
    other = signed_in(operator)
    assert "not kept any more" in other.get(f"/review/import/{Batch.objects.get().pk}/", follow=True).text
    assert "not kept any more" in confirm(other, follow=True).text
    assert not Draft.objects.exists()


def test_a_preview_that_waited_too_long_creates_nothing(desk, page, upload, clock):
    upload(desk, images=[LOAF])
    clock.tick(2 * 3600 + 1)
    assert "not kept any more" in confirm(desk, follow=True).text
    upload(desk, b"account,text\nfacebook:1001,Bread.\n")
    assert Batch.objects.count() == 1
    assert not Draft.objects.exists()


def test_somebody_whose_role_was_taken_meanwhile_creates_nothing(desk, page, upload, author):
    upload(desk, images=[LOAF])
    author.groups.clear()
    assert confirm(desk).status_code == 403
    assert not Draft.objects.exists()


def test_who_may_not_write_may_not_import(signed_in, viewer, client):
    assert signed_in(viewer).get("/review/import/").status_code == 403
    assert client.get("/review/import/").status_code == 302


def test_a_batch_that_was_cut_off_says_so(desk, page, upload, author):
    upload(desk, images=[LOAF])
    Batch.objects.get().begin(by=author)
    answer = desk.get(f"/review/import/{Batch.objects.get().pk}/")
    assert "or was cut off" in answer.text


def test_a_batch_of_an_older_version_is_refused_in_words(desk, page, upload):
    upload(desk, images=[LOAF])
    batch = Batch.objects.get()
    Batch.objects.update(content=b"account,text,colour\nfacebook:1001,Rolls.,red\n")
    looked = desk.get(f"/review/import/{batch.pk}/", follow=True)
    assert "These columns are not known: “colour”" in looked.text
    confirmed = desk.post(f"/review/import/{batch.pk}/confirm", follow=True)
    assert "These columns are not known: “colour”" in confirmed.text
    batch.refresh_from_db()
    assert batch.confirmed_at is None


def test_the_template_can_be_uploaded(desk, page, upload):
    template = desk.get("/review/import/template.csv").content
    answer = upload(desk, template, images=[LOAF, ("oven.jpg", make.jpeg(color="red"))])
    assert "2 new" in answer.text
    assert "wrong" not in answer.text


def test_text_of_a_file_stays_text(desk, page, upload):
    assert "<b>Bread" not in upload(desk, b"account,text\nfacebook:1001,<b>Bread</b>\n").text


def test_more_lines_take_no_more_queries(desk, page, upload, queries_of):
    def preview_of(count):
        upload(desk, b"account,text,ref\n" + b"".join(b"facebook:1001,Bread.,r-%d\n" % n for n in range(count)))
        return queries_of(desk, f"/review/import/{Batch.objects.latest('pk').pk}/")

    assert preview_of(3) == preview_of(30)


def test_the_largest_preview_stays_small(desk, page, upload):
    good = [f"facebook:1001,{'Bread and butter. ' * 20}{number}" for number in range(400)]
    bad = [f"facebook:{'9' * 300},{number}" for number in range(400)]
    answer = upload(desk, "\n".join(["account,text", *good, *bad]).encode())
    assert "The first 100 of 400" in answer.text
    assert len(answer.content) < 100_000


def test_a_time_that_has_passed_is_said_before_anything_is_created(desk, page, upload):
    answer = upload(desk, b"account,text,suggested_at\nfacebook:1001,Soup.,2025-12-14T07:00\n")
    assert "Line 2: Its suggested time, Sun 14 Dec 2025 07:00 Europe/Lisbon, has passed." in answer.text


def test_heads_in_other_words_refuse_the_whole_file(desk, page, upload):
    answer = upload(desk, b"account,image,caption,date\nfacebook:1001,loaf.jpg,Soup.,2030-12-14\n")
    assert answer.status_code == 422
    assert "“image” (is “images” meant?), “caption”, “date”" in answer.text
    assert not Batch.objects.exists()
