"""Tokens by which programs act for a person, and the answers they got, so that asking twice is once."""

import hashlib
import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.auth.models import User
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from publishing.models import Client
from sophia import people, security
from sophia.membership import works_for
from sophia.moments import on_their_clock
from sophia.notifications.announce import announce
from sophia.refusals import NotAcceptable, NotAllowed, Refused, WrongState
from sophia.tokens.scopes import BY_NAME, granted

UTC = ZoneInfo("UTC")
PREFIX = "sophia_"
"""How every token begins, so that one that leaked into a file is found."""
FORM = re.compile(rf"{PREFIX}[A-Za-z0-9_-]{{43}}")
LONGEST = timedelta(days=366)
SEEN_EVERY = timedelta(minutes=1)
LONGEST_NAME = 100
ENDING = tuple(timedelta(days=days) for days in (14, 7, 3, 1, 0))
"""How long before its end people are told of it, as of the tokens of accounts."""
KEPT_FOR = timedelta(hours=24)
"""How long the answer to an Idempotency-Key is known."""
Answered = tuple[int, dict[str, Any]]


class TokenQuerySet(models.QuerySet["Token"]):
    def make(
        self,
        *,
        by: User,
        person: User,
        name: str,
        scopes: Sequence[str],
        expires_at: datetime,
        clients: Iterable[Client] = (),
    ) -> tuple["Token", str]:
        """A new token and its secret, which nobody can read again. Without `clients`: for all that the person has."""
        require_giver(by)
        require_sensible(person, name, scopes, expires_at)
        secret, only = PREFIX + secrets.token_urlsafe(32), list(clients)
        with transaction.atomic():
            token = self.create(
                name=name.strip(),
                person=person,
                scopes=sorted(set(scopes)),
                limited=bool(only),
                fingerprint=fingerprint(secret),
                hint=secret[-4:],
                made_by=by,
                expires_at=expires_at,
                end_told=reminders(expires_at, timezone.now()),
            )
            token.clients.set(only)
            security.note(
                security.Kind.API_TOKEN, by=by, about=token, said=f"Made, for {person}: {', '.join(token.scopes)}."
            )
            announce("token.made", f"{by} made {token}, which acts for {person}.", link=reverse("tokens:tokens"))
        return token, secret

    def ending(self, now: datetime) -> "TokenQuerySet":
        """Those that work and end soon, and those that ended within the last day."""
        open_ones = self.filter(revoked_at=None, person__is_active=True)
        return open_ones.filter(expires_at__gt=now - timedelta(days=1), expires_at__lte=now + ENDING[0])

    def behind(self, secret: str) -> "Token | None":
        """The token with this secret, ended or not."""
        if not FORM.fullmatch(secret):
            return None
        return self.select_related("person").filter(fingerprint=fingerprint(secret)).first()


def require_giver(by: User) -> None:
    """A token acts for anybody, and so reaches every client."""
    people.require(by, people.TOKEN, of=None)
    people.require_all_clients(by)


def require_sensible(person: User, name: str, scopes: Sequence[str], expires_at: datetime) -> None:
    if not name.strip():
        raise NotAcceptable("Give the token a name that says which program has it.")
    if len(name.strip()) > LONGEST_NAME:
        raise NotAcceptable(f"The name of a token has up to {LONGEST_NAME} characters. Shorten it.")
    if not scopes:
        raise NotAcceptable("Choose at least one scope: a token without any may do nothing.")
    if unknown := sorted(set(scopes) - BY_NAME.keys()):
        raise NotAcceptable(f"There is no scope {', '.join(unknown)}. The scopes: {', '.join(BY_NAME)}.")
    if not person.is_active:
        raise NotAcceptable(f"{person} is switched off, and so would be the token. Choose somebody who is active.")
    if not timezone.now() < expires_at <= timezone.now() + LONGEST:
        raise NotAcceptable("A token ends at a time to come, within a year.")


def reminders(expires_at: datetime, now: datetime) -> int:
    """How many of them are due. Of a token that was made for a week the first is none: whoever made it knows."""
    return sum(now >= expires_at - before for before in ENDING)


