"""All addresses, floor by floor."""

from django.conf import settings
from django.urls import include, path

handler400 = "workflow.engine.refusals.bad_request"
handler429 = "workflow.engine.refusals.too_many"

urlpatterns = [
    path("", include("workflow.desk.urls")),
    path("", include("workflow.engine.urls")),
    path("", include("workflow.groups.urls")),
    path("", include("workflow.profiles.urls")),
    path("", include("workflow.writing.urls")),
    path("", include("workflow.comments.urls")),
    path("", include("workflow.ballots.urls")),
    path("", include("workflow.handover.urls")),
    path("", include("workflow.datarequests.urls")),
    path("", include("workflow.frameworks.urls")),
    path("", include("meetings.urls")),
    path("", include("recommendations.urls")),
    path("api/v1/", include("config.api")),
    path("accounts/", include("workflow.groups.account_urls")),
    path("language/", include("django.conf.urls.i18n")),
]

if settings.DEMO:
    urlpatterns.append(path("demo/", include("workflow.groups.demo_urls")))
