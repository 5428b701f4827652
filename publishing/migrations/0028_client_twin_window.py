from datetime import timedelta

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publishing", "0027_who_brought_images")]

    operations = [
        migrations.AddField(
            model_name="client",
            name="twin_window",
            field=models.DurationField(
                db_default=timedelta(days=30),
                default=timedelta(days=30),
                help_text="The same text or images within this time, on one account, need a reason. Zero: never.",
            ),
        ),
    ]
