from collections.abc import Collection, Iterable
from functools import partial
from typing import Any, Self

from django.contrib.auth.models import User
from django.db import models, transaction
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from encrypted_model_fields.fields import EncryptedTextField

from sophia import people, security
from sophia.alarms import ALARM_WINDOW, NOTICES, set_alarm
from sophia.membership import Person, Visible, works_for
from sophia.notifications import wording
from sophia.notifications.kinds import BY_NAME, PERSONAL, WORTH
from sophia.notifications.models.delivery import Delivery
from sophia.notifications.models.notice import Notice
from sophia.notifications.models.receiving import may_hear_of, require_theirs
from sophia.notifications.models.sending import Sending, channels
from sophia.notifications.models.timing import is_timezone
from sophia.refusals import NotAcceptable, NotAllowed, Refused, WrongState

BROKEN = "subscription.broken"


class SubscriptionQuerySet(Visible["Subscription"]):
    def visible_to(self, person: Person) -> Self:
        """Their own, and those that tell of nothing but their clients."""
        clients = works_for(person)
        if clients is None:
            return self
        chosen = Subscription.clients.through.objects.filter(subscription=OuterRef("pk"))
        theirs = Exists(chosen) & ~Exists(chosen.exclude(client__in=clients))
        return self.filter(Q(person=person.pk) | Q(theirs))

    def subscribe(self, *, by: User, url: str, clients: Iterable[Any] = (), **details: Any) -> "Subscription":
        """NotAcceptable, with a sentence, for an address that Sophia does not send to."""
        clients = list(clients)
        require_theirs(by, clients, details.get("person"))
        made = Subscription(created_by=by, url=url, hint=channels().examine(url), **details)
        made.check_choices()
        with transaction.atomic():
            made.save()
            made.clients.set(clients)
            made.note(by, "Made.")
        return made

    def for_lists(self, person: Person) -> "SubscriptionQuerySet":
        """With what the pages show this person of each, and without its address."""
        clients: Any = Subscription._meta.get_field("clients").related_model
        rows = self.annotate(given_up=count_of(Delivery.State.GIVEN_UP), waiting=count_of(Delivery.State.WAITING))
        rows = rows.annotate(chose=Exists(Subscription.clients.through.objects.filter(subscription=OuterRef("pk"))))
        rows = rows.select_related("person", "created_by", "off_by")
        return rows.prefetch_related(Prefetch("clients", clients.objects.visible_to(person))).defer("url")

    def active(self) -> "SubscriptionQuerySet":
        return self.filter(Q(person=None) | Q(person__is_active=True), off_since=None)

    def hearing_what_is_urgent(self) -> "SubscriptionQuerySet":
        """Of everything. Those that chose their kinds one by one hear of some."""
        return self.active().filter(broken_since=None).exclude(preset=Subscription.Preset.CHOSEN).order_by()

    def broken(self) -> "SubscriptionQuerySet":
        return self.active().exclude(broken_since=None).defer("url")

    def with_something_waiting(self) -> "SubscriptionQuerySet":
        waiting = Delivery.objects.waiting().filter(subscription=OuterRef("pk"))
        return self.active().filter(Exists(waiting), broken_since=None).defer("url")

    def about(self, client: int | None) -> "SubscriptionQuerySet":
        """Those that asked for this client, or for all. What is about all clients reaches everybody."""
        if client is None:
            return self
        chosen = Subscription.clients.through.objects.filter(subscription=OuterRef("pk"))
        return self.filter(may_hear_of(client), ~Exists(chosen) | Exists(chosen.filter(client=client)))

    def fan_out(self, notice: Notice) -> None:
        """A delivery for each that wants it, in the transaction of the notice. One short query when there is nobody to
        tell, four for however many: a post on its way waits for them."""
        if not self.filter(off_since=None).order_by().exists():
            return
        planned = [Delivery.planned(notice, subscription) for subscription in self.wanting(notice)]
        if not planned:
            return
        Delivery.objects.bulk_create(planned)
        first = min(delivery.due_at for delivery in planned)
        if first <= timezone.now() + ALARM_WINDOW:
            set_alarm("sophia.notifications.tasks.wake", notice.pk, at=first, queue=NOTICES)

    def wanting(self, notice: Notice) -> "list[Subscription]":
        """A broken one is told later, if it is mended in time: but not that it was broken."""
        found = self.active().about(notice.client_id)
        if notice.kind == BROKEN:
            found = found.filter(broken_since=None)
        meant = set(notice.meant_for.values_list("pk", flat=True)) if notice.kind in PERSONAL else set()
        return [subscription for subscription in found.defer("url") if subscription.wants(notice, meant)]


def count_of(state: str) -> Coalesce:
    """By index, however long the history is."""
    rows = Delivery.objects.filter(subscription=OuterRef("pk"), state=state).order_by()
    return Coalesce(Subquery(rows.values("subscription").annotate(n=Count("pk")).values("n")), 0)


