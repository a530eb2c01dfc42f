"""Addresses of the inventory."""

from django.urls import path, re_path

from . import comparing_views, publication_views, sheet_views, views

FORM = r"export\.(?P<form>csv|xlsx)$"

urlpatterns = [
    path("twgs/<slug:code>/data-sources/", views.sources, name="data-sources"),
    path("twgs/<slug:code>/data-sources/new/", views.source_new, name="data-source-new"),
    path("twgs/<slug:code>/data-sources/import/", sheet_views.sources_import, name="data-sources-import"),
    re_path(rf"^twgs/(?P<code>[-\w]+)/data-sources/{FORM}", sheet_views.sources_export, name="data-sources-export"),
    path("twgs/<slug:code>/data-gaps/", views.gaps, name="data-gaps"),
    path("twgs/<slug:code>/data-gaps/new/", views.gap_new, name="data-gap-new"),
    path("twgs/<slug:code>/data-gaps/import/", sheet_views.gaps_import, name="data-gaps-import"),
    re_path(rf"^twgs/(?P<code>[-\w]+)/data-gaps/{FORM}", sheet_views.gaps_export, name="data-gaps-export"),
    path("twgs/<slug:code>/gap-matrix/", views.gap_matrix, name="gap-matrix"),
    path("data-sources/<int:pk>/", views.source, name="data-source"),
    path("data-sources/<int:pk>/edit/", views.source_edit, name="data-source-edit"),
    path("data-gaps/<int:pk>/", views.gap, name="data-gap"),
    path("data-gaps/<int:pk>/edit/", views.gap_edit, name="data-gap-edit"),
    path("data/", comparing_views.comparison, name="data-comparison"),
    re_path(rf"^data/{FORM}", sheet_views.comparison_export, name="data-comparison-export"),
    path("data/gaps/", comparing_views.gaps, name="gaps-across"),
    re_path(rf"^data/gaps/{FORM}", sheet_views.gap_report, name="gap-report"),
    path("supporting-publications/", publication_views.publications, name="supporting-publications"),
    path("supporting-publications/new/", publication_views.publication_new, name="supporting-publication-new"),
    path("supporting-publications/<int:pk>/", publication_views.publication, name="supporting-publication"),
    path(
        "supporting-publications/<int:pk>/edit/",
        publication_views.publication_edit,
        name="supporting-publication-edit",
    ),
]
