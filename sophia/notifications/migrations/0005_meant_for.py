from django.conf import settings
from django.db import migrations, models


def take_the_new_kind(apps, schema_editor):
    """Whoever chose approvals one by one keeps hearing of those by clients, which are a kind of their own now."""
    for one in apps.get_model("notifications", "Subscription").objects.filter(preset="chosen"):
        if "draft.approved" in one.kinds:
            one.kinds = [*one.kinds, "draft.approved_by_client"]
            one.save(update_fields=["kinds"])


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("notifications", "0004_subscriptions"),
    ]

    operations = [
        migrations.AddField(
            model_name="notice",
            name="meant_for",
            field=models.ManyToManyField(
                blank=True,
                help_text="Whom it is worth it for, where its kind is a personal one.",
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunPython(take_the_new_kind, migrations.RunPython.noop),
    ]
