"""What one visitor may make the web read."""

import pytest
from django.urls import reverse

from sophia.heavy import FORM, LARGEST_FORM, LARGEST_UPLOAD

pytestmark = pytest.mark.django_db
MUCH = b"username=" + b"x" * LARGEST_FORM


def test_nobody_sends_a_form_of_many_megabytes(client, desk):
    for browser in (client, desk):
        answer = browser.post("/login/", MUCH, content_type=FORM)
        assert (answer.status_code, answer.text) == (413, "Sophia takes forms of up to 2 MB.")


def test_a_stranger_sends_no_files(client, desk):
    form = {"content_type": "multipart/form-data; boundary=x"}
    assert client.post("/login/", MUCH, **form).status_code == 413
    assert desk.post("/login/", MUCH, **form).status_code != 413


def test_a_request_says_how_long_it_is(client):
    answer = client.generic("POST", "/login/", b"", HTTP_TRANSFER_ENCODING="chunked", content_type=FORM)
    assert answer.status_code == 411


@pytest.mark.parametrize(("over", "status"), [(0, 200), (1, 413)])
def test_files_of_hundreds_of_megabytes_come_in_parts(desk, over, status):
    """It is turned away by what it says of its length, before anything is read."""
    given = {
        "content_type": "multipart/form-data; boundary=x",
        "headers": {"content-length": str(LARGEST_UPLOAD + over)},
    }
    answer = desk.generic("GET", reverse("approval:import"), b"", **given)
    assert (answer.status_code, "300 MB of files at once" in answer.text) == (status, status == 413)
