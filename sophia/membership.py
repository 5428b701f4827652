"""Who works for which clients, and the one rule of who sees what of them. Whoever has no row here works for all."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, User
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone

from sophia import security
from sophia.dated import DatedQuerySet, Row
from sophia.refusals import NotAllowed

Person = AbstractBaseUser | AnonymousUser
KEPT = "_works_for"


def works_for(person: Person) -> frozenset[int] | None:
    """The ids of their clients, or None for all. Read once for each User object, as Django reads permissions."""
    if getattr(person, "is_superuser", False):
        return None
    if not hasattr(person, KEPT):
        setattr(person, KEPT, read(person))
    found: frozenset[int] | None = getattr(person, KEPT)
    return found


def read(person: Person) -> frozenset[int] | None:
    """One query. A restricted person without clients is one row without a client."""
    if not person.is_authenticated:
        return frozenset()
    rows = list(Membership.objects.filter(person=person.pk, all_clients=False).values_list("clients", flat=True))
    return frozenset(pk for pk in rows if pk is not None) if rows else None


def sees(person: Person, client: int | None) -> bool:
    """What concerns no one client, or several, is for everybody."""
    clients = works_for(person)
    return client is None or clients is None or client in clients


class Visible(DatedQuerySet[Row]):
    """Rows that belong to a client. `whose` is the path from a row to it."""

    whose = "client"

    def visible_to(self, person: Person) -> Self:
        """Those of the clients for which this person works. The same query as ever for somebody who works for all."""
        return self.for_clients(works_for(person))

    def for_clients(self, clients: frozenset[int] | None) -> Self:
        """Those of these clients. None: of all."""
        return self if clients is None else self.filter(self.of_clients(clients))

    def of_clients(self, clients: Collection[int]) -> Q:
        return Q(**{f"{self.whose}__in": clients})


class MembershipQuerySet(models.QuerySet["Membership"]):
    def assign(self, person: User, *, by: User, clients: Iterable[Any] | None) -> None:
        """From now on `person` works for these clients, which may be none at all. None: for all, also those to come."""
        if not (by.is_active and by.is_superuser):
            raise NotAllowed(f"{by.get_username()} may not say who works for which clients. Ask an administrator.")
        chosen = sorted(clients or (), key=str)
        with transaction.atomic():
            row, _ = self.update_or_create(person=person, defaults={"all_clients": clients is None})
            row.clients.set(chosen)
            names = [str(client) for client in chosen]
            said = Assignment.objects.create(person=person, by=by, all_clients=clients is None, clients=names).said
            security.note(security.Kind.MEMBERSHIP, by=by, about=person, said=f"Works for {said}.")
        person.__dict__.pop(KEPT, None)


class Membership(models.Model):
    """For which clients a person works."""

    person = models.OneToOneField(User, models.CASCADE, related_name="membership")
    all_clients = models.BooleanField(default=True, help_text="Also those to come. Off: only the clients chosen here.")
    clients = models.ManyToManyField("publishing.Client", blank=True, related_name="+")

    objects = MembershipQuerySet.as_manager()

    if TYPE_CHECKING:
        person_id: int

    def __str__(self) -> str:
        return f"{self.person} works for {'all clients' if self.all_clients else 'some clients'}"


class Assignment(models.Model):
    """Who said when for which clients a person works. Never changed, never deleted."""

    person = models.ForeignKey(User, models.PROTECT, related_name="assignments")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    all_clients = models.BooleanField()
    clients = models.JSONField(default=list, help_text="Their names then.")

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.person} works for {self.said}, says {self.by}"

    @property
    def said(self) -> str:
        return "all clients" if self.all_clients else ", ".join(self.clients) or "no client"
