import os

import pytest

from tests.crash.desk import Desk
from tests.serve.conftest import environment  # noqa: F401


@pytest.fixture(scope="module")
def running(migrated, tmp_path_factory):
    """A whole Sophia with its sandbox, on loopback, with short waits. One for all tests here: starting it is slow."""
    folder = tmp_path_factory.mktemp("desk")
    path = folder / "db.sqlite3"
    path.write_bytes(migrated.read_bytes())
    desk = Desk(os.environ | {"DATABASE_URL": f"sqlite:///{path}", "DEBUG": "1", "SOPHIA_FROZEN_AFTER": "75s"}, folder)
    try:
        yield desk.start()
    finally:
        desk.clean_up()


@pytest.fixture
def desk(running):
    yield running
    running.clear_faults()
