"""Addresses of the scheduling room."""

from django.urls import path

from . import answering, feeds, keeping, views

urlpatterns = [
    path("meetings/", views.all_meetings, name="all-meetings"),
    path("twgs/<slug:code>/meetings/", views.meetings, name="meetings"),
    path("twgs/<slug:code>/meetings/new/", keeping.meeting_new, name="meeting-new"),
    path("meetings/<int:pk>/", views.meeting, name="meeting"),
    path("meetings/<int:pk>/edit/", keeping.meeting_edit, name="meeting-edit"),
    path("meetings/<int:pk>/people/", keeping.meeting_people, name="meeting-people"),
    path("meetings/<int:pk>/people/<int:person>/remove/", keeping.remove, name="meeting-remove"),
    path("meetings/<int:pk>/agenda/", keeping.meeting_agenda, name="meeting-agenda"),
    path("meetings/<int:pk>/agenda/print/", views.agenda_print, name="agenda-print"),
    path("meetings/<int:pk>/dates/", keeping.meeting_dates, name="meeting-dates"),
    path("meetings/<int:pk>/meeting.ics", feeds.meeting_ics, name="meeting-ics"),
    path("me/calendar/", feeds.calendar_links, name="calendar-links"),
    path("me/calendar/<int:pk>/revoke/", feeds.calendar_link_revoke, name="calendar-link-revoke"),
    path("calendar/", feeds.public_calendar, name="public-calendar"),
    path("calendar/public.ics", feeds.public_feed, name="public-calendar-feed"),
    path("calendar/<str:secret>.ics", feeds.feed, name="calendar-feed"),
    path("meetings/<int:pk>/answer/", answering.answer, name="meeting-answer"),
    path("invited/<str:token>/", answering.answer_by_link, name="meeting-by-link"),
]
