from django.db import migrations


class Migration(migrations.Migration):
    """By itself: PostgreSQL does not alter a table whose rows the same transaction has changed."""

    dependencies = [("publishing", "0011_two_approvals")]
    operations = [migrations.RemoveField(model_name="client", name="author_may_approve")]
