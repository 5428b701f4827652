"""Personas, and a desk with one client that has an account on each platform, all on the memory platform."""

import os

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client, TransactionTestCase
from django.utils import timezone
from freezegun import freeze_time

from publishing.platforms import memory
from tests import emptying, make
from tests.asgi import asgi_server  # noqa: F401
from tests.serve.served import run


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """First those with real processes, which wait a lot: nobody waits for them at the end. Without those of the other
    database."""
    items.sort(key=lambda item: "crash" not in item.nodeid and "serve" not in item.nodeid)
    config.hook.pytest_deselected(items=[item for item in items if connection.vendor not in databases_of(item)])
    items[:] = [item for item in items if connection.vendor in databases_of(item)]


def databases_of(item):
    """Without a database, with a SQLite file of their own, or in a browser, PostgreSQL would be the same once more."""
    if only := item.get_closest_marker("only_on"):
        return set(only.args)
    fixtures = set(getattr(item, "fixturenames", ()))
    without = not (item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db"})
    if without or "migrated" in fixtures or item.get_closest_marker("browser"):
        return {"sqlite"}
    return {"sqlite", "postgresql"}


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI a test that skips itself has failed: nothing may be missing there."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("SOPHIA_NOTHING_SKIPPED"):
        report.outcome = "failed"


@pytest.fixture(scope="session")
def migrated(tmp_path_factory):
    """An empty, migrated SQLite file, to be copied for each desk that runs in processes of its own."""
    path = tmp_path_factory.mktemp("migrated") / "db.sqlite3"
    answer = run(os.environ | {"DATABASE_URL": f"sqlite:///{path}"}, "migrate", "-v0")
    assert answer.returncode == 0, answer.stderr
    return path


@pytest.fixture(scope="session", autouse=True)
def quickly_emptied():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", emptying.empty)
        yield


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def outbox(settings):
    """Every test publishes to memory unless it says `settings.SOPHIA_PLATFORMS` itself."""
    memory.clear()
    settings.SOPHIA_PLATFORMS = dict.fromkeys(["facebook", "instagram"], "publishing.platforms.memory.Memory")
    yield memory.outbox
    memory.clear()


@pytest.fixture
def clock():
    """Time stands still and moves when the test says so. Never together with the server fixture."""
    with freeze_time(timezone.now()) as frozen:
        yield frozen


@pytest.fixture
def operator(db) -> User:
    return make.person("olga", "operator", is_staff=True)


@pytest.fixture
def second_operator(db) -> User:
    return make.person("oskar", "operator", is_staff=True)


@pytest.fixture
def boss(db):
    return make.person("boss", is_staff=True, is_superuser=True)


@pytest.fixture
def author(db) -> User:
    return make.person("anna", "author")


@pytest.fixture
def viewer(db) -> User:
    return make.person("vera", "viewer", is_staff=True)


@pytest.fixture
def stranger(db) -> User:
    """Signed in, without any role."""
    return make.person("sam")


@pytest.fixture
def signed_in():
    """Signs a person in on a browser of their own."""

    def sign_in(person):
        client = Client()
        client.force_login(person)
        return client

    return sign_in


@pytest.fixture
def desk(signed_in, operator):
    """The operator's browser."""
    return signed_in(operator)


@pytest.fixture
def page(db):
    return make.account("facebook", "1001")


@pytest.fixture
def instagram(db):
    return make.account("instagram", "17841400000000001")


@pytest.fixture
def draft(page, author):
    """In review."""
    return make.draft(page, author)


@pytest.fixture
def publication(draft, operator):
    """Approved, and due now."""
    return make.approved(draft, operator)
