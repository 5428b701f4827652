"""For the process of `manage.py mcp`: the test database itself, and everything that is logged on stdout."""

import os

from tests.settings import *  # noqa: F403

DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]  # noqa: F405
SOPHIA_PLATFORMS = dict.fromkeys(["facebook", "instagram"], "publishing.platforms.memory.Memory")
LOGGING["handlers"]["console"]["stream"] = "ext://sys.stdout"  # noqa: F405
LOGGING["root"]["level"] = "DEBUG"  # noqa: F405
