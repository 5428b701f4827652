from django.db import migrations, models


def leave_to_a_person(apps, schema_editor):
    """Whatever is neither was never written by Sophia. Its seal does not fit, so it is not sent."""
    apps.get_model("publishing", "Publication").objects.exclude(mode__in=["auto", "manual"]).update(mode="manual")


class Migration(migrations.Migration):
    dependencies = [("publishing", "0028_client_twin_window")]
    operations = [
        migrations.RunPython(leave_to_a_person, migrations.RunPython.noop),
        migrations.AddConstraint(
            model_name="publication",
            constraint=models.CheckConstraint(
                condition=models.Q(("mode__in", ["auto", "manual"])), name="publication_has_a_known_mode"
            ),
        ),
    ]
