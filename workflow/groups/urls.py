"""Addresses of the groups room: TWGs, the institution directory, people."""

from . import directory_urls, people_urls, twg_urls

urlpatterns = [*directory_urls.urlpatterns, *twg_urls.urlpatterns, *people_urls.urlpatterns]
