from django.apps import apps as all_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

VIEW = [
    *(f"approval.view_{name}" for name in ("draft", "draftpicture", "decision")),
    *(
        f"publishing.view_{name}"
        for name in (
            "attempt", "client", "image", "pause", "publication", "publicationpicture", "recovery", "socialaccount"
        )
    ),
    "notifications.view_notice",
]
AUTHOR = [*VIEW, "approval.add_draft", "approval.change_draft"]
OPERATOR = [
    *AUTHOR,
    "approval.approve_draft",
    "approval.review_draft",
    "publishing.operate_publication",
    "publishing.recover_publication",
    "publishing.add_pause",
    "publishing.add_client",
    "publishing.change_client",
    "publishing.add_socialaccount",
    "publishing.change_socialaccount",
]
ROLES = {"viewer": VIEW, "author": AUTHOR, "operator": OPERATOR}


def make_roles(apps, schema_editor):
    # Django makes permissions only after all migrations; the roles need them now.
    for label in ("approval", "publishing", "notifications"):
        config = all_apps.get_app_config(label)
        create_permissions(config, apps=apps, verbosity=0)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for role, names in ROLES.items():
        group, _ = Group.objects.get_or_create(name=role)
        for name in names:
            app, codename = name.split(".")
            group.permissions.add(Permission.objects.get(content_type__app_label=app, codename=codename))


class Migration(migrations.Migration):
    dependencies = [
        ("sophia", "0001_heartbeat"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("approval", "0001_initial"),
        ("publishing", "0001_initial"),
        ("notifications", "0001_initial"),
    ]
    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop, elidable=False)]
