"""What every resource of the API shares: pages of results, versions, and the actions and history of any subject."""

from __future__ import annotations

from rest_framework.pagination import PageNumberPagination


class Pages(PageNumberPagination):
    """`page` and `page_size`; the envelope is count, next, previous, results."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
