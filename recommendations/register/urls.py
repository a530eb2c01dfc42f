"""Addresses of the register."""

from django.urls import path, re_path

from . import link_views, views, writing_views

urlpatterns = [
    path("recommendations/", views.recommendations, name="recommendations"),
    re_path(
        r"^recommendations/export\.(?P<ending>xlsx|csv|docx|pdf)$", views.recommendations_export,
        name="recommendations-export",
    ),
    path("recommendations/<int:pk>/", views.recommendation, name="recommendation"),
    path("recommendations/<int:pk>/edit/", writing_views.recommendation_edit, name="recommendation-edit"),
    path("recommendations/<int:pk>/similar/", writing_views.similar_new, name="similar-new"),
    path("recommendations/<int:pk>/similar/end/", writing_views.similar_end, name="similar-end"),
    path("recommendations/<int:pk>/cascade/", writing_views.cascade, name="recommendation-cascade"),
    path("twgs/<slug:code>/recommendations/", views.twg_recommendations, name="twg-recommendations"),
    path("twgs/<slug:code>/recommendations/new/", writing_views.recommendation_new, name="recommendation-new"),
    path(
        "meeting-decisions/<int:pk>/recommendation/", writing_views.from_decision,
        name="recommendation-from-decision",
    ),
    path(
        "action-items/<int:pk>/recommendation/", writing_views.from_action_item,
        name="recommendation-from-action-item",
    ),
    path("progress-files/<int:pk>/", views.progress_file, name="progress-file"),
    path("progress/<str:token>/", link_views.progress_by_link, name="progress-by-link"),
]  # fmt: skip
