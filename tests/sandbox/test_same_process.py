"""The sandbox inside the desk's own server, as in the demo: it fetches images from itself."""

import os

import pytest
import requests

from publishing.sandbox.models import Fault
from tests.sandbox.conftest import PROFILE, TOKEN, jpeg

HEADERS = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def root(asgi_server, bakery_photos) -> str:
    return f"{asgi_server.url}/sandbox/v26.0"


def test_an_image_of_this_server_becomes_an_instagram_post(root, bakery, bakery_photos):
    file = {"source": ("roll.jpg", jpeg(), "image/jpeg")}
    requests.post(f"{root}/1001/photos", data={"published": "false"}, files=file, headers=HEADERS, timeout=30)
    address = root.removesuffix("/sandbox/v26.0") + bakery.pictures.get().url
    made = requests.post(f"{root}/{PROFILE}/media", data={"image_url": address}, headers=HEADERS, timeout=30)
    body = {"creation_id": made.json()["id"]}
    requests.post(f"{root}/{PROFILE}/media_publish", data=body, headers=HEADERS, timeout=30).raise_for_status()
    assert bakery_photos.posts.public().count() == 1


@pytest.mark.parametrize("kind", ["refused", "reset", "hang"])
def test_a_lost_answer_leaves_the_server_in_order(root, bakery, kind):
    Fault.objects.arm("POST */feed", kind, when="after", seconds=0.1)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        requests.post(f"{root}/1001/feed", data={"message": "Rolls"}, headers=HEADERS, timeout=30)
    assert requests.get(f"{root}/1001/feed", headers=HEADERS, timeout=30).json()["data"][0]["message"] == "Rolls"


def test_dropping_connections_leaves_no_file_open(root, bakery):
    Fault.objects.arm("POST */feed", "refused", times=40)
    before = len(os.listdir("/dev/fd"))
    for _ in range(40):
        with pytest.raises(requests.ConnectionError):
            requests.post(f"{root}/1001/feed", data={"message": "Rolls"}, headers=HEADERS, timeout=30)
    assert len(os.listdir("/dev/fd")) < before + 40
