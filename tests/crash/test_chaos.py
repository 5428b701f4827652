"""A short storm: the long ones are blown by `bin/chaos`."""

import pytest
from django.db import connection

from tests.chaos.__main__ import run

pytestmark = [pytest.mark.crash, pytest.mark.only_on("sqlite", "postgresql")]  # It starts a database of its own.


def test_a_storm_leaves_every_post_out_once_or_told():
    """On PostgreSQL the database is stopped hard and started again as well."""
    database = "postgres" if connection.vendor == "postgresql" else ""
    found = run(posts=25, seconds=10, seed=7, groups=2, database=database, settle_within=400)
    assert (found["duplicates"], found["lost"], found["unapproved"], found["mistaken"]) == (0, 0, 0, 0), found
    assert found["asked_a_person"]["two_step"] == 0, found
    assert set(found["ends"]) <= {"published", "failed"}, found
