import pytest
from django.contrib.auth.models import User

from sophia.notifications.announce import announce
from sophia.notifications.models import Delivery, Notice, Subscription
from sophia.refusals import NotAllowed
from tests import make


@pytest.fixture
def subscribe(settings, operator):
    settings.SOPHIA_NOTICE_HOSTS = ["hooks.example"]

    def make_one(by=operator, **details):
        details = {"name": "Channel", "url": "json://hooks.example/", "preset": "everything"} | details
        return Subscription.objects.subscribe(by=by, **details)

    return make_one


def tell(account, word="Told."):
    announce("post.vanished", word, urgent=True, client=account.client_id if account else None)


def test_a_persons_channel_tells_only_of_their_clients(subscribe, member, page, bakery):
    subscribe(person=member)
    for account in (page, bakery, None):
        tell(account)
    told = Delivery.objects.values_list("notice__client", flat=True)
    assert set(told) == {bakery.client_id, None}


@pytest.mark.parametrize("who", ["operator", "boss"])
def test_one_of_somebody_who_works_for_all_tells_of_all(subscribe, request, page, bakery, who):
    person = request.getfixturevalue(who)
    if person.is_superuser:
        make.member(person)
    subscribe(person=person)
    tell(page)
    assert Delivery.objects.count() == 1


def test_who_works_for_nobody_is_told_of_nobody(subscribe, member, page, bakery):
    subscribe(person=make.member(member))
    tell(bakery)
    assert not Delivery.objects.exists()


def test_what_waits_for_somebody_who_lost_the_client_is_not_sent(subscribe, member, page, bakery):
    channel = subscribe(person=member)
    tell(bakery)
    make.member(member, page.client)
    Subscription.objects.get(pk=channel.pk).deliver()
    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.problem) == ("skipped", "Its person does not work for this client.")


def test_a_member_reads_and_counts_only_their_notices(signed_in, member, page, bakery):
    tell(page, "Theirs.")
    tell(bakery, "Ours.")
    seen = signed_in(member).get("/notices/?show=all").text
    assert "Ours." in seen
    assert "Theirs." not in seen
    assert Notice.objects.unread_by(member).count() == Notice.objects.visible_to(member).worth(member).count()


def test_a_channel_for_all_is_changed_only_by_people_who_work_for_all(subscribe, member, page, bakery):
    channel, theirs = subscribe(), subscribe(clients=[page.client, bakery.client])
    for one in (channel, theirs):
        with pytest.raises(NotAllowed, match="does not work for every client"):
            one.switch_off(by=member)
    subscribe(clients=[bakery.client]).switch_off(by=member)


def test_their_own_channel_stays_theirs(subscribe, member, page):
    channel = subscribe(person=member)
    make.member(member, page.client)
    channel.switch_off(by=User.objects.get(pk=member.pk))


def test_their_own_channel_names_no_client_that_they_left(subscribe, signed_in, member, page, bakery):
    channel = subscribe(person=member, clients=[bakery.client])
    browser = signed_in(make.member(member, page.client))
    for address in ("/notices/subscriptions/", channel.get_absolute_url()):
        seen = browser.get(address).text
        assert "Padaria Sol" not in seen
        assert "one of your" in seen.lower()
