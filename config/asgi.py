"""ASGI entry: pages over HTTP, live updates over a socket."""

import os
import warnings
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.core.asgi import get_asgi_application


def _sockets() -> Any:
    """Imported late: the consumers need the apps, which `get_asgi_application` makes ready."""
    from channels.auth import AuthMiddlewareStack
    from channels.routing import URLRouter
    from channels.security.websocket import AllowedHostsOriginValidator
    from django.urls import path, re_path

    from workflow.engine.consumers import LiveConsumer, Nowhere

    live = path("ws/live/", AuthMiddlewareStack(LiveConsumer.as_asgi()))
    return AllowedHostsOriginValidator(URLRouter([live, re_path(r"", Nowhere.as_asgi())]))


def _application() -> Any:
    from channels.routing import ProtocolTypeRouter
    from django.conf import settings

    from workflow.engine.narrow import Narrow

    pages = Narrow(get_asgi_application(), settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    return ProtocolTypeRouter({"http": pages, "websocket": _sockets()})


# WhiteNoise hands static files over as plain iterators; they are small, and what we stream ourselves is asynchronous.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
application = _application()
