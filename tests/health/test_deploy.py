"""The files for systemd and Docker, read as these read them."""

import re

import pytest
import yaml
from django.conf import settings

from publishing.images import MAX_UPLOAD
from sophia.heavy import LARGEST_UPLOAD
from sophia.notifications.models import Notice
from tests.commands.conftest import command  # noqa: F401

DEPLOY = settings.BASE_DIR / "deploy"
UNITS = sorted(DEPLOY.glob("*.service"))


def lines(unit):
    return [line for line in unit.read_text().splitlines() if re.match(r"\w+=", line)]


def hardening(unit):
    named = r"(NoNew|Private|Protect|Restrict|Lock)\w+=(?!.*always|[0-9])"
    return {line for line in lines(unit) if re.match(named, line)}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_each_unit_is_held_as_tightly_as_the_pages(unit):
    assert hardening(unit) == hardening(DEPLOY / "sophia-web.service") != set()
    assert any(line.startswith("ReadWritePaths=") for line in lines(unit))


def test_a_backup_that_fails_is_told(db, command):  # noqa: F811
    assert "OnFailure=sophia-failed@%N.service" in lines(DEPLOY / "sophia-backup.service")
    (tells,) = [line for line in lines(DEPLOY / "sophia-failed@.service") if line.startswith("ExecStart=")]
    name, unit = tells.split()[-2:]
    assert (unit, command(name, "sophia-backup").code) == ("%i", 0)
    notice = Notice.objects.get()
    assert notice.urgent
    assert "(journalctl -u sophia-backup, or docker compose logs sophia-backup)" in notice.sentence


def test_containers_are_backed_up_and_their_health_is_asked():
    services = yaml.safe_load((settings.BASE_DIR / "compose.yaml").read_text())["services"]
    backup = services["backup"]["command"][0]
    assert backup.index("manage.py backup") < backup.index("sleep")
    assert '.lstrip(".")' in services["web"]["healthcheck"]["test"][-1]
    assert "/healthz" in services["web"]["healthcheck"]["test"][-1]
    compile(services["web"]["healthcheck"]["test"][-1], "healthcheck", "exec")


@pytest.mark.parametrize(
    ("proxy", "limit"), [("nginx.conf", r"client_max_body_size (\d+)m;"), ("Caddyfile", r"max_size (\d+)MiB")]
)
def test_a_proxy_lets_through_what_the_desk_takes_and_says(proxy, limit):
    megabytes = int(re.search(limit, (DEPLOY / proxy).read_text())[1])
    assert megabytes * 2**20 == LARGEST_UPLOAD
    each = MAX_UPLOAD // 2**20
    page = (settings.BASE_DIR / "templates/approval/batches/upload.html").read_text()
    assert f"{megabytes} MB at once; {each} MB each" in page
    words = " ".join((settings.BASE_DIR / "docs/operating.md").read_text().split())
    assert f"{each} MB for an image, {megabytes} MB for a form with all its files" in words
