from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("sophia", "0011_sign_in_again")]

    operations = [
        migrations.AddField(
            model_name="desk",
            name="seal",
            field=models.CharField(blank=True, db_default="", editable=False, help_text="Over the name.", max_length=100),
        )
    ]
