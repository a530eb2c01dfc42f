"""Addresses of the attendance room."""

from django.urls import path, re_path

from . import analysis_views, here, import_views, keeping, views

ENDING = r"(?P<ending>xlsx|csv)"

urlpatterns = [
    path("meetings/<int:pk>/attendance/", views.attendance, name="attendance"),
    re_path(rf"^meetings/(?P<pk>[0-9]{{1,18}})/attendance\.{ENDING}\Z", views.attendance_file, name="attendance-file"),
    path("meetings/<int:pk>/attendance/screen/", views.screen, name="attendance-screen"),
    path("meetings/<int:pk>/attendance/sheet/", views.sheet, name="attendance-sheet"),
    path("meetings/<int:pk>/attendance/sheet.pdf", views.sheet_file, name="attendance-sheet-pdf"),
    path("meetings/<int:pk>/attendance/mine/", keeping.mine, name="attendance-mine"),
    path("meetings/<int:pk>/attendance/people/<int:person>/", keeping.attendance_of, name="attendance-of"),
    path("meetings/<int:pk>/attendance/walk-ins/new/", keeping.walk_in, name="walk-in-new"),
    path("meetings/<int:pk>/attendance/walk-ins/<int:row>/", keeping.walk_in, name="walk-in"),
    path("meetings/<int:pk>/attendance/<int:row>/confirm/", keeping.confirm, name="attendance-confirm"),
    path("meetings/<int:pk>/attendance/<int:row>/strike/", keeping.strike, name="attendance-strike"),
    path("meetings/<int:pk>/attendance/import/", import_views.attendance_import, name="attendance-import"),
    path("here/<int:pk>/", here.here, name="here"),
    path("here/<int:pk>/<str:key>/", here.here_by_key, name="here-by-key"),
    path("twgs/<slug:code>/attendance/", analysis_views.participation, name="participation"),
    re_path(
        rf"^twgs/(?P<code>[-\w]+)/attendance\.{ENDING}\Z", analysis_views.participation_file, name="participation-file"
    ),
]
