"""Drafts from a file. Each line stands for itself: a good one is kept whatever its neighbours are."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import DataError, IntegrityError, transaction

from approval import identity
from approval.models import Draft, DraftQuerySet
from approval.shelves import Shelf
from approval.typed import tidy, tidy_link
from approval.versions import Pictures, beside
from approval.wishes import Line, Wish
from publishing import limits
from publishing.models import SocialAccount
from publishing.models.account import SocialAccountQuerySet
from publishing.models.post import digest_of
from publishing.platforms import base
from sophia import moments
from sophia.command import in_words
from sophia.doors import Via
from sophia.membership import sees
from sophia.refusals import NotAcceptable, Refused, WrongState

UNFIT = (DataError, OverflowError, ValueError, MemoryError, OSError)
"""What neither the database nor the disk takes. It is the line that is wrong, and the next one may be good."""
AT_ONCE = 500
"""Lines whose refs are looked up together."""
Outcome = TypeVar("Outcome")
web_address = URLValidator(schemes=["http", "https"], message="Write a whole address with http:// or https://.")


@dataclass(frozen=True)
class Kept:
    line: int
    draft: Draft
    result: str
    """created or unchanged"""

    @property
    def over(self) -> str:
        return over(self.draft)


@dataclass(frozen=True)
class Bad:
    line: int
    error: str


@dataclass(frozen=True)
class Wanted:
    """A line that could become a draft."""

    account: SocialAccount
    content: dict[str, Any]
    details: dict[str, Any]

    def digest(self) -> str:
        """As `Post.digest` of the draft that it becomes."""
        pictures = [{"sha256": image.sha256, "alt": tidy(alt)} for image, alt in self.content["pictures"]]
        text, link = tidy(self.content["text"]), self.content["link"]
        return digest_of({"account": self.account.label, "text": text, "link": link, "images": pictures})

    @property
    def identity(self) -> str:
        return identity.of(self.digest(), self.details["suggested_at"])

    @property
    def key(self) -> str:
        return self.details["ref"] or self.identity


@dataclass(frozen=True)
class Foreseen:
    """What would come of a line, and nothing written."""

    line: int
    wanted: Wanted
    known: Draft | None

    @property
    def over(self) -> str:
        return over(self.known or Draft(account=self.wanted.account, suggested_at=self.wanted.details["suggested_at"]))


@dataclass(frozen=True)
class Importer:
    shelf: Shelf
    """Where images come from."""
    by: User | None
    submit: bool
    via: str = Via.CLI
    accounts: dict[str, SocialAccount] = field(default_factory=dict)

    def run(self, lines: Iterable[Line]) -> Iterator[Kept | Bad]:
        for line in lines:
            yield attempt(line.number, partial(self.keep, line))

    def foresee(self, lines: Iterable[Line]) -> Iterator[Foreseen | Bad]:
        """The same questions as `run` asks, also of lines that repeat each other, with few queries."""
        seen: dict[str, str] = {}
        rest = iter(lines)
        while some := list(islice(rest, AT_ONCE)):
            read = [attempt(line.number, partial(self.read, line)) for line in some]
            known = there_already([one.wanted for one in read if isinstance(one, Foreseen)])
            for one in read:
                yield attempt(one.line, partial(judge, one, known, seen, self.by)) if isinstance(one, Foreseen) else one

    def read(self, line: Line) -> Foreseen:
        wanted = self.wanted(line.read())
        require_acceptable(wanted)
        return Foreseen(line.number, wanted, None)

    def keep(self, line: Line) -> Kept:
        wanted = self.wanted(line.read())
        with transaction.atomic():
            draft = there_already([wanted]).get(wanted.key)
            result = "unchanged" if draft else "created"
            if draft:
                require_same(draft, wanted, self.by)
            else:
                draft = self.write(wanted)
            self.submit_if_asked(draft)
        return Kept(line.number, draft, result)

    def wanted(self, wish: Wish) -> Wanted:
        account = self.account(needed(wish, "account"))
        content: dict[str, Any] = {"text": wish.get("text", ""), "link": checked_link(wish.get("link", ""))}
        details = detailed(wish, account)
        unsaved = Draft(account=account, author=self.by, **content, **details)
        unsaved.clean_fields(exclude=["account", "author", "state"])
        content["pictures"] = self.pictures(wish)
        return Wanted(account, content, details)

    def account(self, label: str) -> SocialAccount:
        if label not in self.accounts:
            self.accounts[label] = mine(SocialAccount.objects.all(), self.by).named(label)
        return self.accounts[label]

    def pictures(self, wish: Wish) -> Pictures:
        names, alts = wish.get("images", []), wish.get("alt", [])
        if len(alts) > len(names):
            raise Refused(f"There are {len(alts)} alt texts for {len(names)} images.")
        alts = [*alts, *[""] * (len(names) - len(alts))]
        return [(self.shelf.image(name), alt) for name, alt in zip(names, alts, strict=True)]

    def write(self, wanted: Wanted) -> Draft:
        content = wanted.content | wanted.details
        if not wanted.details["ref"]:
            content["identity"] = wanted.identity
        return Draft.objects.write(by=self.by, account=wanted.account, via=self.via, **content)

    def submit_if_asked(self, draft: Draft) -> None:
        """One that was judged already stays as it was judged."""
        if self.submit and draft.state == Draft.State.DRAFT:
            draft.submit(by=self.by, via=self.via)


def over(draft: Draft) -> str:
    """What to say of a suggested time that has passed already, or nothing."""
    waits = draft.has_passed and draft.state in {Draft.State.DRAFT, Draft.State.IN_REVIEW}
    return f"{draft.over} Whoever approves it chooses another one." if waits else ""


class RefTaken(WrongState):
    """Another draft has this ref."""


def there_already(wanted: list[Wanted]) -> dict[str, Draft]:
    """By their keys."""
    refs = [one.details["ref"] for one in wanted if one.details["ref"]]
    rows = recorded().filter(identity.known(refs, [one.identity for one in wanted if not one.details["ref"]]))
    return {str(draft.ref or draft.identity): draft for draft in rows}


def judge(one: Foreseen, known: dict[str, Draft], seen: dict[str, str], by: User | None) -> Foreseen:
    """Against the drafts that are `known`, and the keys `seen` on earlier lines."""
    key, digest = one.wanted.key, one.wanted.digest()
    draft = known.get(key)
    if draft:
        require_same(draft, one.wanted, by)
    if seen.setdefault(key, digest) != digest:
        raise Refused(f"An earlier line of this file has the ref “{key}”, with other content.")
    return replace(one, known=draft)


def attempt(number: int, verb: Callable[[], Outcome]) -> Outcome | Bad:
    try:
        return verb()
    except Refused as refused:
        return Bad(number, str(refused))
    except ValidationError as wrong:
        return Bad(number, in_words(wrong))
    except IntegrityError:
        return Bad(number, "Another import brought this ref at the same moment. Import it again.")
    except UNFIT as wrong:
        return Bad(number, f"Sophia cannot keep this line: {wrong or type(wrong).__name__}.")


def needed(wish: Wish, name: str) -> str:
    if not wish.get(name):
        raise Refused(f"“{name}” is missing. Name the account as platform:id, such as facebook:1001.")
    return str(wish[name])


def checked_link(link: str) -> str:
    link = link.strip()
    if link:
        try:
            web_address(link)
        except ValidationError as wrong:
            raise Refused(f"“{link}” is not a link. {wrong.messages[0]}") from wrong
    return link


def detailed(wish: Wish, account: SocialAccount) -> dict[str, Any]:
    """No suggested time means as soon as it is approved, and so does “now”, which would be another time whenever the
    same line comes again."""
    text = wish.get("suggested_at", "").strip()
    text = "" if text.lower() == moments.NOW else text
    return {
        "ref": wish.get("ref", "").strip() or None,
        "title": wish.get("title", "").strip(),
        "source": wish.get("source", "").strip(),
        "suggested_at": moments.parse(text, account.client.zone) if text else None,
    }


def recorded() -> DraftQuerySet:
    return Draft.objects.select_related("account__client").prefetch_related("decisions")


def require_acceptable(wanted: Wanted) -> None:
    """What `Draft.objects.write` would refuse."""
    pictures = wanted.content["pictures"]
    images, alts = [image for image, _ in pictures], [tidy(alt) for _, alt in pictures]
    outlines = tuple(base.Image(image.sha256, image.mime, alt, b"") for image, alt in zip(images, alts, strict=True))
    content = base.Content(tidy(wanted.content["text"]), tidy_link(wanted.content["link"]), outlines)
    if problems := limits.problems(wanted.account, content, images, alts):
        raise NotAcceptable(" ".join(problems))


def mine(accounts: SocialAccountQuerySet, by: User | None) -> SocialAccountQuerySet:
    """For a machine, which has the shell, all."""
    return accounts.visible_to(by) if by else accounts


def require_same(draft: Draft, wanted: Wanted, by: User | None) -> None:
    """As it was when it was imported: what people did to the draft since does not matter."""
    if by and not sees(by, draft.client_id):
        raise RefTaken(f"The ref “{draft.ref}” is taken. Give this one another.")
    if other := what_differs(draft, wanted):
        known = f"already has the ref “{draft.ref}”" if draft.ref else "already says this at this time"
        raise RefTaken(f"Draft {draft.pk} {known}, with {other}. Edit that draft, or give this one a ref of its own.")


def what_differs(draft: Draft, wanted: Wanted) -> str:
    """What it leaves out it does not change."""
    written = next(iter(draft.decisions.all()), None)
    if written is None or written.digest != wanted.digest():
        return "other content"
    told = beside(wanted.details["title"], wanted.details["suggested_at"])
    different = [name for name, value in told.items() if value and draft.as_brought(name) != value]
    return " and ".join(OTHER[name] for name in different)


OTHER = {"title": "another title", "suggested_at": "another suggested time"}
