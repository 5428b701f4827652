"""Every refusal is problem+json, with a sentence and the field."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from approval.models import Draft
from sophia.api.door import broken
from tests import make


def told(answer, status):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert {"type", "title", "status", "detail"} <= problem.keys()
    assert problem["status"] == status
    return problem


def raw(program, body, content_type="application/json", **headers):
    return program.client.generic("POST", "/api/v1/drafts", body, content_type=content_type, headers=headers)


@pytest.mark.parametrize("path", ["", "nowhere", "drafts/x", "drafts/1/approve", "drafts/"])
def test_an_address_that_is_none(program, path):
    assert "docs" in told(program.get(path), 404)["detail"]


def test_a_draft_that_is_none(program):
    assert told(program.get("drafts/7"), 404)["title"] == "Nothing here"
    told(program.get(f"drafts/{2**63}"), 422)


def test_a_method_that_is_none(program):
    answer = program.client.delete("/api/v1/drafts/1")
    assert "DELETE does nothing here" in told(answer, 405)["detail"]
    assert set(answer["Allow"].split(", ")) == {"GET", "PATCH"}


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{", "not JSON"),
        (b"\xff\xfe", "not UTF-8"),
        ('{"a":' * 20 + "1" + "}" * 20, "nested"),
        ('{"account": NaN}', "NaN is not a number"),
        ('{"account": ' + "9" * 5000 + "}", "not JSON"),
    ],
)
def test_a_body_that_cannot_be_read(program, body, said):
    assert said in told(raw(program, body), 400)["detail"]


@pytest.mark.parametrize("body", ["[]", "null", '"x"', "7", ""])
def test_a_body_of_another_kind(program, body):
    assert told(raw(program, body), 422)["field"] == "body"


def test_a_body_of_another_type(program):
    assert "application/json" in told(raw(program, "a=b", "application/x-www-form-urlencoded"), 415)["detail"]


def test_a_body_that_is_too_large(program):
    assert "1,048,576 bytes" in told(raw(program, "x" * (2**20 + 1)), 413)["detail"]


def test_a_body_of_unknown_length(program):
    answer = program.client.generic(
        "POST", "/api/v1/drafts", headers={"transfer-encoding": "chunked"}, content_type="application/json"
    )
    told(answer, 411)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"account": None}, "account"),
        ({"account": 7}, "account"),
        ({"text": ["a"]}, "text"),
        ({"text": "a\0b"}, "text"),
        ({"link": "x" * 2001}, "link"),
        ({"images": [{"sha256": "abc"}]}, "images.0.sha256"),
        ({"suggested_at": "2026-10-01T09:00"}, "suggested_at"),
        ({"suggested_at": "9999-12-31T23:59:59+00:00"}, "suggested_at"),
        ({"suggested_at": 7}, "suggested_at"),
        ({"submit": "yes"}, "submit"),
        ({"nonsense": 1}, "nonsense"),
        ({"account": "facebook:9"}, "account"),
        ({"images": [{"sha256": "a" * 64}]}, "images"),
    ],
)
def test_a_field_that_is_wrong_is_named(program, page, wrong, field):
    problem = told(program.post("drafts", {"account": page.label, "text": "Bread."} | wrong), 422)
    assert problem["field"] == field
    assert problem["detail"].endswith(".")
    assert not Draft.objects.exists()


@pytest.mark.parametrize("field", ["account", "text", "ref", "title"])
def test_a_lone_surrogate_is_no_text(program, page, field):
    body = json.dumps({"account": page.label, "text": "Bread."} | {field: "\ud800"})
    assert told(raw(program, body), 422)["field"] == field


@pytest.mark.parametrize("path", ["drafts/1/submit", "drafts/1/withdraw"])
def test_a_lone_surrogate_is_no_note(program, draft, path):
    answer = program.client.post(f"/api/v1/{path}", '{"note": "\\ud800"}', content_type="application/json")
    assert told(answer, 422)["field"] == "note"


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": "x"},
        {"cursor": "x"},
        {"state": "x"},
        {"client": 2**63},
        {"sate": "x"},
        {"ref": ["a", "b"]},
    ],
)
def test_a_query_that_is_wrong_is_named(program, query):
    assert told(program.get("drafts", **query), 422)["field"] == next(iter(query))


def test_what_the_platform_would_refuse_is_refused_now(program, page):
    problem = told(program.post("drafts", {"account": page.label, "text": " "}), 422)
    assert problem["title"] == "Refused"


def test_a_change_underneath_shows_the_difference(program, draft, author):
    seen = draft.digest()
    draft.edit(by=author, text="Rolls.", link="", pictures=[], digest=seen)
    problem = told(program.patch(f"drafts/{draft.pk}", digest=seen, text="Cake."), 409)
    assert problem["diff"] == {"text": ["Fresh bread at seven.", "Rolls."]}
    assert problem["field"] == "digest"


def test_what_has_moved_on_is_a_conflict(program, draft, operator):
    make.approved(draft, operator)
    problem = told(program.patch(f"drafts/{draft.pk}", digest=draft.digest(), text="Cake."), 409)
    assert "Reopen it first" in problem["detail"]


def upload(program, data=b"", name="loaf.jpg", field="file"):
    return program.client.post("/api/v1/images", {field: SimpleUploadedFile(name, data)})


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [(b"nothing", "a.jpg", "not a readable"), (make.jpeg(), "a.png", "is named"), (b"", "a.jpg", "is empty")],
)
def test_an_image_that_is_none(program, data, name, said):
    assert said in told(upload(program, data, name), 422)["detail"]


def test_an_image_in_another_field_or_type(program):
    assert told(upload(program, make.jpeg(), field="picture"), 422)["field"] == "file"
    told(program.post("images", {"file": "x"}), 415)
    told(program.client.generic("POST", "/api/v1/images", b"x", content_type="multipart/form-data"), 400)


def test_an_image_that_is_too_large_is_not_read(program):
    headers = {"content-length": str(32 * 2**20)}
    answer = program.client.generic(
        "POST", "/api/v1/images", b"x", content_type="multipart/form-data; boundary=b", headers=headers
    )
    told(answer, 413)


@pytest.mark.parametrize(("path", "kind"), [("/api/v1/drafts", "application/problem+json"), ("/queue/", "text/html")])
def test_a_fault_of_ours_is_told_as_the_door_tells_it(path, kind):
    answer = broken(RequestFactory().get(path))
    assert (answer.status_code, answer["Content-Type"].partition(";")[0]) == (500, kind)


def test_problems_lead_to_the_page_that_explains_them(program, client):
    anchor = told(program.get("drafts/7"), 404)["type"].partition("#")[2]
    assert f'id="{anchor}"' in client.get("/api/v1/docs").text
    assert json.loads(client.get("/api/v1/openapi.json").content)["openapi"] == "3.1.0"
