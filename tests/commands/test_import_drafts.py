import json
from pathlib import Path

import pytest

from approval.models import Draft
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(command, page):
    """Imports lines, given as objects or as raw bytes, from stdin."""

    def run(*lines, options=()):
        raw = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
        return command("import_drafts", "-", "--json", *options, stdin=raw)

    return run


def line(**changes):
    return {"ref": "a-1", "account": "facebook:1001", "text": "Fresh bread.", **changes}


def test_good_lines_are_kept_and_bad_ones_reported(bring):
    answer = bring(line(), b"", b"not json", line(ref="a-2", text="More bread."))

    assert answer.code == 1
    assert [(each["line"], each["ref"], each["result"]) for each in answer.json["drafts"]] == [
        (1, "a-1", "created"),
        (4, "a-2", "created"),
    ]
    assert [each["line"] for each in answer.json["errors"]] == [3]
    assert "1 of 3 lines" in answer.error


def test_the_same_line_again_is_not_a_second_draft(bring):
    first = bring(line())
    again = bring(line())

    assert again.code == 0
    assert again.json["drafts"] == [{**first.json["drafts"][0], "result": "unchanged"}]
    assert Draft.objects.count() == 1


def test_an_edit_since_the_import_does_not_matter(bring, operator):
    bring(line())
    draft = Draft.objects.get()
    draft.edit(by=operator, text="Better words.", link="", pictures=(), digest=draft.digest())

    assert bring(line()).json["drafts"][0]["result"] == "unchanged"


def test_an_approved_one_stays_approved(bring, operator):
    bring(line(), options=["--submit"])
    make.approved(Draft.objects.get(), operator)

    answer = bring(line(), options=["--submit"])

    assert answer.json["drafts"][0]["state"] == "approved"
    assert answer.json["drafts"][0]["result"] == "unchanged"


def test_other_content_under_the_same_ref_is_an_error(bring):
    bring(line())

    answer = bring(line(text="Something else."))

    assert answer.code == 1
    draft = Draft.objects.get()
    assert f"Draft {draft.pk} already has the ref “a-1”" in answer.json["errors"][0]["error"]
    assert draft.text == "Fresh bread."


def test_submit_asks_for_a_decision_also_for_one_that_is_there(bring):
    bring(line())

    answer = bring(line(), options=["--submit"])

    assert answer.json["drafts"][0]["state"] == "in_review"
    assert answer.json["drafts"][0]["result"] == "unchanged"


def test_the_author_is_named_by_by(bring, author):
    bring(line(), options=["--by", "anna"])

    assert Draft.objects.get().author == author


def test_somebody_without_the_permission_cannot_import(bring, stranger):
    answer = bring(line(), options=["--by", "sam"])

    assert answer.code == 1
    assert "sam may not write" in answer.json["errors"][0]["error"]


def test_images_are_found_beside_the_file(command, page, tmp_path):
    (tmp_path / "a.jpg").write_bytes(make.jpeg(color="teal"))
    (tmp_path / "b.jpg").write_bytes(make.jpeg(color="coral"))
    file = tmp_path / "drafts.jsonl"
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(line(images=["a.jpg", "b.jpg"], alt=["A teal square"])).encode())

    answer = command("import_drafts", file, "--json")

    assert answer.code == 0
    assert [picture.alt for picture in Draft.objects.get().pictures.all()] == ["A teal square", ""]


def test_a_photo_needs_no_text_on_facebook(command, page, tmp_path, operator):
    """Imported, submitted, shown and published: every place says the same."""
    (tmp_path / "a.jpg").write_bytes(make.jpeg())
    (tmp_path / "drafts.jsonl").write_text(json.dumps(line(text="", images=["a.jpg"])))
    assert command("import_drafts", tmp_path / "drafts.jsonl", "--submit", "--json").code == 0
    publication = make.approved(Draft.objects.get(), operator)
    publication.publish()
    publication.refresh_from_db()
    assert publication.is_live


