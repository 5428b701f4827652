import os
import sys

from django.apps import AppConfig


class SophiaConfig(AppConfig):
    name = "sophia"
    verbose_name = "Sophia"

    def ready(self) -> None:
        from sophia import heartbeat  # noqa: F401  connects the receiver that notes finished jobs
        from sophia.supervisor import forks_die_with_parent

        if "SOPHIA_CLUSTER" in os.environ and sys.argv[1:2] == ["qcluster"]:
            forks_die_with_parent()
