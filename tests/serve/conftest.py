import os

import pytest

from tests.serve.served import Served


@pytest.fixture
def environment(migrated, tmp_path):
    """What the processes are started with: nothing of the developer's own database."""
    path = tmp_path / "db.sqlite3"
    path.write_bytes(migrated.read_bytes())
    return os.environ | {
        "DATABASE_URL": f"sqlite:///{path}",
        "SOPHIA_MEDIA": str(tmp_path / "media"),
        "DEBUG": "1",
        "DJANGO_SETTINGS_MODULE": "tests.serve.settings",
        "SOPHIA_FROZEN_AFTER": "15s",
    }


@pytest.fixture
def serve(environment, tmp_path):
    served = Served(environment, tmp_path / "serve.log")
    yield served
    served.clean_up()
