"""What happens between a notice and its arrival. Time is frozen; the channel is a web server."""

from datetime import time, timedelta

import pytest
from django.utils import timezone
from django_q.models import OrmQ

from sophia.notifications import tasks
from sophia.notifications.announce import announce
from sophia.notifications.models import Delivery, Notice, Subscription
from sophia.notifications.models.sending import BROKEN_AFTER
from sophia.refusals import Refused, WrongState
from tests import make
from tests.draining import drain
from tests.notices.standins import WebHook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def still(clock):
    return clock


def tell(*sentences, kind="publication.failed", **details):
    for sentence in sentences:
        announce(kind, sentence, **details)


def wait(clock, **duration):
    """Time passes as it does with workers: every minute the sweep comes, and the alarms ring. Over hours, every ten."""
    left = timedelta(**duration)
    step = timedelta(minutes=1 if left < timedelta(hours=1) else 10)
    while left > timedelta():
        clock.tick(min(left, step))
        left -= step
        tasks.sweep()
        drain()


def states():
    return [delivery.get_state_display() for delivery in Delivery.objects.order_by("pk")]


def first_lines(hook):
    return [message.split("\n")[0] for message in hook.messages]


def test_a_notice_arrives_at_once_and_once(subscribe, hook, page, settings):
    subscribe()
    OrmQ.objects.all().delete()
    tell("It failed.", client=page.client_id, link="/queue/5/")
    drain()
    assert hook.messages == ["It failed.\n\nClient: Café Lua\nhttp://testserver/queue/5/"]
    delivery = Delivery.objects.get()
    assert (delivery.get_state_display(), delivery.tries, delivery.sent_at) == ("sent", 1, timezone.now())
    assert Subscription.objects.get().last_ok_at == timezone.now()
    assert Subscription.objects.get().claim_token is None


def test_notices_arrive_one_by_one_in_order(subscribe, hook):
    subscribe()
    tell("One.", "Two.", "Three.")
    drain()
    assert first_lines(hook) == ["One.", "Two.", "Three."]


def test_an_alarm_that_was_lost_is_set_again_by_the_sweep(subscribe, hook, clock):
    subscribe()
    tell("One.")
    OrmQ.objects.all().delete()
    wait(clock, minutes=1)
    assert first_lines(hook) == ["One."]


def test_a_refused_notice_is_tried_again_later_and_later(subscribe, hook, clock):
    subscribe()
    hook.refuse()
    tell("One.", "Two.")
    drain()
    assert len(hook.got) == 1
    for waited in (30, 120, 600, 1800, 3600, 3600):
        clock.tick(waited - 1)
        tasks.sweep()
        drain()
        before = len(hook.got)
        clock.tick(1)
        tasks.sweep()
        drain()
        assert len(hook.got) == before + 1
    assert first_lines(hook) == ["One."] * 7
    assert "error=500" in Subscription.objects.get().last_problem


def test_after_a_failure_the_order_is_kept(subscribe, hook, clock):
    subscribe()
    hook.refuse()
    tell("One.", "Two.")
    drain()
    hook.accept()
    tell("Three.")
    assert drain() >= 0
    wait(clock, minutes=1)
    assert first_lines(hook) == ["One.", "One.", "Two.", "Three."]
    assert Subscription.objects.get().failures == 0


def test_one_channel_that_refuses_delays_no_other(subscribe, hook, settings):
    with WebHook() as ill:
        settings.SOPHIA_NOTICE_HOSTS = [hook.host, ill.host]
        ill.refuse()
        subscribe("Ill", url=ill.url)
        subscribe("Well")
        tell("One.")
        drain()
        assert (first_lines(ill), first_lines(hook)) == (["One."], ["One."])
    assert states() == ["waiting", "sent"]


def test_channels_that_hang_leave_workers_to_those_that_work(subscribe, hook, clock):
    made = [subscribe(name) for name in ("Ill", "Ill too", "Ill as well", "Well")]
    Subscription.objects.exclude(name="Well").update(failures=1)
    for subscription in made:
        subscription.refresh_from_db()
    assert [subscription.claim(timezone.now()) for subscription in made] == [True, True, False, True]
    made[0].release()
    assert made[2].claim(timezone.now())


