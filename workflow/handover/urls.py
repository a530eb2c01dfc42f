"""Addresses of hand-overs, their checklists and capacity needs."""

from django.urls import path, re_path

from . import item_views as items
from . import views

urlpatterns = [
    path("handovers/", views.handovers, name="handovers"),
    re_path(r"^handovers/checklists\.(?P<form>csv|xlsx)$", views.checklists_export, name="checklists-export"),
    path("handovers/<int:pk>/", views.handover, name="handover"),
    path("handovers/<int:pk>/record.json", views.record_json, name="handover-record-json"),
    path("handovers/<int:pk>/record.pdf", views.record_pdf, name="handover-record-pdf"),
    path("handovers/<int:pk>/lines/new/", items.handover_item_new, name="handover-item-new"),
    path("handovers/<int:pk>/needs/new/", items.capacity_need_new, name="capacity-need-new"),
    path("editions/<int:pk>/handover/", views.handover_begin, name="handover-begin"),
    path("handover-answer/<str:token>/", views.handover_by_link, name="handover-by-link"),
    path("handover-lines/<int:pk>/", items.handover_item, name="handover-item"),
    path("handover-lines/<int:pk>/edit/", items.handover_item_edit, name="handover-item-edit"),
    path("handover-evidence/<int:pk>/file/", items.evidence_file, name="handover-evidence"),
    path("capacity-needs/", items.capacity_needs, name="capacity-needs"),
    re_path(r"^capacity-needs/export\.(?P<form>csv|xlsx)$", items.capacity_needs_export, name="capacity-needs-export"),
    path("capacity-needs/<int:pk>/", items.capacity_need, name="capacity-need"),
    path("capacity-needs/<int:pk>/edit/", items.capacity_need_edit, name="capacity-need-edit"),
]
