from django.apps import apps as all_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

OPERATOR = ["add_subscription", "change_subscription", "view_subscription", "view_delivery"]


def extend_roles(apps, schema_editor):
    create_permissions(all_apps.get_app_config("notifications"), apps=apps, verbosity=0)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    operator, _ = Group.objects.get_or_create(name="operator")
    operator.permissions.add(
        *Permission.objects.filter(content_type__app_label="notifications", codename__in=OPERATOR)
    )


class Migration(migrations.Migration):
    dependencies = [("sophia", "0005_queue_index"), ("notifications", "0003_subscriptions")]
    operations = [migrations.RunPython(extend_roles, migrations.RunPython.noop, elidable=False)]