def test_many_that_waited_are_folded_into_one_message(subscribe, hook, clock):
    subscribe()
    Subscription.objects.update(next_try_at=timezone.now() + timedelta(minutes=10))
    tell(*(f"Number {number}." for number in range(35)))
    tell("The house burns.", urgent=True)
    wait(clock, minutes=11)
    urgent, message = hook.messages
    assert urgent.startswith("Urgent: The house burns.")
    assert message.startswith("These waited, so they come in one message:")
    assert "Urgent" not in message
    assert "… and 5 more." in message
    assert set(states()) == {"sent"}


def test_a_burst_comes_as_twenty_and_then_one_message_a_minute(subscribe, hook, clock):
    subscribe()
    for number in range(100):
        tell(f"Number {number}.")
        drain()
    tell("The house burns.", urgent=True)
    drain()
    assert first_lines(hook)[-2:] == ["Number 19.", "Urgent: The house burns."]
    wait(clock, minutes=1)
    assert len(hook.messages) == 22
    assert "Number 20." in hook.messages[-1]
    assert set(states()) == {"sent"}
    tell("Later.")
    wait(clock, minutes=2)
    assert first_lines(hook)[-1] == "Later."


def test_what_waits_for_somebody_who_left_is_skipped(subscribe, hook, author, clock):
    subscribe(person=author)
    tell("One.")
    author.is_active = False
    author.save()
    wait(clock, minutes=1)
    assert (states(), hook.messages) == (["skipped"], [])


def test_what_could_not_be_sent_for_a_day_is_given_up(subscribe, hook, clock):
    subscribe()
    hook.refuse()
    tell("One.")
    wait(clock, hours=23)
    assert states()[:1] == ["waiting"]
    wait(clock, hours=1, minutes=1)
    assert states()[:1] == ["given up"]
    assert "error=500" in Delivery.objects.earliest("pk").problem


def fail_until_broken(hook, clock):
    hook.refuse()
    tell("One.")
    wait(clock, hours=8)


def test_after_ten_failures_in_a_row_a_channel_is_broken(subscribe, hook, clock):
    made = subscribe("Team")
    fail_until_broken(hook, clock)
    made.refresh_from_db()
    assert len(hook.got) == BROKEN_AFTER
    assert made.broken_since
    notice = Notice.objects.get(kind="subscription.broken")
    assert notice.urgent
    assert notice.sentence.startswith("The channel “Team” (JSON at 127.0.0.1:")
    assert notice.link == made.get_absolute_url()
    assert "secret-path" not in notice.sentence
    wait(clock, hours=3)
    assert len(hook.got) == BROKEN_AFTER


def test_that_a_channel_is_broken_is_told_through_the_others_alone(subscribe, hook, clock):
    made = subscribe("Ill", preset="chosen", kinds=["publication.failed", "subscription.broken"])
    other = subscribe("Well", preset="chosen", kinds=["subscription.broken"])
    fail_until_broken(hook, clock)
    hook.accept()
    wait(clock, hours=2)
    assert list(other.deliveries.values_list("notice__kind", flat=True)) == ["subscription.broken"]
    assert not made.deliveries.filter(notice__kind="subscription.broken").exists()
    assert first_lines(hook)[-1].startswith("Urgent: The channel “Ill”")


def test_a_test_that_arrives_mends_it_and_what_is_not_too_old_goes_on(subscribe, hook, clock, operator):
    made = subscribe()
    fail_until_broken(hook, clock)
    tell("Later.")
    hook.accept()
    made.refresh_from_db()
    made.test(by=operator)
    drain()
    assert made.broken_since is None
    assert first_lines(hook)[-3:] == ["This is a test of “Team”. Notices arrive here.", "One.", "Later."]


def test_a_test_that_is_refused_says_what_the_channel_said(subscribe, hook, operator):
    made = subscribe()
    hook.refuse(403)
    with pytest.raises(Refused, match=r"The test did not arrive\. JSON: .*error=403"):
        made.test(by=operator)
    made.refresh_from_db()
    assert (made.failures, made.broken_since) == (0, None)


