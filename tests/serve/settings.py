"""The settings of processes that tests start, whose workers also run two functions that say how long a job takes."""

from tests.settings import *  # noqa: F403

SOPHIA_JOBS = SOPHIA_JOBS | {"builtins.abs", "time.sleep"}  # noqa: F405
