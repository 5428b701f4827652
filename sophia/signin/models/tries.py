"""How often somebody may try a password or a code.

A try is a row that is committed before the password is looked at, so that many at once count each other, also in
several processes. What counts is the name together with the address, so nobody can shut out another person.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

from sophia.signin.whereabouts import neighbourhood


class Hurried(Exception):  # noqa: N818
    """Too many tries. The next one is allowed in `wait`. `first` when nobody was told so about this row of tries."""

    def __init__(self, wait: timedelta, first: bool):
        super().__init__(f"Too many tries. Wait {in_words(wait)}, then try again.")
        self.wait, self.first = wait, first


def in_words(wait: timedelta) -> str:
    minutes = ceil(wait / timedelta(minutes=1))
    return "a minute" if minutes == 1 else f"{minutes} minutes"


@dataclass(frozen=True)
class Limit:
    most: int
    within: timedelta
    among: tuple[str, ...]
    when: "Limit | None" = None
    """It holds only while this one is used up."""


class What(models.TextChoices):
    PASSWORD = "password"
    CODE = "code"


MANY_NAMES = Limit(50, timedelta(hours=1), ("address",))
"""Somebody at this address tries names. Whoever else is there has one try each: the right password opens."""
LIMITS = {
    What.PASSWORD: (
        Limit(5, timedelta(minutes=15), ("who", "address")),
        Limit(1, timedelta(minutes=15), ("who", "address"), when=MANY_NAMES),
        # Each try costs a third of a second of a processor, whatever the name.
        Limit(300, timedelta(minutes=5), ("address",)),
    ),
    # Only who knows the password comes here. A million codes, three of which fit: 20 an hour are too few for luck.
    What.CODE: (
        Limit(5, timedelta(minutes=15), ("who", "address")),
        Limit(20, timedelta(hours=1), ("who",)),
    ),
}
KEPT_FOR = timedelta(days=1)


class SignInTryQuerySet(models.QuerySet["SignInTry"]):
    def begin(self, what: What, name: str, address: str | None) -> "SignInTry":
        """Call it outside of a transaction. Hurried when there were too many: that one does not count."""
        made = self.create(what=what, who=fingerprint(name), address=neighbourhood(address))
        for limit in LIMITS[what]:
            if wait := made.wait_for(limit):
                first = not made.alike(limit).filter(told=True).exists()
                made.alike(limit).exclude(pk=made.pk).update(told=True)
                made.delete()
                raise Hurried(wait, first)
        return made


def fingerprint(name: str) -> str:
    """People type passwords where a name belongs: neither is kept."""
    return salted_hmac("sophia.signin.tries", name.strip().casefold(), algorithm="sha256").hexdigest()


class SignInTry(models.Model):
    what = models.CharField(max_length=10, choices=What.choices)
    who = models.CharField(max_length=64)
    address = models.CharField(max_length=50, blank=True)
    at = models.DateTimeField(default=timezone.now)
    told = models.BooleanField(default=False, help_text="Whether it is in the security log that they must wait.")

    objects = SignInTryQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["who", "at"]), models.Index(fields=["address", "at"])]

    def __str__(self) -> str:
        return f"{self.what} from {self.address} at {self.at:%H:%M:%S}"

    def alike(self, limit: Limit) -> SignInTryQuerySet:
        same = {name: getattr(self, name) for name in limit.among}
        return SignInTry.objects.filter(what=self.what, at__gt=self.at - limit.within, **same)

    def wait_for(self, limit: Limit) -> timedelta | None:
        """Until so many have been forgotten that this one would be allowed."""
        if limit.when and not self.wait_for(limit.when):
            return None
        times: list[datetime] = list(self.alike(limit).exclude(pk=self.pk).order_by("-at").values_list("at", flat=True))
        return times[limit.most - 1] + limit.within - self.at if len(times) >= limit.most else None

    def succeed(self) -> None:
        """Whoever got in starts afresh, with this name from this address."""
        type(self).objects.filter(what=self.what, who=self.who, address=self.address).delete()
