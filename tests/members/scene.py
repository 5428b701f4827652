"""Everything that a client can have, with one word in all of it that nobody who works for another may ever read."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from approval.batches.models import Batch
from publishing.models import Emergency, Feed, Pause
from sophia.health import examination
from sophia.notifications.models import Delivery, Notice, Subscription
from tests import make

SECRET = "zephyrine"
FOUND_BY = "orchid"
"""What somebody may search for: pages repeat what was typed."""
SAID = f"{SECRET} {FOUND_BY}"


@pytest.fixture
def theirs(operator, author, settings):
    settings.SOPHIA_NOTICE_HOSTS = ["hooks.example"]
    account = make.account("facebook", f"{SECRET}1", f"Maison {SECRET}")
    found = SimpleNamespace(account=account, client=account.client, operator=operator)
    subscriptions(found)
    drafts(found, author)
    publications(found, author)
    doors(found)
    takedowns(found)
    found.pause = Pause.objects.start(by=operator, reason=SAID, account=account)
    make.behind_the_back(found.ill, text=f"{SAID} behind the back")
    examination.watch()
    rows(found)
    return found


def subscriptions(found):
    details = {"by": found.operator, "url": "json://hooks.example/secret", "preset": "everything"}
    found.subscription = Subscription.objects.subscribe(name=f"Team {SECRET}", clients=[found.client], **details)
    Subscription.objects.subscribe(name=f"House of {SECRET}", **details)


def drafts(found, author):
    pictures = [(make.image("gold"), f"{SAID} picture")]
    details = {"title": f"Title {SAID}", "link": f"https://{SECRET}.example/", "source": SAID, "pictures": pictures}
    found.draft = make.draft(
        found.account, author, text=f"{SAID} waits", ref=SECRET, suggested_at=timezone.now(), **details
    )
    found.unsubmitted = make.draft(found.account, author, text=f"{SAID} unsubmitted", submit=False)
    found.rejected = make.draft(found.account, author, text=f"{SAID} rejected")
    found.rejected.reject(by=found.operator, tags=[SECRET], note=SAID)
    found.image = pictures[0][0]
    table = f"account,text\n{found.account.label},{SAID}\n".encode()
    content = {"name": f"{SECRET}.csv", "content": table, "pictures": {}, "refused": {}, "submit": False}
    found.batch = Batch.objects.keep(by=found.operator, **content)


def publications(found, author):
    def approved(word, **details):
        draft = make.draft(found.account, author, text=f"{SAID} {word}")
        return make.approved(draft, found.operator, **details)

    soon = timezone.now() + timedelta(hours=1)
    found.out, found.asked = (approved(word) for word in ("out", "asked"))
    found.by_hand = approved("by hand", mode="manual")
    for each in (found.out, found.asked, found.by_hand):
        each.publish()
        each.refresh_from_db()
    found.planned, found.ill, found.twin = (approved(word, at=soon) for word in ("planned", "ill", "out"))
    found.missed = approved("missed")
    make.behind_the_back(found.missed, publish_at=soon - timedelta(days=1), slot_at=soon - timedelta(days=1))
    found.missed.publish()


def doors(found):
    found.feed = Feed.objects.make(found.client, by=found.operator)
    found.link, _ = make.client_link(found.client, found.operator)
    make.behind_the_back(found.link, person=f"Marta {SECRET}")
    found.link.visit(found.draft)
    found.link.comment(found.draft, text=f"{SAID} comment", digest="")


def takedowns(found):
    found.recovery = found.asked.recover(by=found.operator, reason=SAID, urgency="review")
    since = timezone.now() - timedelta(hours=2)
    found.emergency = Emergency.objects.start(by=found.operator, client=found.client, since=since, reason=SAID)


def rows(found):
    """What only the admin shows."""
    found.notice = Notice.objects.filter(client=found.client).first()
    found.delivery = Delivery.objects.filter(notice__client=found.client).first()
    found.token, _ = make.token(found.operator, clients=[found.client])
    found.attempt = found.out.attempts.first()
    found.leftover = found.out.preparations.get()
    make.behind_the_back(found.leftover, told_at=timezone.now(), problem=SAID)
    found.lookalike = found.twin.lookalikes.first()
    found.decision = found.draft.decisions.first()
    found.comment, found.visit = found.link.comments.first(), found.link.visits.first()
    found.publication, found.socialaccount, found.clientlink = found.planned, found.account, found.link
    found.kind = ContentType.objects.get_for_model(found.draft)
