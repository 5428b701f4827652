"""The second factor: a code that changes every 30 seconds (RFC 6238), and codes on paper for the day it is lost."""

import hashlib
from base64 import b32decode, b32encode
from secrets import token_bytes
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from django.contrib.auth.models import AbstractUser, User
from django.db import models, transaction
from django.utils import timezone
from django_otp.oath import TOTP
from encrypted_model_fields.fields import EncryptedTextField

from sophia.refusals import NotAcceptable, NotAllowed, WrongState
from sophia.signin.models.event import Kind, note

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

TOLERANCE = 1
"""Steps of 30 seconds that a phone's clock may be off, to either side."""
RECOVERY_CODES = 10
BYTES = 10
"""Of a recovery code: 80 bits, which a plain SHA-256 keeps."""


class SecondFactorQuerySet(models.QuerySet["SecondFactor"]):
    def of(self, person: AbstractUser) -> "SecondFactor | None":
        """The one that is asked for when they sign in."""
        return self.filter(person=person.pk).exclude(confirmed_at=None).first()

    def begin(self, person: User) -> "SecondFactor":
        """Not yet asked for. Each time with another secret: somebody may have seen the one before."""
        fresh = {"secret": b32encode(token_bytes(20)).decode(), "begun_at": timezone.now()}
        if self.of(person):
            raise WrongState("Your second factor is set up already. Remove it first to set up another.")
        return self.update_or_create(person=person, confirmed_at=None, defaults=fresh)[0]


class SecondFactor(models.Model):
    person = models.OneToOneField(User, models.CASCADE, related_name="second_factor")
    secret = EncryptedTextField(help_text="In Base32, as it is typed.")
    begun_at = models.DateTimeField(default=timezone.now)
    confirmed_at = models.DateTimeField(null=True, blank=True, help_text="Since when it is asked for.")
    last_step = models.BigIntegerField(default=-1, help_text="No code of this step or an earlier one is taken again.")

    objects = SecondFactorQuerySet.as_manager()

    if TYPE_CHECKING:

        @property
        def codes(self) -> "RelatedManager[RecoveryCode]": ...

    def __str__(self) -> str:
        return f"Second factor of {self.person}"

    @property
    def address(self) -> str:
        """What the QR code holds, as authenticator apps read it."""
        label = quote(f"Sophia:{self.person.get_username()}")
        return f"otpauth://totp/{label}?{urlencode({'secret': self.secret, 'issuer': 'Sophia'})}"

    def lock(self) -> None:
        self.refresh_from_db(from_queryset=type(self).objects.select_for_update())

    def confirm(self, code: str) -> list[str]:
        """From now on it is asked for. Returns the recovery codes, which nobody can read again."""
        with transaction.atomic():
            self.lock()
            if self.confirmed_at:
                raise WrongState("Your second factor is set up already.")
            if not self.takes(code):
                raise NotAcceptable("This code does not fit. Type the one that the app shows now.")
            self.confirmed_at = timezone.now()
            self.save(update_fields=["confirmed_at"])
            note(Kind.FACTOR_SET, by=self.person, about=self.person)
            return self.renew_codes()

    def accepts(self, code: str) -> bool:
        """Whether `code` is one of the app's, or a recovery code. Either is taken once."""
        with transaction.atomic():
            self.lock()
            return self.takes(code) or self.takes_recovery(code)

    def takes(self, code: str) -> bool:
        digits = "".join(code.split())
        if len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
            return False
        totp = TOTP(b32decode(self.secret))
        totp.time = timezone.now().timestamp()
        if not totp.verify(int(digits), TOLERANCE, self.last_step + 1):
            return False
        self.last_step = totp.t()
        self.save(update_fields=["last_step"])
        return True

    def takes_recovery(self, code: str) -> bool:
        unused = self.codes.filter(digest=digest(code), used_at=None)
        if not unused.update(used_at=timezone.now()):
            return False
        left = self.codes.filter(used_at=None).count()
        note(Kind.RECOVERY_CODES, by=self.person, about=self.person, said=f"One was used. {left} are left.")
        return True

    def renew_codes(self) -> list[str]:
        """The earlier ones are worth nothing from now on."""
        written = [spelled(token_bytes(BYTES)) for _ in range(RECOVERY_CODES)]
        with transaction.atomic():
            self.codes.all().delete()
            RecoveryCode.objects.bulk_create(RecoveryCode(factor=self, digest=digest(code)) for code in written)
            note(Kind.RECOVERY_CODES, by=self.person, about=self.person, said="New ones were made.")
        return written

    def remove(self, *, by: User) -> None:
        """Their own, or anybody's by an administrator."""
        if by.pk != self.person_id and not by.is_superuser:
            raise NotAllowed("Only an administrator removes the second factor of somebody else.")
        with transaction.atomic():
            note(Kind.FACTOR_REMOVED, by=by, about=self.person)
            self.delete()


class RecoveryCode(models.Model):
    factor = models.ForeignKey(SecondFactor, models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"Recovery code {self.pk}"


def spelled(secret: bytes) -> str:
    """In four groups of four."""
    letters = b32encode(secret).decode().lower()
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def digest(code: str) -> str:
    letters = "".join(letter for letter in code.lower() if letter.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest()
