from typing import Any

from django.conf import settings
from django.core.management.base import CommandError

from approval.models import Draft
from sophia.command import DeskCommand
from sophia.demo.traces import PASSWORD, PEOPLE


class Command(DeskCommand):
    help = "Fills the desk with four clients, their accounts on the sandbox, and drafts. Twice is the same as once."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.SOPHIA_SANDBOX:
            raise CommandError(
                "The demo needs the sandbox: set SOPHIA_SANDBOX=1 in .env. It is never for real accounts."
            )
        # The models of the sandbox exist only while it is on.
        from sophia.demo.seed import Seeder

        new = Seeder().seed()
        site = settings.SOPHIA_PUBLIC_URL
        demo = Draft.objects.filter(source="demo").count()
        document = {"desk": f"{site}/", "wall": f"{site}/wall/", "users": PEOPLE, "drafts": demo, "new": new}
        lines = [
            f"{demo} demo drafts, {new} of them new.",
            f"  {site}/        the desk",
            f"  {site}/wall/   what followers see",
            f"  Sign in as {', '.join(f'{name} ({role})' for name, role in PEOPLE.items())}; password: {PASSWORD}",
        ]
        self.answer(options, document, lines)
