"""What every worker will need is there before the cluster forks, and is shared."""

import subprocess
import sys

import pytest
from django.conf import settings

pytestmark = pytest.mark.crash

BIRTH = """
import gc, sys
sys.argv = ["manage.py", "qcluster"]
import django
django.setup()
from django.db import connection
from django.urls import reverse
before = set(sys.modules)
reverse("approval:review")
from sophia.health import examination
from django.utils import timezone
print(connection.connection is None)
examination.glance(timezone.now())
print(gc.get_freeze_count() > 100_000, sorted(set(sys.modules) - before))
"""


def born(environment, queue):
    named = environment | {"SOPHIA_CLUSTER": "x", "Q_CLUSTER_NAME": queue, "DJANGO_SETTINGS_MODULE": "sophia.settings"}
    command = [sys.executable, "-c", BIRTH]
    return subprocess.run(command, env=named, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=120)


def test_a_worker_that_publishes_loads_nothing_more_for_its_first_post(environment):
    answer = born(environment, "publish")
    assert answer.stdout == "True\nTrue []\n", answer.stderr


def test_workers_start_without_a_database_too(environment, tmp_path):
    away = environment | {"DATABASE_URL": f"sqlite:///{tmp_path / 'nowhere' / 'x.sqlite3'}"}
    assert born(away, "publish").stdout == "True\n"
