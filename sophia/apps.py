import gc
import os
import sys
from importlib import import_module

from django.apps import AppConfig
from django.conf import settings


class SophiaConfig(AppConfig):
    name = "sophia"
    verbose_name = "Sophia"

    def ready(self) -> None:
        # The first registers what `check` asks, the second connects the receiver that notes finished jobs.
        from sophia import checks, heartbeat, private  # noqa: F401
        from sophia.broker import wall_in
        from sophia.starting import require_fitness
        from sophia.supervisor import forks_die_with_parent

        private.begin()
        wall_in()
        if sys.argv[1:2] == ["qcluster"]:
            require_fitness()
        if "SOPHIA_CLUSTER" in os.environ and sys.argv[1:2] == ["qcluster"]:
            forks_die_with_parent()
            share_memory(os.environ.get("Q_CLUSTER_NAME", ""))


def share_memory(queue: str) -> None:
    """Before a cluster forks: what every worker will need is loaded once, and no collector copies it by touching it."""
    from sophia.alarms import NOTICES
    from sophia.starting import warm_up

    for path in needed_by(queue):
        import_module(path)
    if queue != NOTICES:
        warm_up()
    gc.collect()
    gc.freeze()


def needed_by(queue: str) -> tuple[str, ...]:
    from sophia.alarms import NOTICES

    if queue == NOTICES:
        return ("sophia.notifications.tasks", "sophia.notifications.channels")
    return ("publishing.tasks", *(path.rpartition(".")[0] for path in settings.SOPHIA_PLATFORMS.values()))
