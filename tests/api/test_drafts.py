"""The whole way of a content generator, with the verbs of the desk behind it."""

from datetime import UTC, datetime

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from approval.models import Decision, Draft
from publishing.models import Image
from tests import make


def verbs(answer):
    return [(each["verb"], each["who"], each["via"]) for each in answer.json()["decisions"]]


def test_a_draft_with_an_image_is_written_and_submitted(program, page):
    kept = program.client.post("/api/v1/images", {"file": SimpleUploadedFile("loaf.jpg", make.jpeg())})
    assert kept.status_code == 201
    picture = {"sha256": kept.json()["sha256"], "alt": "A loaf"}
    answer = program.post("drafts", account=page.label, text="Bread.", images=[picture], submit=True, title="Loaf")

    draft = Draft.objects.get()
    assert answer.json()["images"] == [picture]
    assert draft.manifest()["images"] == [picture]
    assert answer.json()["digest"] == draft.digest()
    assert verbs(answer) == [("written", "olga", "api"), ("submitted", "olga", "api")]


def test_the_same_image_twice_is_kept_once(program):
    for _ in range(2):
        program.client.post("/api/v1/images", {"file": SimpleUploadedFile("loaf.jpg", make.jpeg())})
    assert Image.objects.count() == 1


def test_a_time_keeps_its_offset(program, page):
    program.post("drafts", account=page.label, text="Bread.", suggested_at="2026-12-24T09:00:00+01:00")
    assert Draft.objects.get().suggested_at == datetime(2026, 12, 24, 8, tzinfo=UTC)


def test_the_same_ref_is_the_same_draft(program, page):
    first = program.post("drafts", account=page.label, text="Bread.", ref="cms-7")
    again = program.post("drafts", account=page.label, text="Bread.", ref="cms-7", submit=True)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["id"] == again.json()["id"]
    assert Draft.objects.get().state == "in_review"


def test_the_same_ref_with_other_content_is_a_conflict(program, page):
    program.post("drafts", account=page.label, text="Bread.", ref="cms-7")
    answer = program.post("drafts", account=page.label, text="Rolls.", ref="cms-7")
    assert answer.status_code == 409
    assert "already has the ref" in answer.json()["detail"]


def test_what_is_left_out_of_an_edit_stays(program, page, draft):
    answer = program.patch(f"drafts/{draft.pk}", digest=draft.digest(), text="Rolls.")
    draft.refresh_from_db()
    assert (answer.status_code, draft.text, draft.account) == (200, "Rolls.", page)
    assert verbs(answer)[-1] == ("edited", "olga", "api")


def test_images_are_put_in_and_taken_out(program, draft):
    picture = {"sha256": make.image().sha256, "alt": ""}
    answer = program.patch(f"drafts/{draft.pk}", digest=draft.digest(), images=[picture])
    assert answer.json()["images"] == [picture]
    answer = program.patch(f"drafts/{draft.pk}", digest=answer.json()["digest"], images=[])
    assert answer.json()["images"] == []


def test_a_draft_is_taken_back_edited_and_submitted_again(program, draft):
    answer = program.post(f"drafts/{draft.pk}/withdraw", note="A typo.")
    assert (answer.status_code, answer.json()["state"]) == (200, "draft")
    program.patch(f"drafts/{draft.pk}", digest=draft.digest(), text="Rolls.")
    answer = program.post(f"drafts/{draft.pk}/submit")
    assert answer.json()["state"] == "in_review"
    assert Decision.objects.get(verb="withdrawn").note == "A typo."


def test_a_verb_without_a_note_needs_no_body(program, draft):
    assert program.client.generic("POST", f"/api/v1/drafts/{draft.pk}/withdraw").status_code == 200
    assert program.client.generic("POST", f"/api/v1/drafts/{draft.pk}/submit").status_code == 200


def test_what_is_decided_cannot_be_taken_back(program, draft, operator):
    draft.reject(by=operator)
    assert program.post(f"drafts/{draft.pk}/withdraw").status_code == 409


def test_a_rejection_says_what_to_change(program, draft, operator):
    draft.reject(by=operator, tags=["too long"], note="Half of it.")
    last = program.get(f"drafts/{draft.pk}").json()["decisions"][-1]
    assert (last["verb"], last["tags"], last["note"]) == ("rejected", ["too long"], "Half of it.")


def test_lists_are_narrowed(program, page, instagram, author, operator):
    for account, ref in [(page, "a"), (page, None), (instagram, "b")]:
        make.draft(account, author, ref=ref)
    Draft.objects.get(ref="a").skip(by=operator)

    def refs(**query):
        return [each["ref"] for each in program.get("drafts", **query).json()["items"]]

    assert refs() == ["b", None, "a"]
    assert refs(state="in_review") == ["b", None]
    assert refs(account=instagram.label) == ["b"]
    assert refs(ref="a", client=page.client_id) == ["a"]


def test_pages_do_not_move_when_something_new_comes(program, page, author):
    for number in range(5):
        make.draft(page, author, text=str(number))
    first = program.get("drafts", limit=2).json()
    make.draft(page, author, text="new")
    second = program.get("drafts", limit=2, cursor=first["next"]).json()
    last = program.get("drafts", limit=2, cursor=second["next"]).json()
    texts = [each["text"] for answer in (first, second, last) for each in answer["items"]]
    assert texts == ["4", "3", "2", "1", "0"]
    assert last["next"] is None


def test_a_longer_list_asks_the_database_no_more(program, page, author, django_assert_max_num_queries):
    make.draft(page, author)
    program.get("drafts")
    for number in range(6):
        make.draft(page, author, text=str(number), pictures=[(make.image(), "")])
    with django_assert_max_num_queries(6):
        program.get("drafts")


def test_an_approved_draft_leads_to_its_publication(program, draft, operator):
    out = make.published(draft, operator)
    seen = program.get(f"drafts/{draft.pk}").json()
    assert (seen["state"], seen["stage"], seen["publication"]) == ("approved", "published", out.pk)
    assert seen["submitted_at"] <= timezone.now().isoformat()
