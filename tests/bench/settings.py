"""The project's settings, with an app that counts SQL statements."""

from sophia.settings import *  # noqa: F403

INSTALLED_APPS = [*INSTALLED_APPS, "tests.bench.counting.Counting"]  # noqa: F405
