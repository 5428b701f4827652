"""A desk that is made once for a module and rolled back after it: the database of each test is a savepoint inside.

A module that imports these has the rows in each of its tests, whether they ask for them or not, so that they can run
alone and in any order. Tests with real transactions need a module of their own.
"""

import copy
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone
from freezegun import freeze_time

from publishing.models import SocialAccount
from publishing.platforms import memory
from tests import make

MEMORY = {"facebook": "publishing.platforms.memory.Memory", "instagram": "publishing.platforms.memory.Memory"}


@dataclass
class Once:
    media: Path
    ends_at: datetime = field(default_factory=timezone.now)
    outbox: list[memory.Posted] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    operator: User = field(init=False)
    author: User = field(init=False)
    page: SocialAccount = field(init=False)

    @contextmanager
    def making(self, **settings: Any) -> Iterator[Any]:
        """What is made inside is there for every test. Yields the clock, which goes on where it stands at the end."""
        self.settings |= settings
        memory.clear()
        given = {"MEDIA_ROOT": self.media, "SOPHIA_PLATFORMS": MEMORY} | settings
        with override_settings(**given), freeze_time(timezone.now()) as clock:
            yield clock
            self.ends_at = timezone.now()
        self.outbox = copy.deepcopy(memory.outbox)
        memory.clear()

    def staff(self) -> None:
        """An operator, an author and a page, which the tests get by their usual names."""
        self.operator = make.person("olga", "operator", is_staff=True)
        self.author = make.person("anna", "author")
        self.page = make.account("facebook", "1001")

    def lay_out(self, settings: Any) -> None:
        """The files, what is public and the settings, as they were when all was made."""
        shutil.copytree(self.media, settings.MEDIA_ROOT, dirs_exist_ok=True)
        memory.outbox.extend(copy.deepcopy(self.outbox))
        for name, value in self.settings.items():
            setattr(settings, name, value)


def as_of_a_test(atomic: transaction.Atomic) -> transaction.Atomic:
    """As Django marks its own: what is durable may begin inside."""
    atomic._from_testcase = True
    return atomic


@pytest.fixture(scope="module")
def once(django_db_setup, django_db_blocker, tmp_path_factory):
    with django_db_blocker.unblock():
        assert not connection.in_atomic_block, "A test began before what is made once for its module."
        with as_of_a_test(transaction.atomic()):
            made = Once(tmp_path_factory.mktemp("once"))
            yield made
            transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def laid_out(once, db, media, outbox, settings):
    once.lay_out(settings)


@pytest.fixture
def clock(once):
    """Stands where it stood when all was made, however long the tests before took."""
    with freeze_time(once.ends_at) as frozen:
        yield frozen


@pytest.fixture
def operator(db):
    return User.objects.get(username="olga")


@pytest.fixture
def author(db):
    return User.objects.get(username="anna")


@pytest.fixture
def page(db):
    return SocialAccount.objects.get(platform="facebook", external_id="1001")
