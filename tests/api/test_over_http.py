"""The thinnest true path, with the real server."""

import pytest
import requests

from approval.models import Draft
from tests.asgi import asgi_server  # noqa: F401

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_draft_goes_in_and_is_seen(asgi_server, page, author, token_for):  # noqa: F811
    _, secret = token_for(author, "drafts:write")
    headers = {"Authorization": f"Bearer {secret}"}
    address = f"{asgi_server.url}/api/v1/drafts"
    body = {"account": page.label, "text": "Fresh bread.", "ref": "cms-7", "submit": True}

    written = requests.post(address, json=body, headers=headers, timeout=10)
    assert written.status_code == 201
    seen = requests.get(f"{address}/{written.json()['id']}", headers=headers, timeout=10).json()
    assert seen == written.json()
    assert seen["state"] == "in_review"
    assert [decision["via"] for decision in seen["decisions"]] == ["api", "api"]
    assert Draft.objects.get().author == author


def test_without_a_token_there_is_a_challenge(asgi_server):  # noqa: F811
    answer = requests.get(f"{asgi_server.url}/api/v1/drafts", timeout=10)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "Send a token" in answer.json()["detail"]