def test_a_naive_time_is_on_the_clock_of_the_client(bring):
    bring(line(suggested_at="2026-07-01T09:00"))

    assert Draft.objects.get().suggested_at.isoformat() == "2026-07-01T08:00:00+00:00"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"account": None}, "is missing"),
        ({"account": "facebook:9"}, "There is no account"),
        ({"text": 5}, "“text” must be a text, not a number"),
        ({"text": ["a"]}, "not a list"),
        ({"text": "a\0b"}, "not text"),
        ({"text": "a\ud800b"}, "not text"),
        ({"text": ""}, "The post is empty"),
        ({"link": "javascript:alert(1)"}, "is not a link"),
        ({"link": "ftp://example.com"}, "is not a link"),
        ({"ref": "r" * 201}, "ref"),
        ({"title": "t" * 201}, "title"),
        ({"images": "a.jpg"}, "“images” must be a list of texts, not a text"),
        ({"images": [1]}, "“images” 1 must be a text"),
        ({"images": ["missing.jpg"]}, "There is no image missing.jpg"),
        ({"images": ["."]}, "There is no image"),
        ({"images": ["i" * 5000]}, "cannot be read"),
        ({"alt": ["one too many"]}, "1 alt texts for 0 images"),
        ({"suggested_at": "tomorrow"}, "is not a time"),
        ({"suggested_at": "2026-07-01"}, "no time of day"),
        ({"suggested_at": "9999-12-31T23:59-12:00"}, "too far away"),
        ({"suggested_at": "2026-03-29T01:30"}, "does not exist"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(bring, wrong, sentence):
    answer = bring(line(**wrong))

    assert answer.code == 1
    assert sentence in answer.json["errors"][0]["error"]
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    "raw", [b"[1]", b"null", b'"text"', b"{", b"\xff", b"[" * 100_000, b"9" * 5000, b'{"account": NaN}']
)
def test_what_is_not_an_object_is_said(bring, raw):
    answer = bring(raw)

    assert answer.code == 1
    assert len(answer.json["errors"]) == 1


@pytest.mark.parametrize(
    ("unknown", "said"),
    [
        ({"image": ["a.jpg"]}, "“image” is not known here. Is “images” meant?"),
        ({"schedule_at": "2026-12-14T07:00"}, "“schedule_at” is not known here. Is “suggested_at” meant?"),
        ({"Text": "Rolls."}, "“Text” is not known here. Is “text” meant?"),
        ({"first_comment": None}, "“first_comment” is not known here. Known are ref, account, title, text,"),
    ],
)
def test_a_line_with_a_field_that_is_not_known_is_refused_with_the_nearest(bring, unknown, said):
    answer = bring(line(**unknown), line(ref="a-2"), options=["--submit"])
    assert answer.code == 1
    assert said in answer.json["errors"][0]["error"]
    assert [draft.ref for draft in Draft.objects.all()] == ["a-2"]


def test_a_field_that_is_there_twice_is_refused(bring):
    answer = bring(b'{"account": "facebook:1001", "text": "Bread.", "text": "Rolls."}')
    assert answer.json["errors"][0]["error"] == "“text” is there twice. Write it once."


def test_a_file_that_is_not_there_is_said(command, db):
    answer = command("import_drafts", "nowhere.jsonl", "--json")

    assert answer.code == 1
    assert "nowhere.jsonl cannot be read" in answer.error


@pytest.mark.parametrize(
    "far", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "0001-01-01T00:00+14:00", "2100-01-02T00:00"]
)
def test_a_time_beyond_the_horizon_is_refused(bring, far):
    answer = bring(line(suggested_at=far), line(ref="a-2", suggested_at="2099-12-31T23:00:00Z"))

    assert "is too far away" in answer.json["errors"][0]["error"]
    assert [each["ref"] for each in answer.json["drafts"]] == ["a-2"]


def test_an_image_that_nobody_can_decode_does_not_stop_the_import(bring, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("bad.jpg").write_bytes(make.jpeg()[:300])
    answer = bring(line(images=["bad.jpg"]), line(ref="a-2"))

    assert "bad.jpg is not a readable" in answer.json["errors"][0]["error"]
    assert [each["ref"] for each in answer.json["drafts"]] == ["a-2"]


@pytest.mark.parametrize("name", ["{folder}/secret.jpg", "../secret.jpg", "link.jpg"])
def test_a_file_names_no_image_outside_its_folder(command, page, tmp_path, name):
    inside = tmp_path / "drafts"
    inside.mkdir()
    (tmp_path / "secret.jpg").write_bytes(make.jpeg())
    (inside / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    (inside / "plan.jsonl").write_text(json.dumps(line(images=[name.format(folder=tmp_path)])))
    answer = command("import_drafts", str(inside / "plan.jsonl"), "--json")
    assert answer.code == 1
    assert "outside the folder" in json.dumps(answer.json)
    assert not Draft.objects.exists()
