from django.db import migrations


class Migration(migrations.Migration):
    """django-q2 looks for work five times a second, by queue and time, and has no index for it."""

    dependencies = [
        ("sophia", "0004_desk"),
        ("django_q", "0019_alter_task_options_alter_ormq_key_alter_ormq_lock_and_more"),
    ]
    operations = [
        migrations.RunSQL(
            'CREATE INDEX IF NOT EXISTS sophia_ormq_key_lock ON django_q_ormq ("key", "lock")',
            "DROP INDEX IF EXISTS sophia_ormq_key_lock",
        )
    ]
