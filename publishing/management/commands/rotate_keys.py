from typing import Any

from django.core.management.base import CommandError

from publishing.models import Publication, Witness, heads
from sophia import canary, keys
from sophia.command import DeskCommand
from sophia.refusals import Refused


class Command(DeskCommand):
    help = (
        "After a new first key: encrypts every token and every address for notices with it, and seals every "
        "publication with it, so that the old keys can go. What does not fit under any key is named and left as it "
        "is, with exit code 1."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        encrypted, refused = keys.encrypt_again()
        sealed = 0
        for publication in Publication.objects.order_by("pk").iterator(chunk_size=500):
            try:
                publication.renew_seal()
                sealed += 1
            except Refused as because:
                refused.append(str(because))
        refused += [*Witness.objects.renew_seals(), *heads.renew_seal()]
        if not refused:
            canary.renew()
        lines = [f"Encrypted {encrypted} secrets and sealed {sealed} publications with the first keys.", *refused]
        self.answer(options, {"encrypted": encrypted, "sealed": sealed, "refused": refused}, lines)
        if refused:
            raise CommandError(f"{len(refused)} were left as they are. Keep the old keys until none is.")
