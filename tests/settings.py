"""The settings of the tests: the project's own, with the environment of this file instead of `.env`."""

import os
import tempfile

os.environ.update(
    DEBUG="1",
    SECRET_KEY="only-for-tests-only-for-tests-only-for-tests-only-for-tests",
    FIELD_ENCRYPTION_KEY="MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=",
    SOPHIA_SANDBOX=os.environ.get("SOPHIA_SANDBOX", "1"),
    SOPHIA_GRAPH_URL="http://127.0.0.1:9/never",
    SOPHIA_PUBLIC_URL="http://testserver",
    SOPHIA_CHECK_LINKS="0",
    SENTRY_DSN="",
    # Tests move their clock by days while somebody is signed in. Those about it say what holds.
    SOPHIA_SESSION_IDLE="30d",
    SOPHIA_SESSION_AGE="90d",
    SOPHIA_CONFIRM_AFTER="30d",
)
os.environ.setdefault("DATABASE_URL", "")
os.environ.setdefault("SOPHIA_MEDIA", tempfile.mkdtemp(prefix="sophia-test-media-"))

from sophia.settings import *  # noqa: F403

# A file: in memory, two threads of one process stand in each other's way.
DATABASES["default"]["TEST"] = {"NAME": f"{tempfile.mkdtemp(prefix='sophia-test-')}/test.sqlite3"}  # noqa: F405
if DATABASES["default"]["ENGINE"] != "django.db.backends.sqlite3":  # noqa: F405
    del DATABASES["default"]["TEST"]  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
