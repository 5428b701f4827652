import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from approval.models import Draft
from tests import make


def upload(name="oven.jpg", data=None):
    return SimpleUploadedFile(name, data or make.jpeg(color="gold"), "image/jpeg")


def edit(browser, draft, **typed):
    typed = {"digest": draft.digest(), "text": draft.text, "link": ""} | typed
    return browser.post(reverse("approval:edit", args=[draft.pk]), typed)


def alts(draft):
    return [picture.alt for picture in Draft.objects.get(pk=draft.pk).pictures.all()]


def test_an_author_edits_the_text(signed_in, author, draft):
    answer = edit(signed_in(author), draft, text="Fresh bread at six.", link="https://example.com")
    draft.refresh_from_db()
    assert answer["Location"] == draft.get_absolute_url()
    assert (draft.text, draft.link) == ("Fresh bread at six.", "https://example.com")


def test_an_added_image_has_its_alt_text(desk, draft):
    edit(desk, draft, images=[upload(), upload("two.jpg", make.jpeg(color="red"))], new_alts="The oven\nA loaf")
    assert alts(draft) == ["The oven", "A loaf"]


def test_images_are_reordered_removed_and_described(desk, page, author):
    images = [make.image(color) for color in ("red", "green", "blue")]
    draft = make.draft(page, author, pictures=[(image, "") for image in images])
    names = [image.sha256 for image in images]
    edit(desk, draft, picture=names, alt=["Red", "Green", "Blue"], position=["3", "2", "1"], remove=["2"])
    assert alts(draft) == ["Blue", "Red"]


def test_a_refused_file_is_named_and_nothing_typed_is_lost(desk, draft):
    bad = upload("notes.jpg", b"no image at all")
    answer = edit(desk, draft, text="New words", images=[bad, upload("oven.jpg")], new_alts="\nThe oven")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "notes.jpg is not a readable JPEG or PNG image." in page
    assert "New words" in page
    assert "The oven" in page
    assert make.image("gold").sha256 in page
    assert alts(draft) == []


def test_a_change_underneath_keeps_what_was_typed(desk, draft, author):
    seen = draft.digest()
    draft.edit(by=author, text="Fresh bread at eight.", link="", pictures=[], digest=seen)
    answer = edit(desk, draft, digest=seen, text="My own words")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "<del>seven.</del><ins>eight.</ins>" in page
    assert "My own words" in page
    assert f'value="{draft.digest()}"' in page
    assert draft.text == "Fresh bread at eight."


def test_an_approved_draft_cannot_be_edited(desk, draft, publication):
    answer = edit(desk, draft, text="Too late")
    assert answer.status_code == 409
    assert "Reopen it first" in answer.content.decode()


def test_what_the_platform_refuses_is_said(desk, draft):
    answer = edit(desk, draft, text="")
    assert answer.status_code == 422
    assert "The post is empty" in answer.content.decode()


def test_an_author_writes_a_draft(signed_in, author, page):
    typed = {"account": page.pk, "text": "New bread", "suggested_at": "2099-07-01T10:00", "images": [upload()]}
    answer = signed_in(author).post(reverse("approval:new"), typed)
    draft = Draft.objects.get()
    assert answer["Location"] == draft.get_absolute_url()
    assert (draft.state, draft.author, draft.pictures.count()) == (Draft.State.DRAFT, author, 1)
    assert draft.suggested_at.isoformat() == "2099-07-01T09:00:00+00:00"  # Lisbon in summer


def test_writing_and_submitting_in_one(signed_in, author, page):
    signed_in(author).post(reverse("approval:new"), {"account": page.pk, "text": "New bread", "submit": "1"})
    assert Draft.objects.get().state == Draft.State.IN_REVIEW


def test_a_draft_without_an_account_is_not_written(signed_in, author, page):
    answer = signed_in(author).post(reverse("approval:new"), {"text": "New bread"})
    assert answer.status_code == 422
    assert "New bread" in answer.content.decode()
    assert not Draft.objects.exists()


@pytest.mark.only_on("sqlite", "postgresql")
def test_places_that_cannot_be_are_no_error(desk, page, author):
    images = [make.image(color) for color in ("red", "green")]
    draft = make.draft(page, author, pictures=[(image, "") for image in images])
    names = [image.sha256 for image in images]
    edit(desk, draft, picture=names, alt=["Red", "Green"], position=["9" * 5000, "0"])
    assert alts(draft) == ["Green", "Red"]


