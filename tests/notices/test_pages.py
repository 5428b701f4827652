import pytest
from django.urls import reverse

from sophia.notifications.announce import announce
from sophia.notifications.models import Delivery, Subscription
from tests.draining import drain

pytestmark = pytest.mark.django_db
LIST = reverse("notices:subscriptions")
NEW = reverse("notices:new")


def typed(hook, **details):
    return {"name": "Team", "url": hook.url, "preset": "worth", "timezone": "Europe/Lisbon"} | details


def test_without_subscriptions_the_page_says_what_to_do(desk):
    page = desk.get(LIST).content.decode()
    assert "Nobody is told outside of this desk" in page
    assert NEW in page


def test_a_subscription_is_made_and_its_address_never_shown_again(desk, hook, page):
    answer = desk.post(NEW, typed(hook, clients=[page.client_id], quiet_from="22:00", quiet_until="07:00"), follow=True)
    made = Subscription.objects.get()
    assert (made.url, made.hint, made.created_by.username) == (hook.url, f"JSON at {hook.host}", "olga")
    assert list(made.clients.all()) == [page.client]
    shown = answer.content.decode()
    for address in (LIST, made.get_absolute_url(), reverse("notices:edit", args=[made.pk])):
        shown += desk.get(address).content.decode()
    assert "Saved. Send a test" in shown
    assert "quiet from 22:00 to 07:00" in shown
    assert "secret-path" not in shown


@pytest.mark.parametrize(
    ("details", "sentence"),
    [
        ({"url": ""}, "Write the address to send to"),
        ({"url": "gopher://x"}, "An address starts with one of tgram://"),
        ({"url": "json://10.0.0.1/"}, "Sophia may not send to 10.0.0.1"),
        ({"name": ""}, "Name: This field is required"),
        ({"timezone": "Mars/Base"}, "is not a timezone"),
        ({"preset": "chosen"}, "Choose at least one kind"),
        ({"quiet_from": "22:00"}, "Quiet hours need a beginning and another end"),
        ({"quiet_from": "22:00", "quiet_until": "22:00"}, "Quiet hours need a beginning and another end"),
        ({"clients": ["999"]}, "999 is not one of the available choices"),
    ],
)
def test_what_makes_no_sense_is_refused_and_kept_on_the_page(desk, hook, details, sentence):
    answer = desk.post(NEW, typed(hook) | details)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Subscription.objects.exists()


def test_an_edit_with_an_empty_address_keeps_it(desk, subscribe, hook):
    made = subscribe()
    desk.post(reverse("notices:edit", args=[made.pk]), typed(hook, url="", name="Renamed", preset="urgent"))
    made.refresh_from_db()
    assert (made.name, made.preset, made.url) == ("Renamed", "urgent", hook.url)


def test_chosen_kinds_are_ticked_again(desk, subscribe):
    made = subscribe(preset="chosen", kinds=["draft.edited"])
    page = desk.get(reverse("notices:edit", args=[made.pk])).content.decode()
    assert 'value="draft.edited" checked' in page
    assert 'value="draft.written" checked' not in page


def test_a_test_is_sent_at_once_and_says_so(desk, subscribe, hook):
    made = subscribe()
    answer = desk.post(reverse("notices:test", args=[made.pk]), follow=True)
    assert "The test was sent." in answer.content.decode()
    assert hook.messages == ["This is a test of “Team”. Notices arrive here.\n\nhttp://testserver/notices/"]


def test_a_test_that_is_refused_shows_what_the_channel_said(desk, subscribe, hook):
    made = subscribe()
    hook.refuse(403)
    answer = desk.post(reverse("notices:test", args=[made.pk]))
    assert answer.status_code == 422
    assert "The test did not arrive. JSON:" in answer.content.decode()


def test_off_and_on(desk, subscribe, operator):
    made = subscribe()
    assert "Off since" in desk.post(reverse("notices:off", args=[made.pk]), follow=True).content.decode()
    assert desk.post(reverse("notices:off", args=[made.pk])).status_code == 409
    made.refresh_from_db()
    assert made.off_by == operator
    desk.post(reverse("notices:on", args=[made.pk]))
    made.refresh_from_db()
    assert made.condition == "fine"


def test_the_deliveries_stand_on_the_page(desk, subscribe, hook, page):
    made = subscribe()
    announce("publication.failed", "It <b>failed</b>.", client=page.client_id)
    drain()
    shown = desk.get(made.get_absolute_url()).content.decode()
    assert "It &lt;b&gt;failed&lt;/b&gt;." in shown
    assert "Sent" in shown
    assert "Café Lua" in shown


