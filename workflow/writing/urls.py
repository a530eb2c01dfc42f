"""Addresses of the writing room."""

from django.urls import path, re_path

from . import comparing, draft_views, editing, files, printing, views, word_views

urlpatterns = [
    path("texts/of/<slug:kind>/<int:pk>/", views.text_open, name="text-open"),
    path("texts/<int:pk>/", views.text, name="text"),
    path("texts/<int:pk>/drafts/new/", draft_views.draft_new, name="draft-new"),
    path("texts/<int:pk>/files/", files.text_files, name="text-files"),
    path("texts/<int:pk>/files/new/", files.enclosure_new, name="enclosure-new"),
    path("texts/<int:pk>/import/", word_views.text_import, name="text-import"),
    re_path(r"^texts/(?P<pk>\d+)/export\.(?P<ending>docx|pdf)$", printing.text_export, name="text-export"),
    path("sections/<int:pk>/", views.section, name="section"),
    path("sections/<int:pk>/edit/", editing.section_edit, name="section-edit"),
    path("sections/<int:pk>/scratch/", editing.section_scratch, name="section-scratch"),
    path("sections/<int:pk>/forget/", editing.section_forget, name="section-forget"),
    path("sections/<int:pk>/now/", editing.section_now, name="section-now"),
    path("sections/<int:pk>/compare/", comparing.section_compare, name="section-compare"),
    path("sections/<int:pk>/revisions/", views.section_revisions, name="section-revisions"),
    path("sections/<int:pk>/revisions/<int:number>/", views.section_revision, name="section-revision"),
    path("sections/<int:pk>/revisions/<int:number>/restore/", views.section_restore, name="section-restore"),
    path("drafts/<int:pk>/", draft_views.draft, name="draft"),
    path("drafts/<int:pk>/compare/", comparing.draft_compare, name="draft-compare"),
    re_path(r"^drafts/(?P<pk>\d+)/export\.(?P<ending>docx|pdf)$", printing.draft_export, name="draft-export"),
    path("enclosures/<int:pk>/", files.enclosure, name="enclosure"),
    path("enclosures/<int:pk>/edit/", files.enclosure_edit, name="enclosure-edit"),
    path("enclosures/<int:pk>/withdraw/", files.enclosure_withdraw, name="enclosure-withdraw"),
    path("word/<int:pk>/", word_views.word_file, name="word-file"),
    path("word/<int:pk>/forget/", word_views.word_forget, name="word-forget"),
]
