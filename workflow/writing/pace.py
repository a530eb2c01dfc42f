"""How often one person, or one address of the net, may ask for what costs the server work."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework.throttling import UserRateThrottle

from workflow.engine import refusals

# A page that types sends a text every four seconds and says that it is open every 25: several pages fit in.
RATES = {"scratch": "120/min", "export": "20/min", "upload": "20/min"}

View = Callable[..., Any]


class Pace(UserRateThrottle):
    """The API's throttle, for pages: counted per person, or per address for those who have not signed in."""

    def __init__(self, scope: str) -> None:
        self.scope, self.rate = scope, RATES[scope]
        super().__init__()


def at_a_pace(scope: str, *, methods: tuple[str, ...] = ("GET", "POST")) -> Callable[[View], View]:
    """A view that answers 429, with the seconds to wait, to whoever asks for more than the scope's rate."""

    def put(view: View) -> View:
        @wraps(view)
        def paced(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            pace: Any = Pace(scope)
            if request.method in methods and not pace.allow_request(request, None):
                answer = refusals.too_many(request)
                answer["Retry-After"] = str(int(pace.wait() or 1) + 1)
                return answer
            return view(request, *args, **kwargs)

        return paced

    return put
