import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from publishing.sandbox.models import Knob, Page, Profile
from tests import make


@pytest.fixture
def accounts(asgi_server, settings):
    """A Page and an Instagram account that are open on the sandbox and connected to the desk."""
    settings.SOPHIA_GRAPH_URL = f"{asgi_server.url}/sandbox"
    settings.SOPHIA_PUBLIC_URL = asgi_server.url
    settings.SOPHIA_FACEBOOK_CALLS_PER_HOUR = settings.SOPHIA_INSTAGRAM_POSTS_PER_DAY = 10_000
    Knob.objects.turn("1784", quota_total=10_000)
    settings.SOPHIA_PLATFORMS = {
        "facebook": "publishing.platforms.facebook.Facebook",
        "instagram": "publishing.platforms.instagram.Instagram",
    }
    page = Page.objects.open("1001", "Lua", token="token-of-1001")
    Profile.objects.open("1784", "Lua", page=page, token="token-of-1784")
    return {"facebook": make.account("facebook", "1001"), "instagram": make.account("instagram", "1784")}


@pytest.fixture
def together():
    """Runs verbs at the same moment, and returns what went wrong in them. For tests with real transactions."""

    def run(*verbs):
        start = threading.Barrier(len(verbs))

        def play(verb):
            start.wait(30)
            try:
                verb()
            finally:
                connection.close()

        with ThreadPoolExecutor(len(verbs)) as threads:
            played = [threads.submit(play, verb) for verb in verbs]
        return [error for each in played if (error := each.exception())]

    return run
