from django.apps import apps as all_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

VIEW = [
    "publishing.view_sighting",
    "publishing.view_lookalike",
    "publishing.view_emergency",
    "publishing.view_preflight",
]
OPERATOR = [
    *VIEW,
    "notifications.view_delivery",
    "notifications.view_subscription",
    "notifications.add_subscription",
    "notifications.change_subscription",
]
MORE = {"viewer": VIEW, "author": VIEW, "operator": OPERATOR}


def give_roles_more(apps, schema_editor):
    # Django makes permissions only after all migrations; the roles need them now.
    for label in ("approval", "publishing", "notifications"):
        create_permissions(all_apps.get_app_config(label), apps=apps, verbosity=0)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for role, names in MORE.items():
        for group in Group.objects.filter(name=role):
            for name in names:
                app, codename = name.split(".")
                group.permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))


class Migration(migrations.Migration):
    dependencies = [
        ("sophia", "0005_queue_index"),
        ("approval", "0003_stale_reviews"),
        ("publishing", "0008_recovery_steps"),
        ("notifications", "0004_subscriptions"),
    ]
    operations = [migrations.RunPython(give_roles_more, migrations.RunPython.noop, elidable=False)]
