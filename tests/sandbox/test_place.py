"""Commands find the sandbox at whatever port `serve` opened it."""

import pytest
from django.core.management import call_command

from publishing.sandbox.models import Place


@pytest.fixture
def default(db, settings):
    """As without SOPHIA_GRAPH_URL and SOPHIA_PUBLIC_URL."""
    settings.PORT = 8000
    settings.SOPHIA_GRAPH_URL, settings.SOPHIA_PUBLIC_URL = "http://127.0.0.1:8000/sandbox", "http://127.0.0.1:8000"
    return settings


def test_a_command_looks_where_serve_opened_it_last(default):
    Place.note(8001)
    Place.note(8002)
    call_command("queue", verbosity=0)
    assert default.SOPHIA_GRAPH_URL == "http://127.0.0.1:8002/sandbox"
    assert default.SOPHIA_PUBLIC_URL == "http://127.0.0.1:8002"


def test_before_any_start_it_looks_at_the_port_of_the_settings(default):
    call_command("queue", verbosity=0)
    assert default.SOPHIA_GRAPH_URL == "http://127.0.0.1:8000/sandbox"


@pytest.mark.parametrize("address", ["http://127.0.0.1:9000/sandbox", "https://graph.facebook.com"])
def test_an_address_that_somebody_set_holds(default, address):
    default.SOPHIA_GRAPH_URL = address
    Place.note(8001)
    call_command("queue", verbosity=0)
    assert (address, "http://127.0.0.1:8000") == (default.SOPHIA_GRAPH_URL, default.SOPHIA_PUBLIC_URL)
