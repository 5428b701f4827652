from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("sophia", "0009_membership"),
    ]

    operations = [
        migrations.AddField(
            model_name="desk",
            name="backed_up_at",
            field=models.DateTimeField(blank=True, help_text="When the last backup was taken.", null=True),
        ),
    ]
