"""The real server in a thread of the test process: same settings, same fakes. Django's live_server cannot stream.

Never together with freezegun, which freezes the server's event loop as well.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from unittest.mock import patch

import pytest
import uvicorn
from django.contrib.staticfiles.handlers import ASGIStaticFilesHandler
from django.core.asgi import get_asgi_application
from django_eventstream.views import get_listener_manager

from approval.agents.mounted import Mounted
from sophia import live


def wait_until(happened: Callable[[], object], seconds: float = 60) -> None:
    patience = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < patience, "waited in vain"
        time.sleep(0.02)


class AsgiServer:
    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        application = ASGIStaticFilesHandler(Mounted(get_asgi_application()))
        config = uvicorn.Config(
            application,
            lifespan="off",
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=5,
            date_header=False,  # The sandbox tells its own clock.
        )
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.socket]}, daemon=True)
        self.thread.start()
        wait_until(lambda: self.server.started)

    def stop(self) -> None:
        """Ends open streams first: uvicorn would cut them off, and Django then leaves a file open. Afterwards waits
        until the relay has let go of the test database."""
        with patch.object(live, "STREAM_SECONDS", 0):
            live.read_again(live.DESK)
            wait_until(lambda: not get_listener_manager().listeners_by_channel)
        self.server.should_exit = True
        self.thread.join(10)
        assert not self.thread.is_alive()
        self.socket.close()
        wait_until(lambda: not live.relay.passed_on)


@pytest.fixture
def asgi_server(transactional_db: None, settings: pytest.FixtureRequest) -> Iterator[AsgiServer]:
    settings.ALLOWED_HOSTS = ["127.0.0.1"]
    server = AsgiServer()
    yield server
    server.stop()
