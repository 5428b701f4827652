from argparse import ArgumentParser
from typing import Any

from sophia.command import DeskCommand
from sophia.notifications.announce import announce


class Command(DeskCommand):
    help = "Tells the people of the desk, urgently, that a unit of systemd has failed (deploy/sophia-failed@.service)."

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("unit", metavar="UNIT", help="Its name, such as sophia-backup.")

    def handle(self, *args: Any, **options: Any) -> None:
        unit = options["unit"]
        where = f"journalctl -u {unit}, or docker compose logs {unit}"
        said = f"“{unit}” has failed on the machine of Sophia. Its log says why ({where})."
        announce("health.finding", said, link="/health/", urgent=True)
        self.answer(options, {"told": said}, [said])