def test_another_address_mends_it_too(subscribe, hook, clock, operator):
    made = subscribe()
    fail_until_broken(hook, clock)
    hook.accept()
    made.refresh_from_db()
    made.edit(by=operator, url=hook.url + "/new")
    drain()
    assert hook.got[-1][0] == "/secret-path/new"
    assert (made.broken_since, states()[0]) == (None, "sent")


def test_an_edit_without_an_address_keeps_it(subscribe, hook, operator):
    made = subscribe()
    made.edit(by=operator, name="Renamed")
    assert Subscription.objects.get().url == hook.url


def test_of_two_workers_one_sends(subscribe, hook):
    made = subscribe()
    tell("One.")
    other = Subscription.objects.get()
    assert made.claim(timezone.now())
    other.deliver()
    assert hook.got == []
    made.release()
    drain()
    assert first_lines(hook) == ["One."]


def test_the_claim_of_a_dead_worker_runs_out(subscribe, hook, clock):
    made = subscribe()
    tell("One.")
    assert made.claim(timezone.now())
    drain()
    wait(clock, minutes=2)
    assert first_lines(hook) == ["One."]


def test_what_comes_while_a_job_ends_is_not_left_behind(subscribe, hook):
    made = subscribe()
    assert made.claim(timezone.now())
    tell("One.")
    drain()
    made.release()
    drain()
    assert first_lines(hook) == ["One."]


def test_a_subscription_switched_off_in_the_middle_sends_nothing_more(subscribe, hook, operator):
    made = subscribe()
    tell("One.", "Two.")
    made.claim(timezone.now())
    made.send_next()
    Subscription.objects.get().switch_off(by=operator)
    assert not made.send_next()
    assert (first_lines(hook), states()) == (["One."], ["sent", "skipped"])


def test_a_job_does_not_go_on_to_an_address_that_was_switched_off_meanwhile(subscribe, hook, operator):
    made = subscribe()
    tell("One.", "Two.")
    made.claim(timezone.now())
    made.send_next()
    Subscription.objects.get().switch_off(by=operator)
    # Planned by a transaction that began before, and is committed only now.
    Delivery.objects.filter(state=Delivery.State.SKIPPED).update(state=Delivery.State.WAITING)
    assert not made.send_next()
    assert first_lines(hook) == ["One."]


def test_nor_to_one_that_was_replaced_meanwhile(subscribe, hook, operator, settings):
    made = subscribe()
    tell("One.", "Two.")
    made.claim(timezone.now())
    made.send_next()
    Subscription.objects.get().edit(by=operator, url=f"{hook.url}/another")
    assert not made.send_next()
    assert first_lines(hook) == ["One."]


def test_each_urgent_notice_comes_by_itself_however_many_wait(subscribe, hook, clock):
    subscribe()
    Subscription.objects.update(next_try_at=timezone.now() + timedelta(minutes=10))
    tell(*(f"Number {number}." for number in range(25)))
    tell("The roof is gone.", "The house burns.", urgent=True)
    wait(clock, minutes=11)
    assert first_lines(hook)[:2] == ["Urgent: The roof is gone.", "Urgent: The house burns."]
    assert len(hook.messages) == 3


def test_what_is_folded_is_told_on_the_clients_clock(subscribe, hook, clock, page):
    clock.move_to("2026-06-01 10:00:00")
    subscribe()
    Subscription.objects.update(next_try_at=timezone.now() + timedelta(minutes=10))
    tell(*(f"Number {number}." for number in range(25)), client=page.client_id)
    wait(clock, minutes=11)
    assert "Mon 01 Jun 11:00 Europe/Lisbon  Café Lua: Number 0." in hook.messages[0]


def test_what_arrives_while_it_is_switched_off_is_noted_as_sent(subscribe, hook, operator):
    made = subscribe()
    tell("One.")
    made.claim(timezone.now())
    batch = made.next_batch(timezone.now())
    made.reach(lambda: made.message(batch))
    Subscription.objects.get().switch_off(by=operator)
    made.note_sent(batch)
    assert states() == ["sent"]


def test_switched_on_again_it_gets_what_comes_from_then_on(subscribe, hook, operator):
    made = subscribe()
    made.switch_off(by=operator)
    tell("Unheard.")
    made.switch_on(by=operator)
    tell("Heard.")
    drain()
    assert first_lines(hook) == ["Heard."]


