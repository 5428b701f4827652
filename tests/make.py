"""Makes things for tests, through the real verbs."""

import io
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.signing import Signer
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image as Pillow

from approval.clientlinks.models import ClientLink
from approval.models import Draft
from publishing import images, seal
from publishing.models import Client, Image, Publication, SocialAccount
from publishing.models.reconciliation import AT_REST
from sophia.membership import Membership
from sophia.tokens.models import Token
from sophia.tokens.scopes import SCOPES

NEVER = timedelta(0)
"""Most tests say the same words over and over."""


def person(name: str, *roles: str, **details: Any) -> User:
    user = User.objects.create_user(name, f"{name}@example.com", "a-good-password", **details)
    user.groups.set([role(name) for name in roles])
    return user


def role(name: str) -> Group:
    return Group.objects.get(name=name)


def account(
    platform: str = "facebook", external_id: str = "1001", client: str = "Café Lua", zone: str = "Europe/Lisbon"
):
    owner, _ = Client.objects.get_or_create(name=client, defaults={"timezone": zone, "twin_window": NEVER})
    made = SocialAccount(client=owner, platform=platform, external_id=external_id)
    made.connect(token=f"token-of-{external_id}", name=f"{client} {platform}")
    return made


@cache
def jpeg(width: int = 800, height: int = 800, color: str = "teal", **options: Any) -> bytes:
    out = io.BytesIO()
    Pillow.new("RGB", (width, height), color).save(out, "JPEG", **options)
    return out.getvalue()


def image(color: str = "teal", width: int = 800, height: int = 800) -> Image:
    return images.store(jpeg(width, height, color), f"{color}.jpg")


def draft(
    on: SocialAccount, by: User | None, *, text: str = "Fresh bread at seven.", submit: bool = True, **details: Any
) -> Draft:
    made = Draft.objects.write(by=by, account=on, text=text, **details)
    if submit:
        made.submit(by=by)
    return made


def approved(of: Draft, by: User, at: datetime | None = None, **details: Any) -> Publication:
    of.approve(by=by, digest=of.digest(), at=at, **details)
    assert of.publication
    return of.publication


def published(of: Draft, by: User) -> Publication:
    publication = approved(of, by)
    publication.publish()
    publication.refresh_from_db()
    assert publication.is_live
    return publication


def client_link(
    client: Client, by: User, *, approving: bool = False, days: int = 30, person: str = "Marta"
) -> tuple[ClientLink, str]:
    """With the path of its first page."""
    ends = timezone.now() + timedelta(days=days)
    made, token = ClientLink.objects.make(by=by, client=client, person=person, expires_at=ends, approving=approving)
    return made, reverse("client:drafts", args=[token])


def behind_the_back(row: Any, **columns: Any) -> None:
    """What somebody with a database client can do, past every verb. A publication's history is told anew, with the
    key, so that what else guards it is alone: `by_sql` leaves the history as it is."""
    by_sql(row, **columns)
    if isinstance(row, Publication):
        retell(row)


def by_sql(row: Any, **columns: Any) -> None:
    with transaction.atomic():
        type(row)._base_manager.filter(pk=row.pk).update(**columns)


def retell(publication: Publication) -> None:
    """As if a verb had left it so."""
    last = publication.history.order_by("number").last()
    if last:
        Publication.objects.get(pk=publication.pk).record("retell", last.terms, None)


def commits_at_rest(publication: Publication) -> None:
    """As if they had begun so long ago that reading shows what became of them. Its history is told anew."""
    began, before = timezone.now() - AT_REST, ""
    publication.attempts.exclude(committing_at=None).update(committing_at=began)
    for line in publication.history.order_by("number"):
        line.at, line.before = began if line.verb == "commit" else line.at, before
        line.renew_seal()
        line.save()
        before = line.digest()


def sealed_earlier(publication: Publication) -> None:
    """As a Sophia did it whose statements had no names."""
    publication.refresh_from_db()
    earlier = Signer(salt=seal.SALT).signature(publication.earlier_statement(publication.digest()))
    by_sql(publication, seal=earlier)
    publication.history.all().delete()


def member(who: User, *clients: Client) -> User:
    """From now on they work for these clients only, or for none at all. As fresh as in the next request."""
    boss, _ = User.objects.get_or_create(username="root", defaults={"is_superuser": True, "is_staff": True})
    Membership.objects.assign(who, by=boss, clients=clients)
    return User.objects.get(pk=who.pk)


def token(acts_for: User, *scopes: str, days: float = 30, clients: Iterable[Client] = ()) -> tuple[Token, str]:
    """With its secret. Without scopes: with all."""
    boss = User.objects.filter(is_superuser=True).first() or person("boss", is_staff=True, is_superuser=True)
    ends = timezone.now() + timedelta(days=days)
    details = {"scopes": scopes or [scope.name for scope in SCOPES], "expires_at": ends, "clients": clients}
    return Token.objects.make(by=boss, person=acts_for, name="Generator", **details)
