from django.apps import apps as all_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

VIEW = ["view_clientlink", "view_visit", "view_comment"]
ROLES = {"viewer": VIEW, "author": VIEW, "operator": [*VIEW, "add_clientlink"]}


def give(apps, schema_editor):
    create_permissions(all_apps.get_app_config("approval"), apps=apps, verbosity=0)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for role, names in ROLES.items():
        group, _ = Group.objects.get_or_create(name=role)
        group.permissions.add(*Permission.objects.filter(content_type__app_label="approval", codename__in=names))


class Migration(migrations.Migration):
    dependencies = [("sophia", "0006_more_for_roles"), ("approval", "0004_client_links")]
    operations = [migrations.RunPython(give, migrations.RunPython.noop, elidable=False)]
