"""Every function that a worker may run. sophia/broker.py throws away what a row of the queue says beside these."""

DECLARED = frozenset(
    {
        "approval.tasks.bring",
        "approval.tasks.check_link",
        "approval.tasks.remind_of_reviews",
        "approval.tasks.resume_imports",
        "publishing.tasks.clear",
        "publishing.tasks.discard",
        "publishing.tasks.execute_recovery",
        "publishing.tasks.follow_emergency",
        "publishing.tasks.look_after_restoring",
        "publishing.tasks.look_around",
        "publishing.tasks.preflight",
        "publishing.tasks.prepare",
        "publishing.tasks.publish",
        "publishing.tasks.reconcile",
        "publishing.tasks.resettle",
        "publishing.tasks.sweep",
        "publishing.tasks.tell_heads",
        "publishing.tasks.tell_missed",
        "sophia.health.examination.watch",
        "sophia.heartbeat.beat",
        "sophia.notifications.tasks.deliver",
        "sophia.notifications.tasks.sweep",
        "sophia.notifications.tasks.wake",
        "sophia.retention.prune",
        "sophia.tokens.tasks.remind",
    }
)
