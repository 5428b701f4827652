"""Personas, and a desk with one client that has an account on each platform, all on the memory platform."""

import os
from contextlib import ExitStack
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client, TransactionTestCase
from django.utils import timezone
from freezegun import freeze_time

from publishing.platforms import memory
from sophia.health import figures
from tests import emptying, make, template
from tests.asgi import asgi_server  # noqa: F401


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Without those of the other database. Those with real processes, which wait a lot, are spread over the first two
    thirds: seldom more than two at a time, and nobody waits for them at the end."""
    config.hook.pytest_deselected(items=[item for item in items if connection.vendor not in databases_of(item)])
    modules = {}
    for item in items:
        if connection.vendor in databases_of(item):
            modules.setdefault(item.path, []).append(item)
    slow = [path for path in modules if path.parent.name in {"crash", "serve"}]
    order = [path for path in modules if path not in slow]
    apart = max(1, len(order) * 2 // 3 // max(1, len(slow)))
    for number, path in enumerate(slow):
        order.insert(number * (apart + 1), path)
    items[:] = [item for path in order for item in modules[path]]


HERE = Path(__file__).parent
SAME_ON_BOTH = {"chaos", "demo", "documents", "dossier", "mutations", "pages", "sandbox", "standin"}
"""Folders whose tests would say the same on PostgreSQL: what their pages ask of it, the tests of each verb ask too, and
tests/members, which walks every address. Those about many at once stay, and those about values that only one of the two
refuses say so themselves: `only_on("sqlite", "postgresql")`."""


def databases_of(item):
    """Without a database, with a SQLite file of their own, in a browser, or in a folder that has nothing to say about
    one, PostgreSQL would be the same once more."""
    if only := item.get_closest_marker("only_on"):
        return set(only.args)
    fixtures = set(getattr(item, "fixturenames", ()))
    without = not (item.get_closest_marker("django_db") or fixtures & {"db", "transactional_db"})
    if without or is_same_on_both(item, fixtures) or "migrated" in fixtures or item.get_closest_marker("browser"):
        return {"sqlite"}
    return {"sqlite", "postgresql"}


def is_same_on_both(item, fixtures):
    marker = item.get_closest_marker("django_db")
    many_at_once = "transactional_db" in fixtures or (marker and marker.kwargs.get("transaction"))
    return item.path.relative_to(HERE).parts[0] in SAME_ON_BOTH and not many_at_once


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI a test that skips itself has failed: nothing may be missing there."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("SOPHIA_NOTHING_SKIPPED"):
        report.outcome = "failed"


@pytest.fixture(scope="session")
def migrated():
    """An empty, migrated SQLite file, to be copied for each desk that runs in processes of its own."""
    return template.sqlite()


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker):
    with django_db_blocker.unblock(), ExitStack() as stack:
        stack.enter_context(template.copied(os.environ.get("PYTEST_XDIST_WORKER", "alone")))
        with django_db_blocker.block():
            yield


@pytest.fixture(scope="session", autouse=True)
def quickly_emptied():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", emptying.empty)
        yield


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def asked_afresh(monkeypatch):
    """What /healthz tells strangers is what is so now, unless the test says how long it is kept."""
    monkeypatch.setattr(figures, "KEPT", 0.0)
    monkeypatch.setattr(figures, "latest", figures.Latest())


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
