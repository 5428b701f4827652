"""The settings of commands that tests start as processes of their own: on the memory platform."""

from tests.settings import *  # noqa: F403

SOPHIA_PLATFORMS = dict.fromkeys(["facebook", "instagram"], "publishing.platforms.memory.Memory")
