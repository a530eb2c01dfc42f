"""Addresses of the comments room. The comments library's own are not mounted: they know nothing of our access."""

from django.urls import path, re_path

from . import answering_views, matrix_views, mine_views, remark_views, round_views, thread_views

urlpatterns = [
    path("drafts/<int:pk>/rounds/new/", round_views.round_new, name="round-new"),
    path("rounds/<int:pk>/", round_views.round_page, name="round"),
    path("rounds/<int:pk>/edit/", round_views.round_edit, name="round-edit"),
    path("rounds/<int:pk>/extend/", round_views.round_extend, name="round-extend"),
    path("rounds/<int:pk>/ask/", round_views.round_ask_more, name="round-ask"),
    path("rounds/<int:pk>/remind/", round_views.round_remind, name="round-remind"),
    path("rounds/<int:pk>/nothing/", round_views.round_nothing, name="round-nothing"),
    path("rounds/<int:pk>/sections/<int:section>/", remark_views.round_section, name="round-section"),
    path("rounds/<int:pk>/whole/", remark_views.round_whole, name="round-whole"),
    path("rounds/<int:pk>/mine/", mine_views.round_mine, name="round-mine"),
    path("rounds/<int:pk>/mine/submit/", mine_views.round_submit, name="round-submit"),
    path("rounds/<int:pk>/mine/clearance/", mine_views.round_clearance, name="round-clearance"),
    path("rounds/<int:pk>/answering/", answering_views.round_answering, name="round-answering"),
    path("rounds/<int:pk>/matrix/", matrix_views.round_matrix, name="round-matrix"),
    re_path(
        r"^rounds/(?P<pk>[0-9]+)/matrix/export\.(?P<ending>xlsx|docx)$",
        matrix_views.matrix_export,
        name="matrix-export",
    ),
    path("rounds/<int:pk>/offline/form/", matrix_views.offline_form, name="offline-form"),
    path("rounds/<int:pk>/offline/", matrix_views.offline_import, name="offline-import"),
    path("comments/<int:pk>/", remark_views.remark_page, name="remark"),
    path("comments/<int:pk>/edit/", remark_views.remark_edit, name="remark-edit"),
    path("comments/<int:pk>/reply/", thread_views.remark_reply, name="remark-reply"),
    path("comments/<int:pk>/flag/", thread_views.remark_flag, name="remark-flag"),
    path("comments/<int:pk>/unflag/", thread_views.remark_unflag, name="remark-unflag"),
    path("comments/<int:pk>/mute/", thread_views.remark_mute, name="remark-mute"),
    path("threads/<str:token>/mute/", thread_views.thread_mute, name="thread-mute"),
]
