import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django.db import models, transaction
from django.urls import reverse
from django.utils.text import slugify

from publishing.sandbox import marks
from publishing.sandbox.models.knobs import Knob, now

APP_ID = "4004004004"
APP_SECRET = "sandbox-app-secret"
"""One secret for every app, so that app tokens are `<any app id>|sandbox-app-secret`."""

ALL_SCOPES = (
    "pages_show_list",
    "pages_read_engagement",
    "pages_read_user_content",
    "pages_manage_posts",
    "instagram_basic",
    "instagram_content_publish",
    "instagram_manage_contents",
)


class Platform(models.TextChoices):
    FACEBOOK = "facebook", "Facebook"
    INSTAGRAM = "instagram", "Instagram"


class Account(models.Model):
    platform = models.CharField(max_length=10, choices=Platform)
    external_id = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    username = models.CharField(max_length=60, blank=True)
    page = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="profiles")
    opened_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ["platform", "name"]

    def __str__(self) -> str:
        return f"{self.platform}:{self.external_id}"

    def get_absolute_url(self) -> str:
        return reverse("sandbox:wall", args=[self.platform, self.external_id])

    @cached_property
    def knobs(self) -> dict[str, Any]:
        return Knob.objects.for_account(self.external_id)

    @property
    def handle(self) -> str:
        return self.username or slugify(self.name).replace("-", ".") or self.external_id

    @property
    def initial(self) -> str:
        return self.name[:1].upper() or "?"

    @property
    def tint(self) -> int:
        """One of six colours for the wall, always the same one."""
        return sum(self.external_id.encode()) % 6


class AccountManager(models.Manager[Account]):
    platform: Platform

    def get_queryset(self) -> models.QuerySet[Account]:
        return super().get_queryset().filter(platform=self.platform)

    def opened(self, external_id: str, token: str, rights: dict[str, Any], **facts: Any) -> Any:
        facts["platform"] = self.platform
        account, _ = Account.objects.update_or_create(external_id=external_id, defaults=facts)
        Token.objects.grant(account, token, **rights)
        return self.get(pk=account.pk)


class PageManager(AccountManager):
    platform = Platform.FACEBOOK

    @transaction.atomic
    def open(self, external_id: str, name: str, token: str = "", **rights: Any) -> "Page":
        """Add or change a Page and let `token` use it. `rights` are those of `Token.objects.grant`."""
        return self.opened(external_id, token, rights, name=name)


class ProfileManager(AccountManager):
    platform = Platform.INSTAGRAM

    @transaction.atomic
    def open(
        self,
        external_id: str,
        name: str,
        token: str = "",
        *,
        page: Account | None = None,
        username: str = "",
        **rights: Any,
    ) -> "Profile":
        """Add or change an Instagram account. The tokens of `page` may use it too."""
        return self.opened(external_id, token, rights, name=name, username=username, page_id=page and page.pk)


class Page(Account):
    objects: ClassVar[PageManager] = PageManager()  # type: ignore[assignment]

    class Meta:
        proxy = True


class Profile(Account):
    objects: ClassVar[ProfileManager] = ProfileManager()  # type: ignore[assignment]

    class Meta:
        proxy = True


class TokenManager(models.Manager["Token"]):
    def grant(
        self,
        account: Account,
        value: str = "",
        *,
        scopes: Iterable[str] | None = None,
        kind: str = "page",
        app_id: str = APP_ID,
        expires_at: datetime | None = None,
        broken: int | None = None,
    ) -> "Token":
        """Without a value the account's tokens stay as they are, or it gets its first one. `broken`: subcode of 190."""
        if not value and (known := account.tokens.first()):
            return known
        facts: dict[str, Any] = {"kind": kind, "app_id": app_id, "expires_at": expires_at, "broken": broken}
        if scopes is not None:
            facts["scopes"] = list(scopes)
        token, _ = self.update_or_create(value=value or f"{marks.TOKEN}{secrets.token_hex(24)}", defaults=facts)
        token.accounts.add(account)
        return token

    def for_page(self, page: Account, of: "Token") -> "Token":
        """The Page token that this person's token leads to."""
        known = self.filter(kind=Token.Kind.PAGE, app_id=of.app_id, accounts=page).first()
        return known or self.grant(page, f"{marks.TOKEN}{secrets.token_hex(24)}", scopes=of.scopes, app_id=of.app_id)


def every_scope() -> list[str]:
    return list(ALL_SCOPES)


class Token(models.Model):
    class Kind(models.TextChoices):
        PAGE = "page"
        USER = "user"
        SYSTEM = "system"

    value = models.TextField(unique=True)
    kind = models.CharField(max_length=6, choices=Kind, default=Kind.PAGE)
    app_id = models.CharField(max_length=32, default=APP_ID)
    scopes = models.JSONField(default=every_scope)
    accounts = models.ManyToManyField(Account, related_name="tokens")
    issued_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField(null=True, blank=True)
    broken = models.PositiveIntegerField(null=True, blank=True)

    objects = TokenManager()

    def __str__(self) -> str:
        return f"{self.kind} token {self.pk}"

    @property
    def person_id(self) -> str:
        return str(7_000_000 + self.pk)

    @property
    def trouble(self) -> int | None:
        """The subcode of error 190, or None while the token works."""
        if self.expires_at and self.expires_at <= now():
            return 463
        return self.broken

    @property
    def page(self) -> Account | None:
        return self.pages.first() if self.kind == self.Kind.PAGE else None

    @property
    def pages(self) -> models.QuerySet[Account]:
        return self.accounts.filter(platform=Platform.FACEBOOK).order_by("pk")

    def reaches(self, account: Account) -> bool:
        return self.accounts.filter(models.Q(pk=account.pk) | models.Q(pk=account.page_id)).exists()

    @property
    def proof(self) -> str:
        return hmac.new(APP_SECRET.encode(), self.value.encode(), hashlib.sha256).hexdigest()
