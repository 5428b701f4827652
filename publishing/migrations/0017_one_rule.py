from django.db import migrations, models


class Migration(migrations.Migration):
    """By itself: PostgreSQL does not alter a table whose rows the same transaction has changed.

    The column stays for a release, with a default: the code before this one still reads and writes it while it is
    replaced (docs/operating.md, Upgrading).
    """

    dependencies = [("publishing", "0016_two_approvals")]
    operations = [
        migrations.AlterField("client", "author_may_approve", models.BooleanField(db_default=True, default=True)),
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("client", "author_may_approve")]),
    ]
