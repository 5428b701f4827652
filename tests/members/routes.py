"""Every address of Sophia: how something of another client is asked for there, and what comes back.

A new route belongs in here. Ask for one thing of `theirs` (tests/members/scene.py) by each method that the route takes.
What is theirs is not there for a member of another client: 404, as for what never was.
"""

from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin

from tests.members.scene import FOUND_BY

MISSING = 404
REFUSED = 403
WRONG = 422
"""The form does not know what was chosen."""
ELSEWHERE = 302


@dataclass(frozen=True)
class Ask:
    of: str = ""
    """Which of theirs the address names. Empty: the address names nothing."""
    member: int = MISSING
    """What a member of another client gets."""
    stranger: int = REFUSED
    """What somebody without a role gets."""
    post: dict[str, Any] | None = None
    """What is posted. None: it is a GET. A value that starts with `theirs.` is a number of one of theirs."""
    query: str = ""
    path: dict[str, Any] = field(default_factory=dict)
    """What else the address needs."""


def listed(query: str = "", **more: Any) -> Ask:
    return Ask(member=200, query=query, **more)


def posted(of: str = "", **typed: Any) -> Ask:
    return Ask(of, post=typed)


NOTHING: dict[str, Any] = {}
OURS = {
    "home": [listed(stranger=200)],
    "favicon": [Ask(member=ELSEWHERE, stranger=ELSEWHERE)],
    # The pages of ours.
    "admin_login": [listed(stranger=200)],
    "admin_logout": [Ask(member=ELSEWHERE, stranger=ELSEWHERE, post=NOTHING)],
    "admin_password_change": [Ask(member=ELSEWHERE, stranger=ELSEWHERE)],
    "login": [listed(stranger=200)],
    "login_code": [Ask(member=ELSEWHERE, stranger=ELSEWHERE)],
    "you:you": [listed(stranger=200)],
    "you:password": [listed(stranger=200)],
    "you:elsewhere": [Ask(member=ELSEWHERE, stranger=ELSEWHERE, post=NOTHING)],
    "you:factor": [listed(stranger=200)],
    "you:codes": [Ask(member=ELSEWHERE, stranger=ELSEWHERE, post=NOTHING)],
    "you:remove": [Ask(member=ELSEWHERE, stranger=ELSEWHERE, post=NOTHING)],
    "logout": [Ask(member=ELSEWHERE, stranger=ELSEWHERE, post=NOTHING)],
    "metrics": [Ask(stranger=MISSING)],
    "healthz": [Ask(member=503, stranger=503)],
    "health": [listed()],
    # By a token alone: test_every_api_route.py walks behind it.
    "api": [Ask(stranger=MISSING, path={"rest": "nowhere"})],
    "api_stream": [Ask(member=401, stranger=401)],
    "tokens:tokens": [Ask(member=REFUSED)],
    "tokens:make": [Ask(member=REFUSED)],
    "tokens:revoke": [Ask(member=REFUSED, path={"pk": "theirs.token"}, post=typed) for typed in (None, NOTHING)],
    "events": [Ask(member=503, stranger=503)],  # It streams under ASGI alone: tests/live/test_members.py
    "search": [listed(f"q={FOUND_BY}"), listed("client={client}"), listed("state=in_review")],
    "search_export": [listed(f"q={FOUND_BY}"), listed("state=queued"), listed("client={client}")],
    "notices:notices": [listed(), listed("show=all"), listed("show=urgent"), listed("show=all&client={client}")],
    "notices:read": [Ask(member=ELSEWHERE, post={"up_to": "1"})],
    "notices:subscriptions": [listed(), listed("broken=1")],
    "notices:new": [
        listed(),
        Ask(member=WRONG, post={"name": "x", "url": "json://hooks.example/", "clients": "theirs.client"}),
        Ask(member=WRONG, post={"name": "x", "url": "json://hooks.example/", "preset": "worth", "timezone": "UTC"}),
    ],
    "notices:subscription": [Ask("subscription")],
    "notices:edit": [Ask("subscription"), posted("subscription", name="x")],
    "notices:test": [posted("subscription")],
    "notices:off": [posted("subscription")],
    "notices:on": [posted("subscription")],
    "calendar": [listed(), listed("client={client}"), listed("month=2026-11"), listed("day=2026-11-25")],
    "calendar:move": [Ask("planned"), posted("planned", at="2026-12-01T10:00")],
    "calendar:openings": [Ask("planned")],
    "calendar:slot": [Ask("planned", query="at=2026-12-01T10:00")],
    "calendar:feed": [Ask(stranger=MISSING, path={"ticket": "guessed"})],
    "calendar:make_feed": [posted("client")],
    "calendar:revoke_feed": [posted("feed")],
    "approval:review": [
        Ask(member=ELSEWHERE),
        *(listed(f"state={state}") for state in ("draft", "approved", "rejected", "skipped")),
        listed("stale=1"),
        Ask(member=200, query="client={client}"),
    ],
    "approval:new": [listed(), Ask(member=WRONG, post={"account": "theirs.account", "text": "x"})],
    "approval:upload": [Ask(member=WRONG, post=NOTHING)],
    "approval:together": [
        listed(),
        Ask(member=ELSEWHERE, query="draft={draft}"),
        Ask(member=ELSEWHERE, post={"draft": "theirs.draft"}),
    ],
    "approval:replace": [posted("recovery")],
    "approval:draft": [Ask("draft"), Ask("rejected")],
    "approval:edit": [Ask("draft"), posted("draft", text="x")],
    "approval:rework": [posted("draft")],
    "approval:submit": [posted("unsubmitted")],
    "approval:withdraw": [posted("draft")],
    "approval:approve": [posted("draft", when="now")],
    "approval:reject": [posted("draft")],
    "approval:skip": [posted("draft")],
    "approval:reopen": [posted("rejected")],
    "approval:export": [listed(), listed("state=rejected"), listed("client={client}")],
    "approval:import": [listed(), Ask(member=WRONG, post=NOTHING)],
    "approval:import_template": [listed()],
    "approval:batch": [Ask("batch", ELSEWHERE)],
    "approval:confirm_import": [Ask("batch", ELSEWHERE, post=NOTHING)],
    "approval:links": [listed()],
    "approval:make_link": [
        listed(),
        listed("client={client}"),
        Ask(member=WRONG, post={"client": "theirs.client", "person": "x", "days": "7"}),
    ],
    "approval:revoke_link": [Ask("link"), posted("link")],
    "publishing:outbound_check": [Ask(stranger=MISSING, path={"ticket": "guessed.jpg"})],
    "publishing:outbound": [Ask(stranger=MISSING, path={"ticket": "guessed.jpg"})],
    "publishing:image": [Ask("image")],
    "publishing:queue": [
        listed(),
        listed("client={client}"),
        *(listed(f"{name}=1") for name in ("today", "held", "lately")),
        *(listed(f"needs={word}") for word in ("any", "recovery", "lookalike", "missed", "handoff")),
        *(listed(f"state={word}") for word in ("queued", "published", "missed", "handoff")),
    ],
    "publishing:export": [listed(), listed("state=queued"), listed("needs=recovery"), listed("client={client}")],
    "publishing:missed": [
        Ask(member=ELSEWHERE, query="how=now&pk={missed}"),
        Ask(member=ELSEWHERE, post={"how": "drop", "pk": "theirs.missed"}),
    ],
    "publishing:publication": [Ask("planned"), Ask("out")],
    "publishing:cancel": [posted("planned")],
    "publishing:release": [posted("twin")],
    "publishing:retry": [posted("missed")],
    "publishing:reschedule": [posted("planned", when="now")],
    "publishing:preflight": [posted("planned")],
    "publishing:package": [Ask("by_hand")],
    "publishing:dossier": [Ask("out")],
    "publishing:dossier_data": [Ask("out")],
    "publishing:confirm": [posted("by_hand", link="https://facebook.com/1")],
    "publishing:deny": [posted("by_hand")],
    "publishing:recover": [posted("out", reason="x", urgency="immediate", sure="on")],
    "publishing:ours": [posted("by_hand", candidate="1")],
    "publishing:not_ours": [posted("by_hand", candidate="1")],
    "publishing:which": [posted("by_hand", link="https://facebook.com/1")],
    "publishing:unknown": [posted("by_hand", note="x")],
    "publishing:gone": [posted("asked", note="x")],
    "publishing:dismiss": [posted("recovery", note="x")],
    "publishing:leftover_done": [posted("leftover")],
    "publishing:emergencies": [listed(), Ask(member=WRONG, query="client={client}&span=24")],
    "publishing:start_emergency": [
        Ask(member=ELSEWHERE, post={"client": "theirs.client", "since": "2026-11-25 10:00"})
    ],
    "publishing:emergency": [Ask("emergency")],
    "publishing:emergency_again": [posted("emergency")],
    "publishing:pauses": [listed()],
    "publishing:start_pause": [
        Ask(member=WRONG, post={"scope": "everything", "reason": "x"}),
        Ask(member=WRONG, post={"scope": "platform:facebook", "reason": "x"}),
    ],
    "publishing:lift": [Ask("pause"), posted("pause")],
}
BY_TOKEN = ("drafts", "draft", "approve", "comment", "image")
"""A link opens what it opens for whoever holds its secret, signed in or not. Nobody can guess one."""
BEHIND_LINKS = {
    f"client:{name}": [
        Ask(
            stranger=MISSING,
            path={"token": "guessed"}
            | ({"pk": 1} if name in {"draft", "approve", "comment"} else {})
            | ({"sha256": "0" * 64} if name == "image" else {}),
            post=NOTHING if name in {"approve", "comment"} else None,
        )
    ]
    for name in BY_TOKEN
}
LOGIN = 302
"""Where the admin sends whoever is not staff."""
ADMIN = {
    "admin:index": [listed(stranger=LOGIN)],
    "admin:login": [listed(stranger=200)],
    "admin:logout": [Ask(member=ELSEWHERE, stranger=LOGIN, post=NOTHING)],
    "admin:password_change": [Ask(member=ELSEWHERE, stranger=ELSEWHERE)],
    "admin:password_change_done": [listed(stranger=LOGIN)],
    "admin:autocomplete": [
        Ask(
            member=200, stranger=LOGIN, query=f"app_label=approval&model_name=decision&field_name=draft&term={FOUND_BY}"
        ),
        Ask(member=200, stranger=LOGIN, query="app_label=publishing&model_name=socialaccount&field_name=client&term="),
    ],
    "admin:jsi18n": [listed(stranger=LOGIN)],
    # It only says where a page would be, which is not there then.
    "admin:view_on_site": [
        Ask(member=ELSEWHERE, stranger=LOGIN, path={"content_type_id": "theirs.kind", "object_id": "theirs.draft"})
    ],
    "admin:app_list": [
        *(listed(stranger=LOGIN, path={"app_label": name}) for name in ("approval", "publishing", "notifications"))
    ],
}
SUPERUSERS = {"auth", "django_q", "signin"}
WRITTEN = {"client", "socialaccount"}
"""What is written in the admin; everything else is written by verbs."""


