"""Addresses of the ballots room."""

from django.urls import path

from . import keeping, link_views, records, taking_down, theme_views, views, voting

urlpatterns = [
    path("twgs/<slug:code>/ballots/", views.ballots, name="ballots"),
    path("twgs/<slug:code>/ballots/new/", keeping.ballot_new, name="ballot-new"),
    path("ballots/<int:pk>/", views.ballot, name="ballot"),
    path("ballots/<int:pk>/edit/", keeping.ballot_edit, name="ballot-edit"),
    path("ballots/<int:pk>/extend/", keeping.ballot_extend, name="ballot-extend"),
    path("ballots/<int:pk>/repeat/", keeping.ballot_repeat, name="ballot-repeat"),
    path("ballots/<int:pk>/record/", taking_down.vote_record, name="vote-record"),
    path("ballots/<int:pk>/record.json", records.record_json, name="ballot-record-json"),
    path("ballots/<int:pk>/record.pdf", records.record_pdf, name="ballot-record-pdf"),
    path("ballots/<int:pk>/vote/<int:institution>/", voting.vote, name="vote"),
    path("ballots/<int:pk>/dispute/<int:institution>/", voting.dispute, name="vote-dispute"),
    path("ballots/<int:pk>/recuse/<int:institution>/", voting.recuse, name="vote-recuse"),
    path("ballots/<int:pk>/evidence/<int:number>/", views.evidence, name="vote-evidence"),
    path("vote/<str:token>/", link_views.vote_by_link, name="vote-by-link"),
    path("vote/<str:token>/text/", link_views.text_by_link, name="vote-text-by-link"),
    path("vote/<str:token>/changes/", link_views.changes_by_link, name="vote-changes-by-link"),
    path("vote/<str:token>/renew/", link_views.renew, name="vote-renew"),
    path("record-key/", records.record_key, name="record-key"),
    path("twgs/<slug:code>/themes/", theme_views.theme_list, name="themes"),
    path("twgs/<slug:code>/themes/new/", theme_views.theme_new, name="theme-new"),
    path("twgs/<slug:code>/themes/ballot/", theme_views.themes_ballot, name="themes-ballot"),
    path("themes/<int:pk>/", theme_views.theme_page, name="theme"),
    path("themes/<int:pk>/edit/", theme_views.theme_edit, name="theme-edit"),
]
