"""Whose account it is. To give it to another client is an act of its own: what is queued and paused goes with it."""

from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.db import models, transaction
from django.urls import reverse

from publishing.models.client import Client
from publishing.models.states import State
from sophia.notifications.announce import announce
from sophia.refusals import NotAllowed, Refused

if TYPE_CHECKING:
    from publishing.models.queue import PublicationQuerySet


class Belonging(models.Model):
    """The part of SocialAccount that belongs to a client."""

    client = models.ForeignKey(Client, models.PROTECT, related_name="accounts")

    class Meta:
        abstract = True

    if TYPE_CHECKING:

        @property
        def publications(self) -> PublicationQuerySet: ...
        def say(self, kind: str, sentence: str, *, urgent: bool = False) -> None: ...

    def require_home(self) -> None:
        """Refused where it belongs to another client than the one it would be connected for."""
        owner = Client.objects.filter(accounts=self.pk).first() if self.pk else None
        if owner and owner != self.client:
            raise Refused(f"{self} belongs to {owner}: {self.what_moves(owner)} To move it is an act of its own.")

    def what_moves(self, owner: Client) -> str:
        """What is queued and paused there, as sentences."""
        queued = self.publications.filter(state=State.QUEUED).count()
        pauses = [f"{owner} is paused by {pause.started_by}: {pause.reason}" for pause in self.pauses_of(owner)]
        posts = "1 post of it is" if queued == 1 else f"{queued} posts of it are"
        return " ".join([f"{posts} queued.", *pauses])

    def pauses_of(self, owner: Client) -> list[Any]:
        rows = self._meta.apps.get_model("publishing", "Pause").objects.in_force()
        return list(rows.filter(client=owner).select_related("started_by"))

    def move_to(self, client: Client, *, by: User | None = None) -> tuple[str, ...]:
        """With what is queued. Where its client was paused, it stays paused by itself: nothing goes out because of the
        move, until somebody resumes it. Without `by` from the command line. Returns what to know, as sentences."""
        if by and not by.is_superuser:
            raise NotAllowed(f"{by.get_username()} may not move an account to another client. Ask an administrator.")
        client.full_clean()
        with transaction.atomic():
            owner = type(self).objects.locked(self.pk).client  # type: ignore[attr-defined]
            client.save(update_fields=["timezone"] if client.pk else None)
            told = [f"Moved here from {owner}.", self.what_moves(owner)]
            queued = self.publications.filter(state=State.QUEUED).count()
            kept = [pause.go_along(self) for pause in self.pauses_of(owner)]
            self.client = client
            self.save(update_fields=["client"])
            if kept:
                told.append("It stays paused: resume it when its posts may go out.")
            self.say("account.moved", f"{self} belonged to {owner} and belongs to {client} now. {' '.join(told[1:])}")
            went = "1 queued post" if queued == 1 else f"{queued} queued posts"
            left = f"{self} was given to another client. {went} went with it."
            announce("account.moved", left, link=reverse("publishing:queue"), client=owner.pk)
        return tuple(told)