def fingerprint(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class Token(models.Model):
    """Lets a program act for `person`, never for more than that person may."""

    name = models.CharField(max_length=LONGEST_NAME, help_text="Which program has it.")
    person = models.ForeignKey(User, models.PROTECT, related_name="tokens", help_text="Whom it acts for.")
    scopes = models.JSONField(default=list)
    limited = models.BooleanField(default=False, help_text="To its clients. Otherwise it is for all of the person's.")
    clients = models.ManyToManyField(Client, blank=True, related_name="+")
    fingerprint = models.CharField(max_length=64, unique=True, editable=False)
    hint = models.CharField(max_length=4, editable=False, help_text="How its secret ends.")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    last_used_at = models.DateTimeField(null=True, blank=True)
    end_told = models.PositiveSmallIntegerField(
        default=0, db_default=0, editable=False, help_text="How many reminders of its end were told."
    )

    objects = TokenQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="token_revoked_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"the token “{self.name}” (…{self.hint})"

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def is_open(self) -> bool:
        return not self.revoked_at and not self.is_expired and self.person.is_active

    def client_ids(self) -> frozenset[int] | None:
        """The ids of its person's clients, and where it is limited, of no others. None: all."""
        theirs = works_for(self.person)
        if not self.limited:
            return theirs
        only = frozenset(self.clients.values_list("pk", flat=True))
        return only if theirs is None else theirs & only

    def require(self, scope: str) -> None:
        """NotAllowed unless it was given this scope, and its person may do that too."""
        wanted = BY_NAME[scope]
        if not granted(self.scopes, wanted):
            raise NotAllowed(f"This token lacks the scope {scope}. Ask an administrator for one that has it.")
        if not self.person.has_perm(wanted.needs):
            raise NotAllowed(f"{self.person}, for whom this token acts, may not: {wanted.label.lower()}.")

    def note_use(self) -> None:
        """At most once a minute, so that a busy program does not write all day."""
        now = timezone.now()
        lately = now - SEEN_EVERY
        if self.last_used_at is None or self.last_used_at < lately:
            stale = Q(last_used_at=None) | Q(last_used_at__lt=lately)
            Token.objects.filter(stale, pk=self.pk).update(last_used_at=now)

    def tell_end(self, now: datetime) -> None:
        """Once for each time in ENDING that has come. Of two that look at once one tells it."""
        passed = reminders(self.expires_at, now)
        with transaction.atomic():
            if Token.objects.filter(pk=self.pk, end_told__lt=passed).update(end_told=passed):
                ends = "has ended" if self.is_expired else f"ends {on_their_clock(self.expires_at, UTC)}"
                said = f"“{self.name}” (…{self.hint}), the API token that acts for {self.person}, {ends}."
                what_next = "Make another one, give it to its program, and revoke this one."
                urgent = ENDING[passed - 1] <= timedelta(days=1)
                announce("token.ending", f"{said} {what_next}", link=reverse("tokens:tokens"), urgent=urgent)

    def revoke(self, *, by: User) -> None:
        require_giver(by)
        with transaction.atomic():
            now = timezone.now()
            if not Token.objects.filter(pk=self.pk, revoked_at=None).update(revoked_at=now, revoked_by=by):
                raise WrongState(f"The token “{self.name}” (…{self.hint}) is revoked already.")
            security.note(security.Kind.API_TOKEN, by=by, about=self, said="Revoked.")
            announce("token.revoked", f"{by} revoked {self}.", link=reverse("tokens:tokens"))
        self.refresh_from_db()


class KeyReused(Refused):
    """The same Idempotency-Key came with another request."""


class AnswerQuerySet(models.QuerySet["Answer"]):
    def once(self, token: Token, key: str, digest: str, verb: Callable[[], Answered]) -> tuple[Answered, bool]:
        """What `verb` answers, and whether it was kept from before. The verb and its answer are written in one
        transaction: both or neither. Of two at once the second waits, and gets the answer of the first. What is
        refused is not kept: nothing happened."""
        mine = self.filter(token=token, key=key)
        try:
            with transaction.atomic():
                mine.filter(at__lt=timezone.now() - KEPT_FOR).delete()
                if kept := mine.first():
                    return kept.again(digest), True
                answer = self.create(token=token, key=key, digest=digest)
                answer.status, answer.body = verb()
                answer.save()
        except IntegrityError:
            kept = mine.first()
            if kept is None:
                raise
            return kept.again(digest), True
        return (answer.status, answer.body), False


class Answer(models.Model):
    """What a request with an Idempotency-Key was answered."""

    token = models.ForeignKey(Token, models.CASCADE, related_name="answers")
    key = models.CharField(max_length=255)
    digest = models.CharField(max_length=64, help_text="Of the request: the same key with another one is refused.")
    status = models.PositiveSmallIntegerField(default=0)
    body = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now, db_index=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="one_answer_per_key")]

    def __str__(self) -> str:
        return f"{self.status} to {self.key}"

    def again(self, digest: str) -> Answered:
        if digest != self.digest:
            raise KeyReused("This Idempotency-Key was used with another request. Use a new key for a new request.")
        return self.status, self.body
