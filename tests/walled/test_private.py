"""What is written is for the user that Sophia runs as."""

import os
import stat
from types import SimpleNamespace

import pytest
from django.utils import timezone

from sophia import private
from sophia.health import house
from tests import make

pytestmark = pytest.mark.django_db


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def files(tmp_path, monkeypatch):
    """A database and a media folder as an earlier version left them."""
    database = tmp_path / "desk.sqlite3"
    database.touch()
    database.chmod(0o644)
    folder = tmp_path / "media"
    folder.mkdir()
    folder.chmod(0o755)
    known = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(database)}}
    monkeypatch.setattr(private, "settings", SimpleNamespace(DATABASES=known, MEDIA_ROOT=folder))
    return database, folder


def test_what_was_left_open_is_shut_and_told_until_then(files):
    assert len(list(house.open_to_others(timezone.now()))) == 2
    private.shut()
    assert [mode(path) for path in files] == [0o600, 0o700]
    assert not list(house.open_to_others(timezone.now()))


def test_new_files_are_for_nobody_else(tmp_path):
    before = os.umask(0o022)
    try:
        private.begin()
        (tmp_path / "file").touch()
        (tmp_path / "folder").mkdir()
    finally:
        os.umask(before)
    assert [mode(tmp_path / name) for name in ("file", "folder")] == [0o600, 0o700]


def test_an_image_is_for_nobody_else():
    assert mode(make.image().path) == 0o600


@pytest.mark.parametrize(("started", "told"), [("/opt/ig-mcp/run", 1), ("sudo -u mcp /opt/ig-mcp/run", 0), ("", 0)])
def test_a_server_that_could_read_the_database_is_told(settings, started, told):
    settings.SOPHIA_MCP = {"facebook": "", "instagram": started.split()}
    assert len(list(house.servers_beside(timezone.now()))) == told