class Subscription(Sending):
    """Who wants to be told what, through which channel."""

    class Preset(models.TextChoices):
        WORTH = "worth", "What matters"
        URGENT = "urgent", "Only what is urgent"
        EVERYTHING = "everything", "Everything"
        CHOSEN = "chosen", "These kinds"

    name = models.CharField(max_length=100)
    person = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="subscriptions", help_text="Empty: a team."
    )
    url = EncryptedTextField()
    hint = models.CharField(max_length=200, editable=False, help_text="What may be shown of the address.")
    preset = models.CharField(max_length=10, choices=Preset.choices, default=Preset.WORTH)
    kinds = models.JSONField(default=list, blank=True, help_text="Of kinds.py, when these are chosen one by one.")
    clients = models.ManyToManyField("publishing.Client", blank=True, related_name="+", help_text="Empty: all.")
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    off_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", editable=False)

    objects = SubscriptionQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("notices:subscription", args=[self.pk])

    @property
    def condition(self) -> str:
        """off, left (its person is no longer active), broken, waiting (to try again) or fine."""
        if self.person and not self.person.is_active:
            return "left"
        if self.off_since:
            return "off"
        if self.broken_since:
            return "broken"
        return "waiting" if self.next_try_at else "fine"

    @property
    def chosen(self) -> list[str]:
        """The labels of its kinds."""
        return [BY_NAME[kind].label for kind in self.kinds if kind in BY_NAME]

    def wants(self, notice: Notice, meant: Collection[int]) -> bool:
        """`meant`: the people whom it is worth it for, where its kind is a personal one."""
        wanted = {
            self.Preset.WORTH: notice.urgent or notice.kind in WORTH or self.person_id in meant,
            self.Preset.URGENT: notice.urgent,
            self.Preset.EVERYTHING: True,
            self.Preset.CHOSEN: notice.kind in self.kinds,
        }
        return wanted[self.Preset(self.preset)]

    def check_choices(self) -> None:
        """NotAcceptable for what would fail later, when a fact is told that has nothing to do with it."""
        if not is_timezone(self.timezone):
            raise NotAcceptable(f"“{self.timezone}” is not a timezone. Write a name such as Europe/Lisbon or UTC.")
        if self.preset == self.Preset.CHOSEN and not self.kinds:
            raise NotAcceptable("Choose at least one kind of notice.")
        if unknown := [kind for kind in self.kinds if kind not in BY_NAME]:
            raise NotAcceptable(f"There is no kind of notice called “{unknown[0]}”.")
        if (self.quiet_from is None) != (self.quiet_until is None) or (
            self.quiet_from and self.quiet_from == self.quiet_until
        ):
            raise NotAcceptable("Quiet hours need a beginning and another end, such as 22:00 and 07:00.")

    def edit(self, *, by: User, url: str = "", clients: Iterable[Any] = (), **details: Any) -> None:
        """An empty `url` keeps the address. Another one mends what was broken; what waits is planned anew."""
        clients = list(clients)
        require_theirs(by, clients, details.get("person", self.person))
        self.require_of(by)
        columns = list(details)
        for name, value in details.items():
            setattr(self, name, value)
        self.check_choices()
        if url:
            self.url, self.hint = url, channels().examine(url)
            self.claim_token = self.claimed_until = self.broken_since = self.next_try_at = None
            self.failures, self.last_problem = 0, ""
            columns += ["url", "hint", "claim_token", "claimed_until", "broken_since", "next_try_at", "failures"]
            columns += ["last_problem"]
        with transaction.atomic():
            self.save(update_fields=columns)
            self.clients.set(clients)
            self.plan_again()
            self.note(by, "Changed, with another address." if url else "Changed.")

    def require_of(self, by: User) -> None:
        people.require(by, people.SUBSCRIBE, of=None)
        if not Subscription.objects.visible_to(by).filter(pk=self.pk).exists():
            raise NotAllowed(f"{by.get_username()} does not work for every client that {self} tells of.")

    def plan_again(self) -> None:
        for delivery in self.of_mine().waiting().select_related("notice"):
            again = Delivery.planned(delivery.notice, self)
            delivery.due_at, delivery.give_up_at = again.due_at, again.give_up_at
            delivery.save(update_fields=["due_at", "give_up_at"])
        self.set_alarm()

    def switch_off(self, *, by: User) -> None:
        self.require_of(by)
        with transaction.atomic():
            if not self.mine().filter(off_since=None).update(off_since=timezone.now(), off_by=by):
                raise WrongState(f"{self} is off already.")
            self.of_mine().skip(f"Switched off by {by}.")
            self.note(by, "Switched off.")
        self.refresh_from_db()

    def switch_on(self, *, by: User) -> None:
        """Notices of the meantime are not sent: they are on the desk."""
        self.require_of(by)
        with transaction.atomic():
            if not self.mine().exclude(off_since=None).update(off_since=None, off_by=None):
                raise WrongState(f"{self} is on already.")
            self.note(by, "Switched on.")
        self.refresh_from_db()

    def test(self, *, by: User) -> None:
        """Send now, whatever the hour. Refused with what the channel said. Success mends what was broken."""
        self.require_of(by)
        try:
            self.reach(partial(wording.test_message, self.name))
        except self.refusals() as problem:
            self.mine().update(last_problem=str(problem))
            raise Refused(f"The test did not arrive. {problem}") from None
        with transaction.atomic():
            self.mend(timezone.now())

    def note(self, by: User, said: str) -> None:
        security.note(security.Kind.CHANNEL, by=by, about=f"{self} ({self.hint})", said=said)

    def mine(self) -> SubscriptionQuerySet:
        return Subscription.objects.filter(pk=self.pk)

    def skip_foreign(self) -> None:
        """Their person has lost a client since these were planned."""
        if self.person:
            waiting = self.of_mine().waiting()
            waiting.exclude(pk__in=waiting.told_to(self.person)).skip("Its person does not work for this client.")

    def tell_broken(self) -> None:
        said = f"The channel “{self}” ({self.hint}) is broken: nothing more is sent to it. {self.last_problem}"
        client = self.clients.values_list("pk", flat=True).first()
        Notice.objects.tell(BROKEN, said, link=self.get_absolute_url(), urgent=True, client=client)