def of_the_admin(model: Any) -> dict[str, list[Ask]]:
    """What the admin makes for each model. It answers for what is not there with its first page."""
    label, name = model._meta.app_label, model._meta.model_name
    start = f"admin:{label}_{name}_"
    if label in SUPERUSERS:
        closed = Ask(member=REFUSED, stranger=LOGIN)
        none = {"object_id": "999999"}
        row = Ask(member=REFUSED, stranger=LOGIN, path=none)
        opened = {f"{start}{page}": [closed] for page in ("changelist", "add")}
        gone = {f"{start}history": [Ask(member=ELSEWHERE, stranger=LOGIN, path=none)]}
        return opened | gone | {f"{start}{verb}": [row] for verb in ("delete", "change")}
    row = {"object_id": f"theirs.{name}"}
    may_add = name in {"pause", "socialaccount"}
    return {
        f"{start}changelist": [
            listed(stranger=LOGIN),
            Ask(member=200, stranger=LOGIN, query=f"q={FOUND_BY}"),
        ],
        f"{start}add": [Ask(member=200 if may_add else REFUSED, stranger=LOGIN)],
        f"{start}history": [Ask(member=ELSEWHERE, stranger=LOGIN, path=row)],
        f"{start}delete": [Ask(member=REFUSED, stranger=LOGIN, path=row)],
        f"{start}change": [
            Ask(member=ELSEWHERE, stranger=LOGIN, path=row),
            Ask(member=ELSEWHERE if name in WRITTEN else REFUSED, stranger=LOGIN, path=row, post=NOTHING),
        ],
    }


PUBLIC = {
    f"sandbox:{name}"
    for name in (
        *("accounts", "faults", "foreign", "knobs", "remove_by_hand", "requests", "truth"),
        *("graph", "unversioned", "index", "image", "wall", "remove"),
    )
}
"""The pretended platforms, in development alone. What is on them is public, as on the real ones."""


def routes() -> dict[str, list[Ask]]:
    found = OURS | BEHIND_LINKS | ADMIN
    for model in admin.site._registry:
        found |= of_the_admin(model)
    found["admin:signin_securityevent_export"] = [Ask(member=REFUSED, stranger=LOGIN)]
    found["admin:auth_user_password_change"] = [Ask(member=REFUSED, stranger=LOGIN, path={"id": "1"})]
    return found
