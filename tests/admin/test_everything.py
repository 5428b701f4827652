"""Every list and every row can be opened, and what is not for everybody is hidden."""

# ruff: noqa: F401, F811
from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.db.models import CharField
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django_q.models import Failure, OrmQ, Schedule, Success

from publishing.models import Emergency, Pause
from sophia.notifications.models import Notice, Subscription
from tests import make
from tests.shared import author, laid_out, once, operator, page

OURS = [model for model in admin.site._registry if model._meta.app_label in {"publishing", "approval", "notifications"}]
WRITABLE = {"client", "socialaccount"}


@pytest.fixture(scope="module", autouse=True)
def everything(once):
    """One of everything, with pictures."""
    with once.making(SOPHIA_NOTICE_HOSTS=["127.0.0.1"]):
        once.staff()
        fill(once.page, once.author, once.operator)


def fill(page, author, operator):
    Subscription.objects.subscribe(by=operator, name="Team", url="json://127.0.0.1/")
    draft = make.draft(page, author, pictures=[(make.image(), "A teal square")])
    publication = make.published(draft, operator)
    publication.recover(by=operator, reason="x", urgency="review")
    Pause.objects.start(by=operator, reason="x", account=page)
    make.approved(make.draft(page, author), operator)
    since = timezone.now() - timedelta(hours=1)
    Emergency.objects.start(by=operator, client=page.client, since=since, reason="x")
    link, _ = make.client_link(page.client, operator, approving=True)
    waiting = make.draft(page, author, text="Waiting.")
    link.visit(waiting)
    link.comment(waiting, text="x", digest="")


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", OURS, ids=str)
def test_lists_and_rows_can_be_opened(client, operator, model):
    client.force_login(operator)
    row = model.objects.first()

    assert row is not None
    assert client.get(address(model, "changelist")).status_code == 200
    assert client.get(address(model, "changelist"), {"q": "x"}).status_code == 200
    assert client.get(address(model, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("model", OURS, ids=str)
def test_nonsense_leads_to_the_whole_list(client, operator, model):
    client.force_login(operator)
    texts = [field.name for field in model._meta.fields if isinstance(field, CharField)]
    for asked in ["nonsense", "pk", *texts]:
        whole = client.get(f"{address(model, 'changelist')}?{asked}=%00", follow=True)

        assert whole.status_code == 200
        assert whole.context["cl"].result_count == model.objects.count()


@pytest.mark.parametrize("model", [User, Group, Schedule, Success], ids=str)
def test_nonsense_breaks_no_list_of_superusers(client, boss, model):
    client.force_login(boss)
    name = "username" if model is User else "name"
    assert client.get(f"{address(model, 'changelist')}?{name}=%00").url.endswith("?e=1")


@pytest.mark.parametrize("model", OURS, ids=str)
def test_what_verbs_write_is_not_written_here(client, boss, model):
    if model._meta.model_name in WRITABLE:
        return
    client.force_login(boss)
    row = model.objects.first()

    assert client.post(address(model, "change", row.pk), {}).status_code == 403
    assert client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    if model is not Pause:
        assert client.post(address(model, "add"), {}).status_code == 403
    assert model.objects.filter(pk=row.pk).exists()


def test_a_longer_list_asks_the_database_no_more(client, operator, author):
    client.force_login(operator)
    few = {model: queries(client, address(model, "changelist")) for model in OURS}
    for number in range(4):
        own = make.account("facebook", f"20{number}", client=f"Client {number}")
        publication = make.published(make.draft(own, author, text=str(number)), operator)
        publication.recover(by=operator, reason="x", urgency="review")
        Pause.objects.start(by=operator, reason="x", account=own)

    many = {model: queries(client, address(model, "changelist")) for model in OURS}
    assert {model: (few[model], many[model]) for model in OURS if many[model] > few[model] + 1} == {}


def queries(client, url):
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


@pytest.mark.parametrize("model", [Schedule, OrmQ, Success, Failure], ids=str)
def test_background_jobs_are_for_superusers_only(client, boss, operator, model):
    operator.user_permissions.set(Permission.objects.all())
    client.force_login(operator)
    assert client.get(address(model, "changelist")).status_code == 403
    assert client.get(address(model, "add")).status_code == 403

    client.force_login(boss)
    assert client.get(address(model, "changelist")).status_code == 200
    assert client.get(address(model, "add")).status_code == 403


def test_a_background_job_is_read_and_not_written_by_superusers_either(client, boss):
    job = OrmQ.objects.create(key="publish", payload="x", lock=timezone.now())
    client.force_login(boss)
    where = f"/admin/django_q/ormq/{job.pk}"
    assert client.post(f"{where}/change/", {"key": "publish", "payload": "y"}).status_code == 403
    assert client.post(f"{where}/delete/", {"post": "yes"}).status_code == 403
    assert OrmQ.objects.get(pk=job.pk).payload == "x"


def test_people_are_for_superusers_only(client, operator):
    operator.user_permissions.set(Permission.objects.all())
    client.force_login(operator)

    assert client.get("/admin/auth/user/").status_code == 403
    assert "/admin/auth/" not in client.get("/admin/").content.decode()


def test_stored_live_events_are_not_in_the_admin():
    assert not [model for model in admin.site._registry if model._meta.app_label == "django_eventstream"]


def test_somebody_without_the_staff_flag_is_sent_to_sign_in(client, author):
    client.force_login(author)

    assert client.get("/admin/approval/draft/").status_code == 302


def test_a_notice_is_listed(client, operator):
    client.force_login(operator)

    assert Notice.objects.first().sentence.split(":")[0] in client.get("/admin/notifications/notice/").content.decode()
