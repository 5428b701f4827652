"""What Facebook and Instagram have in common: reading proves, and lists are searched."""

import re
from abc import abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlsplit

from django.utils import timezone

from publishing.platforms.answers import Answer, text_of, web_address
from publishing.platforms.base import (
    Absence,
    Candidate,
    Content,
    Credentials,
    Kind,
    MustGoByHand,
    Platform,
    PlatformError,
    Receipt,
    Seen,
    Sent,
    Sight,
    TokenFacts,
)
from publishing.platforms.errors import is_absence
from publishing.platforms.graph import Graph
from publishing.platforms.ownership import candidates
from publishing.platforms.rehearsal import Rehearsal

SKEW = timedelta(minutes=5)
PAGES = 3
PAGE = 50
CONTROLS = 5
"""Posts that are tried, one after the other, until one can be read."""
LATEST = 4_102_444_800
"""The year 2100, in Unix seconds."""
NAME = 200
"""Characters of an account's name that are kept."""
PERMISSION = {3, 10, *range(200, 300)}
"""Codes that refuse for lack of a permission (platforms.md C4)."""
BAD_FIELD = 100
Match = tuple[datetime, Answer]


class MetaPlatform(Platform):
    app = "meta"
    # platforms.md, L3: no read tells the mode of the app.
    after_connecting = (
        "Look at its first post as a stranger, for example in a private window: while the app is in development mode, "
        "only people with a role in the app see what it publishes."
    )
    words: str
    """The field that holds the text of a post, and so on for the next two."""
    moment: str
    permalink: str
    edges: tuple[str, ...]
    """Lists of the account's posts."""
    listed: str
    """Fields to read in lists."""
    bare: str
    """Of them those that every version has."""
    shown: str
    """Fields to read of one post."""
    deleting: str
    """The permission that deleting needs."""

    def __init__(self, account: Credentials, *, base_url: str, version: str):
        super().__init__(account, base_url=base_url, version=version)
        self.graph = Graph(self.title, account.token, base_url=base_url, version=version, calls=self.calls)

    @property
    def title(self) -> str:
        return self.name.title()

    def rehearse(self, content: Content) -> tuple[Sent, ...]:
        self.graph = rehearsal = Rehearsal(self.title, base_url=self.base_url, version=self.version)
        self.commit(content, self.prepare(content))
        return tuple(rehearsal.sent)

    def scopes(self) -> tuple[str, ...] | None:
        """Told to tokens of persons only: a Page has no permissions (platforms.md E2)."""
        try:
            listed = self.graph.get("scopes", "me/permissions", needs="data")["data"]
        except PlatformError as error:
            if error.kind is Kind.REJECTED:
                return None
            raise
        return tuple(sorted(text_of(each.get("permission")) for each in listed if each.get("status") == "granted"))

    def inspect(self) -> TokenFacts | None:
        """E2. The one call with a token in its address: the platform knows no other way. Nothing keeps the address."""
        if not self.account.app_token:
            return None
        app = Graph(self.title, self.account.app_token, base_url=self.base_url, version=self.version, calls=self.calls)
        app.began = self.graph.began
        try:
            told = app.get("inspect", "debug_token", needs="object", input_token=self.account.token)["object"]
        except PlatformError:
            return None
        return facts_of(told) if told.get("is_valid") is True else None

    def remove(self, post_id: str) -> Sight:
        """It is deleted also where it cannot be read before: that may be a lack of permission, and deleting twice is
        harmless."""
        self._note_whether_live(post_id)
        refused = self._delete(post_id)
        if refused is None:
            self.deleted_at = timezone.now()
            return self._sight(post_id)
        if not self.is_readable(post_id):
            return Sight.GONE
        raise self.by_hand(refused) or refused

    def _note_whether_live(self, post_id: str) -> None:
        """For the evidence. Nothing but a block keeps the post up for it."""
        try:
            self.is_readable(post_id)
        except PlatformError as error:
            if error.kind is Kind.WAIT:
                raise

    def _delete(self, post_id: str) -> PlatformError | None:
        """None when the platform says that it is done. Any other answer is for reading to settle."""
        try:
            self.graph.delete(post_id)
        except PlatformError as refused:
            if refused.kind is Kind.WAIT:  # Reading would only lengthen the block.
                raise
            return refused
        return None

    def _sight(self, post_id: str) -> Sight:
        try:
            return Sight.LIVE if self.is_readable(post_id) else Sight.GONE
        except PlatformError as error:
            if error.kind is not Kind.RETRY:
                raise
            return Sight.UNCLEAR

    def is_readable(self, post_id: str) -> bool:
        if self.seen(post_id, "id") is None:
            return False
        self.seen_live_at = timezone.now()
        return True

    def by_hand(self, refused: PlatformError) -> MustGoByHand | None:
        """What this refusal to delete a post that can still be read means for a person. None: it may pass."""
        if is_absence(refused):
            said = f"another app made it, or the permission {self.deleting} is missing."
            return self.must_go_by_hand(refused, f"{self.title} shows the post, but not as one to delete: {said}")
        if refused.code in PERMISSION:
            said = f"the permission {self.deleting} is missing, or another app made it. Once the account is connected"
            said = f"{said} again with that permission, Sophia tries again by itself."
            return self.must_go_by_hand(refused, f"{self.title} does not allow Sophia to delete the post: {said}")
        return None

    def must_go_by_hand(self, refused: PlatformError, said: str, kind: Kind = Kind.REJECTED) -> MustGoByHand:
        return MustGoByHand(
            kind,
            said,
            code=refused.code,
            subcode=refused.subcode,
            status=refused.status,
            trace_id=refused.trace_id,
        )

    def prove_gone(self, post_id: str, controls: Sequence[str] = ()) -> Absence:
        if self.is_readable(post_id):
            return Absence(Sight.LIVE)
        self.require_account()
        listed = self._latest()
        if tail(post_id) in map(tail, listed or ()):
            return Absence(Sight.UNCLEAR)
        others = [each for each in (*controls, *(listed or ())) if tail(each) != tail(post_id)]
        control = next(filter(self._is_public, others[:CONTROLS]), "")
        return Absence(Sight.GONE, control, alone=listed is not None and not others)

    def _latest(self) -> list[str] | None:
        """Ids of the account's latest public posts, from those of its lists that can be read. They lag (A5). None: no
        list can be read."""
        found: list[str] | None = None
        for edge in self.edges:
            path = f"{self.account.external_id}/{edge}"
            try:
                page = self.graph.get("list", path, needs="data", fields=self.listed, limit=PAGE)
            except PlatformError as error:
                if error.kind is Kind.WAIT:
                    raise
                continue
            shown = (item for item in page["data"] if item.get("is_published") is not False)
            found = [*(found or ()), *(item["id"] for item in shown if item.get("id"))]
        return found

    def _is_public(self, post_id: str) -> bool:
        """Nothing but a block keeps the next one from being tried."""
        try:
            post = self.seen(post_id, self.shown)
        except PlatformError as error:
            if error.kind is Kind.WAIT:
                raise
            return False
        return post is not None and post.get("is_published") is not False

    def seen(self, object_id: str, fields: str, verb: str = "read", needs: str = "id") -> Answer | None:
        """The object, or None when it is missing or invisible. None proves nothing by itself: see `prove_gone`."""
        try:
            return self.graph.get(verb, object_id, needs=needs, fields=fields)
        except PlatformError as error:
            if not is_absence(error):
                raise
            return None

    def require_account(self) -> None:
        if self.seen(self.account.external_id, "id") is None:
            said = f"{self.title} does not show this account to its token. Reconnect the account."
            raise PlatformError(Kind.AUTH, said, code=100, subcode=33)

    def link_to(self, post_id: str) -> str:
        """What is public stays public, whether or not its address can be read. Asked twice: it is asked only now."""
        for _ in range(2):
            with suppress(PlatformError):
                return web_address(self.graph.get("read", post_id, fields=f"id,{self.permalink}").get(self.permalink))
        return ""

    def receipt(self, item: Answer) -> Receipt:
        return Receipt(item["id"], web_address(item.get(self.permalink)))

    def alike(self, content: Content, since: datetime, taken: frozenset[str]) -> tuple[Candidate, ...]:
        """From the first list that shows any."""
        for edge in self.edges:
            listed = self.listed_on(edge, since - SKEW)
            if found := candidates(listed, content, self.graph.there(since), taken, self.own_app):
                return found
        return ()

    @property
    def own_app(self) -> str:
        """The id of our app. Empty: nobody gave Sophia one."""
        return self.account.app_token.partition("|")[0]

    def listed_on(self, edge: str, earliest: datetime) -> list[Candidate]:
        """The public posts of one list. A further list may ask for a permission that the first does not (E5)."""
        try:
            listed = list(self._listed(edge, earliest))
        except PlatformError as error:
            if edge == self.edges[0] or error.kind is not Kind.AUTH:
                raise
            return []
        shown = ((moment, item) for moment, item in listed if item.get("id"))
        return [self.candidate(moment, item) for moment, item in shown if item.get("is_published") is not False]

    @abstractmethod
    def candidate(self, made_at: datetime, item: Answer) -> Candidate:
        """One post of a list."""

    def recognise(self, link: str, since: datetime) -> Seen | None:
        for edge in self.edges:
            for _, item in self._listed(edge, since):
                if item.get("id") and item.get("is_published") is not False and self._leads_to(link, item):
                    return Seen(self.receipt(item), normal(item.get(self.words)))
        return None

    def recent(self, since: datetime) -> list[Candidate]:
        found: dict[str, Candidate] = {}
        for edge in self.edges:
            listed = self.listed_on(edge, since - SKEW)
            if len(listed) >= PAGES * PAGE:
                said = f"{self.title} lists only the latest {PAGES * PAGE} posts, and as many were made since."
                raise PlatformError(Kind.REJECTED, said)
            found |= {post.receipt.post_id: post for post in listed}
        return list(found.values())

    def show(self, post_id: str) -> Seen | None:
        post = self.seen(post_id, self.shown)
        if post is None:
            self.require_account()
            return None
        public = post.get("is_published") is not False
        return Seen(self.receipt(post), normal(post.get(self.words)), public=public)

    def _leads_to(self, link: str, item: Answer) -> bool:
        own = web_address(item.get(self.permalink))
        number = item["id"].rpartition("_")[2]
        return is_address_of(own, link) or (number.isdigit() and re.search(rf"\D{number}(\D|$)", link) is not None)

    def _listed(self, edge: str, earliest: datetime) -> Iterator[Match]:
        """Newest first, up to three pages. Follows cursors: `paging.next` would put the token in an address."""
        cursor = None
        for _ in range(PAGES):
            path = f"{self.account.external_id}/{edge}"
            page = self._page_of(path, cursor)
            dated = [(moment, item) for item in page["data"] if (moment := when(item.get(self.moment)))]
            recent = [pair for pair in dated if pair[0] >= earliest]
            yield from recent
            cursor = cursor_after(page)
            if not cursor or (dated and not recent):
                return

    def _page_of(self, path: str, cursor: str | None) -> Answer:
        """With all that tells posts apart, or, where the platform refuses that, with what it has always told."""
        try:
            return self.graph.get("list", path, needs="data", fields=self.listed, limit=PAGE, after=cursor)
        except PlatformError as refused:
            if refused.code != BAD_FIELD or is_absence(refused) or self.listed == self.bare:
                raise
        self.listed = self.bare
        return self._page_of(path, cursor)


