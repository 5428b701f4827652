import socket
from datetime import UTC, datetime

import pytest

from publishing.platforms.base import Content, Credentials, Image
from publishing.platforms.facebook import Facebook
from publishing.platforms.graph import Graph
from publishing.platforms.instagram import Instagram
from tests.platforms.scripted import TOKEN, Scripted


@pytest.fixture
def server():
    scripted = Scripted()
    yield scripted
    scripted.close()
    assert not scripted.surprises
    assert not scripted.script, "The script has answers that nobody asked for."


@pytest.fixture
def nowhere():
    """An address where nothing listens."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    return f"http://127.0.0.1:{port}"


@pytest.fixture
def graph(server):
    return Graph("Facebook", TOKEN, base_url=server.url, version="v26.0", calls=[])


@pytest.fixture
def facebook(server):
    return Facebook(Credentials("1001", TOKEN), base_url=server.url, version="v26.0")


@pytest.fixture
def direct(server):
    return Facebook(Credentials("1001", TOKEN, direct=True), base_url=server.url, version="v26.0")


@pytest.fixture
def instagram(server):
    return Instagram(Credentials("17840", TOKEN), base_url=server.url, version="v26.0")


@pytest.fixture
def since():
    return datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def text():
    return Content("Fresh bread from seven.")


@pytest.fixture
def picture():
    return Image("ab12", "image/jpeg", "A loaf", b"\xff\xd8loaf\r\n\xff\xd9", "https://sophia.example/i/ab12.jpg")


@pytest.fixture
def pictures(picture):
    return picture, Image("cd34", "image/jpeg", "", b"\xff\xd8roll\xff\xd9", "https://sophia.example/i/cd34.jpg")
