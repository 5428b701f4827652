from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [("publishing", "0025_misses")]
    operations = [
        migrations.AddField(
            model_name="publication",
            name="clear_at",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="It is not cleared away before: the platform did not tell.",
                null=True,
            ),
        ),
    ]
