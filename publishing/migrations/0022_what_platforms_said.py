from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("publishing", "0021_never_give_up")]
    operations = [
        migrations.CreateModel(
            name="AppThrottle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "app",
                    models.CharField(
                        help_text="The family of platforms, and the app's id there.", max_length=100, unique=True
                    ),
                ),
                ("since", models.DateTimeField()),
                ("until", models.DateTimeField()),
                ("because", models.TextField()),
            ],
            options={"ordering": ["app"]},
        ),
        migrations.AddField(
            model_name="socialaccount",
            name="restricted_until",
            field=models.DateTimeField(
                null=True, blank=True, editable=False, help_text="Nothing of it is published before. It may be read."
            ),
        ),
        migrations.AddField(
            model_name="socialaccount",
            name="restricted_because",
            field=models.TextField(blank=True, db_default="", default="", editable=False),
        ),
        migrations.AlterField(
            model_name="socialaccount",
            name="throttled_until",
            field=models.DateTimeField(
                null=True,
                blank=True,
                editable=False,
                help_text="Nothing of it is called before, but to take a post down.",
            ),
        ),
        migrations.AddField(
            model_name="publication",
            name="asked_at",
            field=models.DateTimeField(
                null=True, blank=True, help_text="When a person was asked, while Sophia may not ask the platform yet."
            ),
        ),
    ]
