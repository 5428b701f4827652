from argparse import ArgumentParser
from typing import Any

from publishing.models import Relook, SocialAccount
from sophia.command import DeskCommand, person


class Command(DeskCommand):
    help = (
        "Says that a person has looked at what an account posted after the backup that was restored, where Sophia "
        "cannot. Then its publications may go out again."
    )

    def add_own_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("account", metavar="ACCOUNT", help="Such as facebook:1001.")
        parser.add_argument("--by", required=True, metavar="USER", help="Who has looked.")

    def handle(self, *args: Any, **options: Any) -> None:
        account = SocialAccount.objects.named(options["account"])
        Relook.objects.waive(account, by=person(options["by"]))
        self.answer(options, {"account": account.label, "looked": True}, [f"{account} may post again."])
