from datetime import timedelta

from django.db import migrations
from django.utils import timezone


def watch_the_recent(apps, schema_editor):
    """What went out in the last week is looked at too, soon after the upgrade."""
    now = timezone.now()
    recent = apps.get_model("publishing", "Publication").objects.filter(
        state="published", published_at__gt=now - timedelta(days=7)
    )
    recent.exclude(post_id="").update(watch_at=now)


class Migration(migrations.Migration):
    dependencies = [("publishing", "0002_watching")]
    operations = [migrations.RunPython(watch_the_recent, migrations.RunPython.noop)]
