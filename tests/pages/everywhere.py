"""A desk with something on every page, and the address of each of them."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from approval.batches import bringing
from approval.batches.models import Batch
from publishing.models import Emergency, Pause
from publishing.platforms import memory
from publishing.tasks import look_around
from sophia.notifications.announce import announce
from sophia.notifications.models import Subscription
from tests import make
from tests.draining import carry_out, drain

TABLE = b"account,text,images\nfacebook:1001,Fresh bread.,loaf.jpg\nfacebook:9,Rolls.,\n"


@pytest.fixture
def everywhere(page, instagram, author, operator, client_pages, settings):
    """The paths of all pages that the operator may see, except where one is signed in to."""
    settings.SOPHIA_NOTICE_HOSTS = ["hooks.example"]
    announce("publication.failed", "Publication 7 is failed: no token.", link="/queue/", urgent=True)
    emergency = one_emergency(operator, author)
    publications = publications_in_many_states(page, author, operator)
    drafts = drafts_in_many_states(instagram, author, operator)
    pause = Pause.objects.start(by=operator, reason="Press incident", account=instagram)
    return [
        *lists(page),
        *(one.get_absolute_url() for one in [*drafts, half_approved(author, operator), *publications, emergency]),
        reverse("approval:edit", args=[drafts[0].pk]),
        *about(*publications[:2]),
        reverse("publishing:lift", args=[pause.pk]),
        *subscribed(operator),
        *importing(operator),
        *client_pages,
    ]


@pytest.fixture
def client_pages(draft, operator):
    """What somebody at a client sees, and where the operator gives and takes that."""
    link, start = make.client_link(draft.account.client, operator, approving=True)
    return [start, f"{start}{draft.pk}/", reverse("approval:revoke_link", args=[link.pk])]


def lists(page):
    names = "home health search notices:notices notices:subscriptions notices:new calendar approval:review"
    names += " approval:new approval:together approval:import approval:links approval:make_link"
    names += " publishing:queue publishing:pauses publishing:emergencies"
    names += " you:you you:factor you:password"
    today = f"{timezone.now():%Y-%m-%d}"
    return [
        *map(reverse, names.split()),
        "/api/v1/docs",
        "/search/?q=bread",
        "/search/?q=nowhere",
        "/review/?state=approved",
        "/queue/?state=published",
        "/queue/?needs=missed",
        f"/calendar/?month={today[:7]}",
        f"/calendar/?day={today}",
        f"/calendar/?client={page.client_id}",
        f"/takedown/?client={page.client_id}&span=24",
    ]


def about(planned, missed):
    names = reverse("calendar:move", args=[planned.pk]), reverse("publishing:dossier", args=[planned.pk])
    return [*names, *(f"{reverse('publishing:missed')}?how={how}&pk={missed.pk}" for how in ("now", "slot"))]


def drafts_in_many_states(account, author, operator):
    pictures = [(make.image("gold"), "A loaf"), (make.image("red"), "")]
    waiting, rejected, *others = [
        make.draft(account, author, text=f"Bread number {number} #lua @lua", pictures=pictures) for number in range(4)
    ]
    rejected.reject(by=operator, tags=["too long"], note="Half of it.")
    others[0].skip(by=operator)
    waiting.edit(by=author, text="Rolls, #lua.", link="", pictures=pictures, digest=waiting.digest())
    unsubmitted = make.draft(account, author, text="Not yet.", submit=False)
    return [waiting, rejected, *others, unsubmitted]


def half_approved(author, operator):
    """By the operator, of a client who wants two people."""
    account = make.account("facebook", "3003", "Duas Mãos")
    make.behind_the_back(account.client, approval_rule="two")
    account.client.refresh_from_db()
    draft = make.draft(account, author, text="Half approved.")
    draft.approve(by=operator, digest=draft.digest())
    return draft


def publications_in_many_states(account, author, operator):
    """The first is planned, the second missed."""

    def draft(text):
        return make.draft(account, author, text=text)

    in_a_day = timezone.now() + timedelta(hours=23)
    planned, ill = (make.approved(draft(text), operator, at=in_a_day) for text in ("Planned.", "Ill."))
    make.behind_the_back(ill, text="Something else.")
    look_around()
    drain()
    missed, by_hand = make.approved(draft("Missed."), operator), make.approved(draft("Hand."), operator, mode="manual")
    make.behind_the_back(missed, publish_at=in_a_day - timedelta(days=2), slot_at=in_a_day - timedelta(days=2))
    missed.publish()
    by_hand.publish()
    cancelled = make.approved(draft("Cancelled."), operator, at=in_a_day)
    cancelled.cancel(by=operator)
    out = make.published(draft("Out."), operator)
    return [planned, missed, ill, by_hand, cancelled, out, *taken_down(account, author, operator)]


def taken_down(account, author, operator):
    going, asked, stuck, gone = [
        make.published(make.draft(account, author, text=f"Price {number}."), operator) for number in range(4)
    ]
    memory.by_hand.add(stuck.post_id)
    carry_out(stuck.recover(by=operator, reason="Wrong price"))
    carry_out(gone.recover(by=operator, reason="Wrong price"))
    asked.recover(by=operator, reason="Wrong price", urgency="review")
    going.recover(by=operator, reason="Wrong price")
    return [going, asked, stuck, gone]


def one_emergency(operator, author):
    other = make.account("facebook", "2002", "Padaria Sol")
    out = make.published(make.draft(other, author, text="Wrong."), operator)
    since = timezone.now() - timedelta(hours=1)
    return Emergency.objects.start(by=operator, client=out.account.client, since=since, reason="Wrong prices")


def subscribed(operator):
    made = Subscription.objects.subscribe(by=operator, name="Team", url="json://hooks.example/secret")
    return [made.get_absolute_url(), reverse("notices:edit", args=[made.pk])]


def importing(operator):
    """One file that is being looked at, and one that was confirmed."""
    details = {"by": operator, "name": "a.csv", "content": TABLE, "pictures": {"loaf.jpg": make.image("gold")}}
    looked_at, done = (Batch.objects.keep(refused={}, submit=True, **details) for _ in range(2))
    bringing.bring(done, operator)
    return [reverse("approval:batch", args=[one.pk]) for one in (looked_at, done)]
