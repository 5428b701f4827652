from django.apps import apps as all_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations


def let_roles_see(apps, schema_editor):
    # Django makes permissions only after all migrations; the roles need this one now.
    create_permissions(all_apps.get_app_config("publishing"), apps=apps, verbosity=0)
    seeing = apps.get_model("auth", "Permission").objects.get(
        content_type__app_label="publishing", codename="view_sighting"
    )
    for role in apps.get_model("auth", "Group").objects.filter(name__in=["viewer", "author", "operator"]):
        role.permissions.add(seeing)


class Migration(migrations.Migration):
    dependencies = [("sophia", "0005_queue_index"), ("publishing", "0002_watching")]
    operations = [migrations.RunPython(let_roles_see, migrations.RunPython.noop, elidable=False)]
