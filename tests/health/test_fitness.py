"""What a public desk refuses to start with, once the database is asked."""

import socket
from datetime import timedelta

import pytest
from django.core.management import CommandError
from django.db import connection
from django.utils import timezone

from sophia import fitness
from sophia.management.commands.serve import check_fitness
from sophia.models import Heartbeat
from sophia.programs import cluster


@pytest.fixture
def public(db, settings):
    settings.DEBUG = False
    settings.SOPHIA_PUBLIC_URL = "https://desk.example.com"
    return settings


def test_a_public_desk_starts(public, instagram):
    check_fitness()


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8000", "http://localhost", "https://10.0.0.4", "http://desk", "http://sophia.local"]
)
def test_instagram_needs_an_address_that_the_internet_reaches(public, instagram, address):
    public.SOPHIA_PUBLIC_URL = address
    with pytest.raises(CommandError, match=r"Instagram fetches images from SOPHIA_PUBLIC_URL.*Set it to"):
        check_fitness()


def test_without_instagram_no_public_address_is_needed(public, page):
    public.SOPHIA_PUBLIC_URL = "http://127.0.0.1:8000"
    check_fitness()


def test_while_developing_any_address_will_do(public, instagram):
    public.DEBUG, public.SOPHIA_PUBLIC_URL = True, "http://127.0.0.1:8000"
    check_fitness()


def test_a_second_machine_needs_postgresql(public):
    Heartbeat.note("other-machine-4711-0badcafe publish", timedelta())
    found = list(fitness.unfit(timezone.now()))
    assert len(found) == (connection.vendor == "sqlite")
    assert all("The machine other-machine works on this database too. SQLite serves one" in said for said in found)


def test_this_machine_knows_its_own_heartbeat(public):
    child = cluster("publish", {})
    assert fitness.machine_of(child.environment["SOPHIA_CLUSTER"]) == socket.gethostname()[:100]


def test_a_network_drive_is_recognised(tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nserver:/desk {tmp_path} nfs4 rw 0 0\n")
    assert fitness.filesystem_of(tmp_path / "db.sqlite3", mounts) == "nfs4"
    assert fitness.filesystem_of(tmp_path.parent / "db.sqlite3", mounts) == "ext4"
