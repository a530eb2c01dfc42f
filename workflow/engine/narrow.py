"""No request fills the disk: what goes beyond the limit is counted and thrown away while it arrives.

Django writes a request's whole body to a file before anybody looks at it, however long it is. A proxy in front refuses
such a request earlier; this holds where there is none.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

PATIENCE = 40  # limits after which nobody is listened to any more


class Narrow:
    """An ASGI application around another one, which it lets read `limit` bytes and a little more of a request.

    The length that the request then states is the one that was counted, so that it is refused with 413 by the same code
    as one that stated its length at once. The rest is still read: a browser shows the answer once it has sent all.
    """

    def __init__(self, application: Any, limit: int) -> None:
        self.application, self.limit = application, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        read = 0

        async def narrow() -> Message:
            nonlocal read
            message = await receive()
            if message["type"] != "http.request":
                return message
            read += len(message.get("body", b""))
            if read <= self.limit:
                return message
            if read > self.limit * PATIENCE:
                return {"type": "http.disconnect"}
            others = [(name, value) for name, value in scope["headers"] if name != b"content-length"]
            scope["headers"] = [*others, (b"content-length", str(read).encode())]
            return {**message, "body": b""}

        await self.application(scope, narrow, send)
