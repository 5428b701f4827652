import os
import re
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from sophia import durations

ROOT = Path(__file__).parent.parent
PUBLIC = {
    "DEBUG": "0",
    "SOPHIA_SANDBOX": "0",
    "ALLOWED_HOSTS": "desk.example.com",
    "SECRET_KEY": "421-6cILXqWFg53tFAkO5U8AIzr9dokWfXsQydMOf9D-qhyxs4ZLraPHh59Z",
    "FIELD_ENCRYPTION_KEY": "HULzVUIk25YmzESvOT8THO_gYxzZi7t9Z3ZL9UJSfto=",
}


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    known = {key: value for key, value in os.environ.items() if not key.startswith(("SOPHIA_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=ROOT, env=known | environment, capture_output=True, text=True
    )


@pytest.mark.parametrize(
    ("environment", "sentence"),
    [
        ({"SOPHIA_RETRY_BACKOFF": "2m,soon"}, "SOPHIA_RETRY_BACKOFF: “soon” is not a duration."),
        ({"SOPHIA_LEASE": "-5s"}, "SOPHIA_LEASE: “-5s” is not a duration."),
        ({"SOPHIA_GRAPH_URL": "graph.facebook.com"}, "SOPHIA_GRAPH_URL must start with http"),
        ({"PORT": "http"}, "PORT must be a whole number above zero"),
        ({"DEBUG": "perhaps"}, "DEBUG must be 1 or 0"),
        ({"DATABASE_URL": "a database"}, "DATABASE_URL must look like"),
        ({"FIELD_ENCRYPTION_KEY": "short"}, "FIELD_ENCRYPTION_KEY must hold Fernet keys"),
        ({"SOPHIA_RECONCILE_AFTER": "5m,2m"}, "SOPHIA_RECONCILE_AFTER must grow"),
        ({"SOPHIA_WATCH_AFTER": "1h,5m"}, "SOPHIA_WATCH_AFTER must grow"),
        ({"SOPHIA_STALE_AFTER": "24h,4h"}, "SOPHIA_STALE_AFTER must grow"),
        ({"SOPHIA_GRAPH_VERSION": "x y"}, "SOPHIA_GRAPH_VERSION cannot be “x y”"),
        ({"SOPHIA_PREFLIGHT_AHEAD": "1h,24h"}, "SOPHIA_PREFLIGHT_AHEAD must shrink"),
        ({"SOPHIA_KEEP_CALLS": "24h"}, "SOPHIA_KEEP_CALLS must be 2d or longer"),
        ({"SOPHIA_METRICS_TOKEN": "short"}, "SOPHIA_METRICS_TOKEN cannot be what it is"),
        ({"SOPHIA_PING_URL": "ftp://hunter22"}, "SOPHIA_PING_URL cannot be what it is"),
        ({"SOPHIA_PING_URL": "https://hunter22/x?y"}, "SOPHIA_PING_URL cannot be what it is"),
        ({"SOPHIA_DISK_LOW": "5%"}, "SOPHIA_DISK_LOW must be a whole number"),
        ({"SOPHIA_LOG_FORMAT": "xml"}, "SOPHIA_LOG_FORMAT cannot be “xml”"),
        ({"SENTRY_DSN": "sentry"}, "SENTRY_DSN is not the address of a Sentry project"),
        ({"SOPHIA_APP_ID": "4004"}, "SOPHIA_APP_ID and SOPHIA_APP_SECRET belong together"),
        ({"SOPHIA_MCP_FACEBOOK": "mcp run 'server.py"}, "SOPHIA_MCP_FACEBOOK is no command"),
        ({"SOPHIA_MCP_INSTAGRAM_DIR": "ig-mcp"}, "SOPHIA_MCP_INSTAGRAM_DIR must be a folder's whole path"),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL cannot be “LOUD”"),
        ({"REDIS_URL": "foo://:hunter22@h"}, "REDIS_URL cannot be what it is"),
        ({"DATABASE_URL": "postgres://a:b@c:port/d"}, "DATABASE_URL must look like"),
        ({"SOPHIA_REQUIRE_SECOND_FACTOR": "me"}, "SOPHIA_REQUIRE_SECOND_FACTOR cannot be “me”"),
        ({"SOPHIA_SESSION_IDLE": "8d"}, "no longer than SOPHIA_SESSION_AGE"),
        (PUBLIC | {"SOPHIA_LEASE": "60s"}, "SOPHIA_LEASE must be longer than the 1m"),
        (PUBLIC | {"SECRET_KEY": "short"}, "SECRET_KEY is too weak"),
        (PUBLIC | {"SECRET_KEY": "k3" * 40}, "SECRET_KEY is too weak"),
        (PUBLIC | {"SECRET_KEY": "only-for-tests-" * 4}, "SECRET_KEY is too weak"),
        (PUBLIC | {"FIELD_ENCRYPTION_KEY": "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}, "is a key for tests"),
        (PUBLIC | {"SOPHIA_SANDBOX": "1"}, "never runs with DEBUG=False"),
        (PUBLIC | {"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is empty"),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_sentence(environment, sentence):
    started = start(**environment)
    assert started.returncode == 1
    assert sentence in started.stderr
    assert len(started.stderr.strip().splitlines()) == 1
    assert "hunter22" not in started.stderr


def test_good_settings_start():
    assert start(**PUBLIC).returncode == 0


def test_on_a_public_address_cookies_are_for_this_host_over_https_alone():
    names = "SESSION_COOKIE_NAME CSRF_COOKIE_NAME CSRF_COOKIE_HTTPONLY SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE"
    code = f"from django.conf import settings as s; print(*(getattr(s, name) for name in {names.split()}))"
    known = {key: value for key, value in os.environ.items() if not key.startswith(("SOPHIA_", "DJANGO_"))}
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", code]
    started = subprocess.run(command, cwd=ROOT, env=known | PUBLIC, capture_output=True, text=True, check=True)
    assert started.stdout.split() == ["__Host-session", "__Host-csrf", "True", "True", "True"]


def test_relative_paths_are_the_same_from_any_folder(tmp_path):
    """`serve` may be started from anywhere; what it starts runs in the project's folder."""
    code = "from django.conf import settings as s; print(s.DATABASES['default']['NAME'], s.MEDIA_ROOT)"
    environment = os.environ | {"DATABASE_URL": "sqlite:///some/desk.sqlite3", "SOPHIA_MEDIA": "some/media"}
    command = [sys.executable, str(ROOT / "manage.py"), "shell", "-v0", "-c", code]
    said = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True).stdout
    assert said.split() == [str(ROOT / "some/desk.sqlite3"), str(ROOT / "some/media")]


def test_every_setting_is_explained_in_the_example():
    names = {line.split("=")[0] for line in (ROOT / ".env.example").read_text().splitlines() if line[:1].isupper()}
    source = "".join((ROOT / "sophia" / name).read_text() for name in ("settings.py", "environment.py"))
    assert names == {name for name in names if f'"{name}"' in source}
    asked = {word for word in source.replace("(", '"').split('"') if word.isupper() and word.startswith("SOPHIA_")}
    assert {name for name in asked if f'"{name}"' in source} <= names


def test_what_is_read_beside_the_settings_is_in_the_example_too():
    """By containers, proxies and agents."""
    files = [ROOT / "compose.yaml", *(ROOT / "deploy").iterdir()]
    asked = {name for file in files for name in re.findall(r"\{\$?([A-Z][A-Z_]+):", file.read_text())}
    asked |= {"SOPHIA_TOKEN", "POSTGRES_PASSWORD"}
    assert {"SOPHIA_SITE", "SOPHIA_UPSTREAM"} < asked
    assert asked <= set(re.findall(r"^#? ?([A-Z][A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))


@pytest.mark.parametrize(("text", "seconds"), [("30s", 30), ("2m", 120), ("4h", 14_400), ("7d", 604_800)])
def test_durations_are_read_and_said_alike(text, seconds):
    assert durations.parse(text) == timedelta(seconds=seconds)
    assert durations.say(timedelta(seconds=seconds)) == text


@pytest.mark.parametrize("text", ["", "4", "h", "4 h", "-4h", "4w", "1e9d", "99999999999999d"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError):
        durations.parse(text)