def test_what_is_broken_says_what_to_do(desk, subscribe):
    made = subscribe()
    made.break_off(made.created_at)
    Subscription.objects.update(last_problem="Telegram: chat not found.")
    for address in (LIST, made.get_absolute_url()):
        shown = desk.get(address).content.decode()
        assert "Telegram: chat not found." in shown
        assert "send a test" in shown


def test_what_was_given_up_is_counted(desk, subscribe):
    subscribe()
    announce("publication.failed", "It failed.")
    Delivery.objects.update(state=Delivery.State.GIVEN_UP)
    assert "1 given up" in desk.get(LIST).content.decode()


def test_the_list_costs_the_same_for_many(desk, subscribe, django_assert_max_num_queries):
    for number in range(12):
        subscribe(f"Team {number}")
    with django_assert_max_num_queries(17):
        desk.get(LIST)


PAGES = [LIST, NEW]


@pytest.mark.parametrize("address", PAGES)
def test_a_visitor_is_sent_to_sign_in(client, address):
    assert client.get(address)["Location"].startswith("/login/")


@pytest.mark.parametrize("role", ["viewer", "author", "stranger"])
def test_only_operators_see_subscriptions(signed_in, request, subscribe, role):
    made = subscribe()
    browser = signed_in(request.getfixturevalue(role))
    for address in (*PAGES, made.get_absolute_url(), reverse("notices:edit", args=[made.pk])):
        assert browser.get(address).status_code == 403
    for verb in ("test", "off", "on"):
        assert browser.post(reverse(f"notices:{verb}", args=[made.pk])).status_code == 403


@pytest.mark.parametrize("verb", ["test", "off", "on"])
def test_a_verb_is_never_a_link(desk, subscribe, verb):
    assert desk.get(reverse(f"notices:{verb}", args=[subscribe().pk])).status_code == 405


def test_no_page_has_inline_styles_or_scripts(desk, subscribe):
    made = subscribe()
    for address in (*PAGES, made.get_absolute_url(), reverse("notices:edit", args=[made.pk])):
        shown = desk.get(address).content.decode()
        assert not {"style=", "<script>", "onclick"} & {
            word for word in ("style=", "<script>", "onclick") if word in shown
        }


def test_the_admin_shows_no_address(client, subscribe, admin_user):
    made = subscribe()
    announce("publication.failed", "It failed.")
    client.force_login(admin_user)
    shown = client.get(f"/admin/notifications/subscription/{made.pk}/change/").content.decode()
    shown += client.get("/admin/notifications/subscription/").content.decode()
    shown += client.get("/admin/notifications/delivery/").content.decode()
    assert "JSON at" in shown
    assert "secret-path" not in shown
    assert client.get("/admin/notifications/subscription/add/").status_code == 403


def test_notices_and_subscriptions_lead_to_each_other_and_home_to_both(desk, subscribe):
    made = subscribe("Team on Slack")
    announce("publication.failed", "It failed.")
    assert "Broken channel" not in desk.get("/").content.decode()
    made.break_off(made.created_at)
    assert 'href="/notices/subscriptions/"' in desk.get("/notices/").content.decode()
    assert 'href="/notices/"' in desk.get("/notices/subscriptions/").content.decode()
    home = desk.get("/").content.decode()
    assert "All notices" in home
    assert "Broken channel" in home


def test_the_notices_page_names_what_is_broken_and_why(desk, subscribe):
    made = subscribe("Team on Slack")
    made.note_failure([], "Slack: error=404.")
    assert "Slack: error=404." not in desk.get("/notices/").content.decode()
    Subscription.objects.get().break_off(made.created_at)
    shown = desk.get("/notices/").content.decode()
    assert f'The channel <a href="{made.get_absolute_url()}">Team on Slack</a> is broken' in shown


def test_of_somebody_who_left_it_says_so(desk, subscribe, author):
    made = subscribe(person=author)
    author.is_active = False
    author.save()
    assert "anna is no longer active" in desk.get(made.get_absolute_url()).content.decode()
    assert "Person left" in desk.get("/notices/subscriptions/").content.decode()


def test_the_first_page_counts_broken_channels_and_leads_to_them(desk, subscribe):
    made, _ = subscribe("Ill"), subscribe("Well")
    made.break_off(made.created_at)
    address = f"{LIST}?broken=1"
    assert f'href="{address}"><b>1</b>' in desk.get("/").text
    assert list(desk.get(address).context["subscriptions"]) == [made]
