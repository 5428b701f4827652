import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from publishing.platforms.base import Content, Credentials, Image
from publishing.platforms.facebook import Facebook
from publishing.platforms.instagram import Instagram
from tests import make
from tests.standin.server import Standin

PAGE, PROFILE, TOKEN = "1001", "17840", "EAAtheTokenOfTheStandin"


class Impatient(Instagram):
    preparing = publishing = (0, 0, 0)


class Pictures(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.server.picture)

    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def serve():
    servers = []

    def start(server):
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        servers.append(server)
        return server

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture(scope="session")
def pictures(serve):
    """An address where every path is the same JPEG."""
    server = serve(ThreadingHTTPServer(("127.0.0.1", 0), Pictures))
    server.picture = make.jpeg()
    return f"http://127.0.0.1:{server.server_port}"


@pytest.fixture
def standin(serve):
    server = serve(Standin())
    server.control.open({"platform": "facebook", "id": PAGE, "name": "Lua", "token": TOKEN})
    profile = {"platform": "instagram", "id": PROFILE, "name": "Lua", "username": "lua", "page": PAGE}
    server.control.open({**profile, "token": TOKEN})
    return server


@pytest.fixture
def facebook(standin):
    return Facebook(Credentials(PAGE, TOKEN), base_url=standin.url, version="v26.0")


@pytest.fixture
def direct(standin):
    return Facebook(Credentials(PAGE, TOKEN, direct=True), base_url=standin.url, version="v26.0")


@pytest.fixture
def instagram(standin):
    return Impatient(Credentials(PROFILE, TOKEN), base_url=standin.url, version="v26.0")


@pytest.fixture
def content(pictures):
    """So many pictures under these words."""

    def make_content(images=0, text="Fresh bread\n at  seven."):
        return Content(text, images=tuple(picture(pictures, number) for number in range(images)))

    return make_content


def picture(address, number):
    data = make.jpeg(color=["teal", "navy", "olive"][number])
    return Image(f"{number:064}", "image/jpeg", f"Picture {number}", data, f"{address}/{number}.jpg")


@pytest.fixture
def accounts(standin, pictures, settings):
    """A desk with a Page and an Instagram account that are open on the stand-in."""
    settings.SOPHIA_GRAPH_URL, settings.SOPHIA_PUBLIC_URL = standin.url, pictures
    settings.SOPHIA_FACEBOOK_CALLS_PER_HOUR = settings.SOPHIA_INSTAGRAM_POSTS_PER_DAY = 10_000
    settings.SOPHIA_PLATFORMS = {
        "facebook": "publishing.platforms.facebook.Facebook",
        "instagram": "tests.standin.conftest.Impatient",
    }
    standin.world.tokens[f"token-of-{PAGE}"] = standin.world.tokens[TOKEN]
    standin.world.tokens[f"token-of-{PROFILE}"] = standin.world.tokens[TOKEN]
    return {"facebook": make.account("facebook", PAGE), "instagram": make.account("instagram", PROFILE)}
