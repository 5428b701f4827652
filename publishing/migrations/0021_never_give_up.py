from django.db import migrations
from django.utils import timezone


def go_on(apps, schema_editor):
    """Take-downs that had been given up, or waited for their account, go on."""
    recoveries = apps.get_model("publishing", "Recovery").objects
    given_up = recoveries.filter(state="failed", next_at=None, executed_by__isnull=False)
    given_up.update(next_at=timezone.now(), reminded_at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("publishing", "0020_proved_gone")]
    operations = [migrations.RunPython(go_on, migrations.RunPython.noop)]
