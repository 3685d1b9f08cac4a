"""Connections that do not wait for ever: for a request, for the whole of its head, for who does not read.

uvicorn ends a connection that stays silent between two requests; here one that has not sent its first
request is ended as well, and one whose answer nobody reads is not kept open by what is still to be sent.
"""

from __future__ import annotations

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["SILENCE", "Connection"]

SILENCE = 20
"""Seconds until the head of a request must be there."""

_UNREAD = 10.0
"""Seconds that what is still to be sent may take once a connection is to end."""

_STALLED = 30.0
"""Seconds until a client has read enough of what waits for it (48 KB) that more can be written."""

_AT_THE_END = 2.0
"""Seconds that such a client has once the server is told to end."""


class Connection(H11Protocol):
    """The connection of a client; the head of each request has a time to arrive, however it trickles in."""

    _waiting: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's own
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._wait_for_head()

    def data_received(self, data: bytes) -> None:
        """Take what has arrived; go on waiting while it is no whole head."""
        super().data_received(data)
        if self.conn.their_state is h11.IDLE:
            self._wait_for_head()
        elif self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _wait_for_head(self) -> None:
        if self._waiting is None:
            self._waiting = self.loop.call_later(self.timeout_keep_alive, self.timeout_keep_alive_handler)

    def timeout_keep_alive_handler(self) -> None:
        """End the connection: at once where there is nothing left to send, else after a while."""
        super().timeout_keep_alive_handler()
        self.loop.call_later(_UNREAD, self.transport.abort)

    def pause_writing(self) -> None:
        """Wait for a client that does not read what it asked for, and not for ever."""
        super().pause_writing()
        self._give_up_after(_STALLED)

    def resume_writing(self) -> None:
        """Write on: the client reads."""
        super().resume_writing()
        self._reads()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._reads()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """End the connection after the answer under way; without it where its client does not read."""
        super().shutdown()
        if self._stalled is not None:
            self._give_up_after(_AT_THE_END)

    def _give_up_after(self, seconds: float) -> None:
        self._reads()
        self._stalled = self.loop.call_later(seconds, self.transport.abort)

    def _reads(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None