@pytest.mark.only_on("sqlite", "postgresql")
def test_an_alt_text_that_is_not_text_is_refused(desk, page, author):
    image = make.image()
    draft = make.draft(page, author, pictures=[(image, "Teal")])
    assert edit(desk, draft, picture=[image.sha256], alt=["a\0b"], position=["1"]).status_code == 422
    assert alts(draft) == ["Teal"]


@pytest.mark.only_on("sqlite", "postgresql")
def test_a_suggestion_beyond_the_horizon_is_refused(desk, page):
    typed = {"account": page.pk, "text": "Bread", "suggested_at": "9999-12-31T23:59"}
    answer = desk.post(reverse("approval:new"), typed)
    assert answer.status_code == 422
    assert not Draft.objects.exists()


def test_an_approved_draft_is_reopened_and_edited_by_one_press(desk, draft, publication):
    assert "Reopen and edit" in desk.get(draft.get_absolute_url()).text
    answer = desk.post(reverse("approval:rework", args=[draft.pk]))
    assert answer["Location"] == reverse("approval:edit", args=[draft.pk])
    draft.refresh_from_db()
    publication.refresh_from_db()
    assert (draft.state, publication.is_cancelled) == (Draft.State.IN_REVIEW, True)


def test_the_form_of_an_approved_draft_says_what_editing_does(desk, draft, publication):
    shown = desk.get(reverse("approval:edit", args=[draft.pk])).text
    assert "Editing reopens it" in shown
    edit(desk, draft, text="Fresh bread at six.", reopen="1")
    draft.refresh_from_db()
    assert (draft.text, draft.state) == ("Fresh bread at six.", Draft.State.IN_REVIEW)


def test_reopening_and_editing_is_both_or_neither(desk, draft, publication):
    assert edit(desk, draft, text="", reopen="1").status_code == 422
    draft.refresh_from_db()
    publication.refresh_from_db()
    assert (draft.state, publication.is_cancelled) == (Draft.State.APPROVED, False)


def test_what_is_out_is_not_reopened(desk, draft, operator):
    make.published(draft, operator)
    answer = desk.post(reverse("approval:rework", args=[draft.pk]))
    assert answer.status_code == 409
    assert "Take it down instead" in answer.text


def test_an_author_cannot_reopen_what_an_operator_approved(signed_in, author, draft, publication):
    browser = signed_in(author)
    assert "Ask an operator to reopen it first." in browser.get(reverse("approval:edit", args=[draft.pk])).text
    assert browser.post(reverse("approval:rework", args=[draft.pk])).status_code == 403
    assert edit(browser, draft, text="Mine", reopen="1").status_code == 403


def test_an_image_is_taken_before_the_form_is_saved(desk, draft):
    row = desk.post(reverse("approval:upload"), {"image": upload()}).text
    assert f'value="{make.image("gold").sha256}"' in row
    assert not draft.pictures.exists()


def test_a_file_that_is_no_image_is_refused_at_once(desk, db):
    answer = desk.post(reverse("approval:upload"), {"image": upload("notes.jpg", b"no image at all")})
    assert answer.status_code == 422
    assert answer.text.startswith("notes.jpg is not a readable JPEG or PNG image.")
    assert desk.post(reverse("approval:upload")).status_code == 422


def test_a_viewer_sends_no_image(signed_in, viewer):
    assert signed_in(viewer).post(reverse("approval:upload"), {"image": upload()}).status_code == 403


@pytest.mark.parametrize("name", ["a\0b", "0" * 64])
def test_an_image_that_is_not_kept_any_more_is_said_and_nothing_is_saved(desk, draft, name):
    answer = edit(
        desk, draft, text="New words", picture=[make.image().sha256, name], alt=["A", "B"], position=["1", "2"]
    )
    assert answer.status_code == 422
    assert "An image that you added is not here" in answer.text
    assert make.image().sha256 in answer.text
    assert alts(draft) == []


def test_nothing_is_submitted_while_images_are_missing(signed_in, author, page):
    typed = {"account": page.pk, "text": "New bread", "submit": "1", "missing": "2"}
    answer = signed_in(author).post(reverse("approval:new"), typed)
    assert answer.status_code == 422
    assert "An image that you added is not here" in answer.text
    assert not Draft.objects.exists()


def test_without_scripts_one_bad_image_of_two_stops_the_submitting(signed_in, author, page):
    chosen = [upload(), upload("notes.jpg", b"no image at all")]
    typed = {"account": page.pk, "text": "New bread", "submit": "1", "images": chosen}
    answer = signed_in(author).post(reverse("approval:new"), typed)
    assert answer.status_code == 422
    assert "notes.jpg is not a readable" in answer.text
    assert not Draft.objects.exists()