def facts_of(told: Answer) -> TokenFacts:
    scopes = told.get("scopes")
    return TokenFacts(
        tuple(sorted(scope for scope in scopes if text_of(scope))) if isinstance(scopes, list) else (),
        moment_of(told.get("expires_at")),
        moment_of(told.get("data_access_expires_at")),
        text_of(told.get("type"))[:NAME],
    )


def moment_of(seconds: Any) -> datetime | None:
    """Unix seconds; 0 is never, and so is whatever no calendar of ours could hold."""
    if type(seconds) is not int or not 0 < seconds < LATEST:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def tail(post_id: str) -> str:
    """What the two ways of writing a post's id have in common: with its account before it, and without."""
    return post_id.rpartition("_")[2]


def is_address_of(own: str, link: str) -> bool:
    """`link` leads where the platform's `own` address of a post does. People copy it from phones, with trackers behind
    it: it may say more, but it says all that tells this post from others, which many addresses do after the path."""
    known, copied = urlsplit(own), urlsplit(link)
    if not known.hostname or place(known) != place(copied):
        return False
    said = set(parse_qsl(copied.query, keep_blank_values=True))
    return said.issuperset(parse_qsl(known.query, keep_blank_values=True)) and known.fragment in {"", copied.fragment}


def place(parts: SplitResult) -> str:
    host = (parts.hostname or "").removeprefix("www.").removeprefix("m.").removeprefix("web.")
    return f"{host}{parts.path.rstrip('/')}"


def normal(text: Any) -> str:
    return str(text or "").replace("\r\n", "\n").strip()


def when(text: Any) -> datetime | None:
    """`2026-11-23T19:00:00+0000`, as Graph writes it."""
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def cursor_after(page: Answer) -> str | None:
    """A page may be empty and still have a next one (platforms.md A5), and its address may be all that names it."""
    paging = page.get("paging")
    if not isinstance(paging, dict) or not paging.get("next"):
        return None
    cursors = paging.get("cursors")
    named = text_of(cursors.get("after")) if isinstance(cursors, dict) else ""
    return named or cursor_in(text_of(paging["next"]))


def cursor_in(address: str) -> str | None:
    with suppress(ValueError):
        return dict(parse_qsl(urlsplit(address).query)).get("after")
    return None
