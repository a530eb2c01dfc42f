"""Addresses of the trainings room."""

from django.urls import path

from . import views

urlpatterns = [
    path("courses/", views.courses, name="courses"),
    path("courses/new/", views.course_new, name="course-new"),
    path("courses/<slug:code>/", views.course, name="course"),
    path("courses/<slug:code>/edit/", views.course_edit, name="course-edit"),
    path("meetings/<int:pk>/training/", views.training, name="training"),
    path("meetings/<int:pk>/training/course/", views.training_course, name="training-course"),
    path("meetings/<int:pk>/training/enrol/", views.training_enrol, name="training-enrol"),
    path("meetings/<int:pk>/training/completed/", views.training_completed, name="training-completed"),
    path("participations/<int:pk>/", views.participation, name="participation"),
    path("participations/<int:pk>/certificate.pdf", views.certificate_pdf, name="certificate-pdf"),
    path("certificates/", views.certificate_check, name="certificate-check"),
    path("certificates/<slug:code>/", views.certificate, name="certificate"),
]
