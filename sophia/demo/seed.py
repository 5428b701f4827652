"""Fills a desk with businesses, their accounts on the sandbox, and drafts at every stage.

What is there already is left as people have made it. This imports the models of the sandbox, so it can only be
imported while the sandbox is on.
"""

from datetime import datetime, time, timedelta
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from approval.models import Draft
from publishing import images
from publishing.models import Client, Image, SocialAccount
from publishing.sandbox.models.accounts import ALL_SCOPES, Account, Page, Profile
from sophia.demo.content import BUSINESSES
from sophia.demo.content.kinds import Business, Fate, Wish
from sophia.demo.pictures import PICTURES, jpeg
from sophia.demo.traces import ADDRESS, PASSWORD
from sophia.doors import Via

SOON = timedelta(minutes=30)


class Seeder:
    def __init__(self) -> None:
        self.olga = person("olga", "operator", is_staff=True, first_name="Olga")
        self.anna = person("anna", "author", first_name="Anna")
        person("vera", "viewer", first_name="Vera")
        person("admin", is_staff=True, is_superuser=True)
        self.stored: dict[str, Image] = {}

    def seed(self) -> int:
        """How many drafts are new."""
        return sum(self.bring(business) for business in BUSINESSES)

    def bring(self, business: Business) -> int:
        accounts = connected(business)
        wished = {wish.ref: wish for wish in business.wishes}
        known = set(Draft.objects.filter(ref__in=wished).values_list("ref", flat=True))
        missing = [wish for ref, wish in wished.items() if ref not in known]
        for wish in missing:
            self.write(wish, accounts[wish.platform])
        return len(missing)

    def write(self, wish: Wish, account: SocialAccount) -> None:
        pictures = [(self.image(name), PICTURES[name].alt) for name in wish.pictures]
        author = self.anna if wish.written_by_anna else None
        with transaction.atomic():
            draft = Draft.objects.write(
                by=author,
                account=account,
                text=wish.text,
                link=wish.link,
                pictures=pictures,
                via=Via.CLI,
                title=wish.title,
                ref=wish.ref,
                source="demo",
                suggested_at=moment(wish.when, account.client),
            )
            if wish.fate != Fate.UNFINISHED:
                draft.submit(by=author, via=Via.CLI)
            self.judge(draft, wish)

    def judge(self, draft: Draft, wish: Wish) -> None:
        decided: dict[str, Any] = {"by": self.olga, "via": Via.CLI, "note": wish.note}
        if wish.edited:
            pictures = [(picture.image, picture.alt) for picture in draft.pictures.all()]
            draft.edit(text=wish.edited, link=draft.link, pictures=pictures, digest=draft.digest(), **decided)
        match wish.fate:
            case Fate.REJECTED:
                draft.reject(tags=wish.tags, **decided)
            case Fate.SKIPPED:
                draft.skip(**decided)
            case Fate.APPROVED:
                draft.approve(digest=draft.digest(), **decided)
            case Fate.OUT:
                draft.approve(digest=draft.digest(), at=timezone.now(), **decided)

    def image(self, name: str) -> Image:
        """Drawn and stored before the transaction of its draft, and once, however many drafts show it."""
        if name not in self.stored:
            self.stored[name] = images.store(jpeg(name), f"{name}.jpg")
        return self.stored[name]


@transaction.atomic
def person(username: str, role: str = "", **details: Any) -> User:
    known = User.objects.filter(username=username).first()
    if known:
        return known
    made = User.objects.create(username=username, email=ADDRESS.format(username), password=hashed(), **details)
    made.groups.set(Group.objects.filter(name=role))
    return made


@cache
def hashed() -> str:
    """Slow on purpose, so once for everybody."""
    return make_password(PASSWORD)


@transaction.atomic
def connected(business: Business) -> dict[str, SocialAccount]:
    """The accounts of the business. `SocialAccount.connect` would ask the sandbox over HTTP, and nothing serves it
    yet while the demo is seeded: so the rows are made here, with the token that the sandbox gave."""
    known = {account.platform: account for account in accounts_of(business).select_related("client")}
    if len(known) == len(SocialAccount.PlatformName):
        return known
    client = next((account.client for account in known.values()), None)
    client = client or Client.objects.get_or_create(name=business.name, defaults={"timezone": business.timezone})[0]
    for opened in open_on_sandbox(business):
        token = opened.tokens.get().value
        facts = {"client": client, "name": opened.name, "token": token, "token_tail": token[-4:]}
        account, _ = SocialAccount.objects.get_or_create(
            platform=opened.platform, external_id=opened.external_id, defaults=facts
        )
        known[account.platform] = account
    return known


def accounts_of(business: Business) -> QuerySet[SocialAccount]:
    return SocialAccount.objects.filter(external_id__in=[business.page, business.profile])


def open_on_sandbox(business: Business) -> tuple[Account, Account]:
    """One token for both, as Meta gives it: that of the Page reaches the Instagram account too."""
    scopes = [scope for scope in ALL_SCOPES if business.deletes_by_api or scope != "instagram_manage_contents"]
    page = Page.objects.filter(external_id=business.page).first() or Page.objects.open(
        business.page, business.name, scopes=scopes
    )
    profile = Profile.objects.filter(external_id=business.profile).first() or Profile.objects.open(
        business.profile,
        business.name,
        page.tokens.get().value,
        page=page,
        username=business.username,
        scopes=scopes,
    )
    return page, profile


def moment(when: str, client: Client) -> datetime | None:
    if not when:
        return None
    days, clock = when.split()
    now = timezone.now()
    day = now.astimezone(client.zone).date() + timedelta(days=int(days))
    at = datetime.combine(day, time.fromisoformat(clock), client.zone)
    return at if at > now + SOON else at + timedelta(days=1)