def test_off_is_off_and_on_is_on(subscribe, operator):
    made = subscribe()
    with pytest.raises(WrongState, match="on already"):
        made.switch_on(by=operator)
    made.switch_off(by=operator)
    with pytest.raises(WrongState, match="off already"):
        made.switch_off(by=operator)


def test_a_failure_of_the_old_address_says_nothing_about_the_new_one(subscribe, hook, operator):
    made = subscribe()
    tell("One.")
    made.claim(timezone.now())
    batch = made.next_batch(timezone.now())
    Subscription.objects.get().edit(by=operator, url=hook.url + "/new")
    made.note_failure(batch, "The old one is away.")
    now = Subscription.objects.get()
    assert (now.failures, now.last_problem) == (0, "")


def test_an_address_under_a_lost_key_is_never_sent(subscribe, hook):
    made = subscribe()
    stored = "gAAAAABanything"
    make.behind_the_back(made, url=stored)
    tell("One.")
    drain()
    made.refresh_from_db()
    assert made.broken_since
    assert "FIELD_ENCRYPTION_KEY lacks its key" in made.last_problem
    assert made.url == stored
    assert hook.got == []


def test_a_digest_tells_everything_since_in_one_message(subscribe, hook, clock):
    clock.move_to("2026-06-01 06:00:00")
    subscribe(digest_at=time(9), timezone="Europe/Berlin")
    tell("One.", "Two.")
    wait(clock, minutes=59)
    assert hook.got == []
    wait(clock, minutes=1)
    (message,) = hook.messages
    assert message.startswith("Since the last digest:")
    assert message.index("One.") < message.index("Two.")
    assert "Mon 01 Jun 08:00 Europe/Berlin  One." in message
    tell("Tomorrow.")
    wait(clock, hours=23)
    assert len(hook.got) == 1


def test_what_is_urgent_does_not_wait_for_the_digest(subscribe, hook, clock):
    subscribe(digest_at=(timezone.now() + timedelta(hours=2)).time())
    tell("Calm.")
    tell("Fire.", urgent=True)
    drain()
    assert first_lines(hook) == ["Urgent: Fire."]


def test_quiet_hours_keep_everything_but_the_urgent(subscribe, hook, clock):
    clock.move_to("2026-06-01 21:30:00")
    subscribe(quiet_from=time(22), quiet_until=time(7))
    clock.tick(timedelta(hours=1))
    tell("Calm.")
    tell("Fire.", urgent=True)
    wait(clock, hours=8)
    assert first_lines(hook) == ["Urgent: Fire."]
    wait(clock, minutes=31)
    assert first_lines(hook) == ["Urgent: Fire.", "Calm."]


def test_a_retry_does_not_break_the_quiet(subscribe, hook, clock):
    clock.move_to("2026-06-01 21:59:50")
    subscribe(quiet_from=time(22), quiet_until=time(7))
    hook.refuse()
    tell("Calm.")
    drain()
    hook.accept()
    wait(clock, hours=8)
    assert len(hook.got) == 1
    wait(clock, hours=1, minutes=1)
    assert first_lines(hook) == ["Calm.", "Calm."]


def test_changed_hours_hold_for_what_waits(subscribe, hook, clock, operator):
    made = subscribe(digest_at=(timezone.now() + timedelta(hours=5)).time())
    tell("One.")
    made.edit(by=operator, digest_at=None)
    drain()
    assert first_lines(hook) == ["One."]


def test_a_bug_counts_as_a_failure_and_reaches_the_log_without_the_address(subscribe, monkeypatch, caplog):
    team = subscribe()
    monkeypatch.setattr("apprise.Apprise.notify", failing(RuntimeError(f"Cannot send to {team.url}")))
    tell("One.")
    drain()
    found = Subscription.objects.get()
    assert (found.failures, found.last_problem) == (
        1,
        "Sophia met an error of its own, RuntimeError: its log says where.",
    )
    assert found.next_try_at == timezone.now() + timedelta(seconds=30)
    assert "channels.py" in caplog.text
    assert team.url not in caplog.text


def failing(error):
    def notify(*_, **__):
        raise error

    return notify
