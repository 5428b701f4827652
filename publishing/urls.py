from django.urls import path, re_path

from publishing import checking, emergencies, identifying, leftovers, missed, views
from publishing.dossier import pages as dossier
from publishing.exporting import export
from publishing.outbound import outbound, outbound_check

app_name = "publishing"
urlpatterns = [
    path("outbound/check/<str:ticket>", outbound_check, name="outbound_check"),
    path("outbound/<str:ticket>", outbound, name="outbound"),
    re_path(r"^images/(?P<sha256>[0-9a-f]{64})$", views.image, name="image"),
    path("queue/", views.queue, name="queue"),
    path("queue/export.csv", export, name="export"),
    path("queue/missed/", missed.settle, name="missed"),
    path("queue/<int:pk>/", views.publication, name="publication"),
    path("queue/<int:pk>/cancel", views.cancel, name="cancel"),
    path("queue/<int:pk>/release", views.release, name="release"),
    path("queue/<int:pk>/retry", views.retry, name="retry"),
    path("queue/<int:pk>/reschedule", views.reschedule, name="reschedule"),
    path("queue/<int:pk>/preflight", checking.preflight, name="preflight"),
    path("queue/<int:pk>/package", views.package, name="package"),
    path("queue/<int:pk>/dossier", dossier.page, name="dossier"),
    path("queue/<int:pk>/dossier.json", dossier.data, name="dossier_data"),
    path("queue/<int:pk>/live", views.confirm, name="confirm"),
    path("queue/<int:pk>/not-live", views.deny, name="deny"),
    path("queue/<int:pk>/ours", identifying.ours, name="ours"),
    path("queue/<int:pk>/not-ours", identifying.not_ours, name="not_ours"),
    path("queue/<int:pk>/which", identifying.by_link, name="which"),
    path("queue/<int:pk>/unknown", identifying.unknown, name="unknown"),
    path("queue/<int:pk>/recover", views.recover, name="recover"),
    path("queue/<int:pk>/gone", views.gone, name="gone"),
    path("preparations/<int:pk>/done", leftovers.done, name="leftover_done"),
    path("recoveries/<int:pk>/dismiss", views.dismiss, name="dismiss"),
    path("takedown/", emergencies.emergencies, name="emergencies"),
    path("takedown/start", emergencies.start, name="start_emergency"),
    path("takedown/<int:pk>/", emergencies.emergency, name="emergency"),
    path("takedown/<int:pk>/again", emergencies.again, name="emergency_again"),
    path("pause/", views.pauses, name="pauses"),
    path("pause/start", views.start_pause, name="start_pause"),
    path("pause/<int:pk>/lift", views.lift, name="lift"),
]
