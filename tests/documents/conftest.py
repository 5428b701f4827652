import os

import pytest

from tests.documents.desk import DemoDesk


@pytest.fixture(scope="session")
def demo(migrated, tmp_path_factory):
    """Seeded and started once, for all documents: each document uses posts of its own."""
    folder = tmp_path_factory.mktemp("demo")
    path = folder / "db.sqlite3"
    path.write_bytes(migrated.read_bytes())
    media = {"SOPHIA_MEDIA": str(folder / "media")}
    desk = DemoDesk(os.environ | {"DATABASE_URL": f"sqlite:///{path}"} | media, folder)
    try:
        yield desk.start()
    finally:
        desk.clean_up()
