from collections.abc import Collection, Iterable
from functools import partial

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q

from sophia import live
from sophia.membership import Visible
from sophia.notifications.kinds import BY_NAME, PERSONAL, WORTH
from sophia.notifications.models.reading import Reading


class NoticeQuerySet(Visible["Notice"]):
    def of_clients(self, clients: Collection[int]) -> Q:
        return Q(client=None) | Q(client__in=clients)

    def worth(self, person: User) -> "NoticeQuerySet":
        """What this person wants to know without asking."""
        theirs = Notice.meant_for.through.objects.filter(notice=OuterRef("pk"), user=person.pk)
        return self.filter(Q(urgent=True) | Q(kind__in=WORTH) | Q(Exists(theirs), kind__in=PERSONAL))

    def unread_by(self, person: User) -> "NoticeQuerySet":
        """Worth knowing, and later than what this person has read, or than their arrival."""
        reading = Reading.objects.filter(person=person).first()
        later = Q(pk__gt=reading.up_to) if reading else Q(created_at__gt=person.date_joined)
        return self.visible_to(person).worth(person).filter(later)

    def read(self, *, by: User, up_to: int) -> None:
        """All up to this number. Never back: of two tabs the one that is further wins."""
        reading, _ = Reading.objects.get_or_create(person=by)
        newest = self.order_by("-pk").values_list("pk", flat=True).first() or 0
        Reading.objects.filter(pk=reading.pk, up_to__lt=up_to).update(up_to=min(up_to, newest))

    def tell(
        self,
        kind: str,
        sentence: str,
        *,
        link: str = "",
        urgent: bool = False,
        client: int | None = None,
        meant_for: Iterable[User] = (),
    ) -> None:
        """Writes it, and what is to be delivered of it, in the caller's transaction. Open pages hear it after that."""
        notice = self.create(kind=BY_NAME[kind].name, sentence=sentence, link=link, urgent=urgent, client_id=client)
        if people := set(meant_for):
            notice.meant_for.set(people)
        self.model._meta.apps.get_model("notifications", "Subscription").objects.fan_out(notice)
        event = {"notice": notice.pk, "kind": kind, "sentence": sentence, "link": link, "urgent": urgent}
        transaction.on_commit(partial(live.publish, "desk", kind, event | {"client": client}), robust=True)


class Notice(models.Model):
    """Something worth telling. Written in the transaction of the fact it tells, so neither exists without the other."""

    kind = models.CharField(max_length=50, db_index=True, help_text="One of kinds.py, such as publication.published.")
    sentence = models.TextField()
    link = models.CharField(max_length=200, blank=True)
    urgent = models.BooleanField(default=False)
    client = models.ForeignKey(
        "publishing.Client", models.CASCADE, null=True, blank=True, related_name="+", help_text="Empty: about all."
    )
    meant_for = models.ManyToManyField(
        User, blank=True, related_name="+", help_text="Whom it is worth it for, where its kind is a personal one."
    )
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.sentence
