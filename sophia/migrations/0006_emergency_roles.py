from django.apps import apps as all_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

VIEW = ["view_emergency", "view_lookalike"]


def let_everybody_see(apps, schema_editor):
    """Every role sees emergencies and lookalikes; what may be done about them are the permissions of before."""
    create_permissions(all_apps.get_app_config("publishing"), apps=apps, verbosity=0)
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    for role in Group.objects.filter(name__in=["viewer", "author", "operator"]):
        role.permissions.add(*Permission.objects.filter(content_type__app_label="publishing", codename__in=VIEW))


class Migration(migrations.Migration):
    dependencies = [("sophia", "0005_queue_index"), ("publishing", "0003_emergency")]
    operations = [migrations.RunPython(let_everybody_see, migrations.RunPython.noop, elidable=False)]
