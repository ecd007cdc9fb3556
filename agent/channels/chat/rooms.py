"""Who is looking at which conversation in this process, and whether an answer is being prepared."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

GRACE = 90.0
"""Seconds after the last socket closed until the patient counts as gone; a reload or a tunnel is shorter."""


class Room:
    """One conversation: its watchers are woken whenever something may have changed."""

    def __init__(self) -> None:
        self.watchers: set[asyncio.Event] = set()
        self.watched = False
        self.turns = 0
        self.farewell: asyncio.TimerHandle | None = None

    @property
    def typing(self) -> bool:
        """Whether an answer is being prepared."""
        return self.turns > 0

    def stir(self) -> None:
        """Wake every watcher; what changed, they read themselves."""
        for watcher in self.watchers:
            watcher.set()


class Rooms:
    """All rooms of this process; an empty one is forgotten.

    `gone` is called once when, for `grace` seconds, nobody has watched a conversation that was watched before.
    """

    def __init__(self, gone: Callable[[str], Awaitable[None]], *, grace: float = GRACE) -> None:
        self._rooms: dict[str, Room] = {}
        self._gone, self._grace = gone, grace
        self._tasks: set[asyncio.Future[None]] = set()

    @contextmanager
    def turn(self, conversation: str) -> Iterator[None]:
        """Show that an answer is being prepared."""
        room = self._enter(conversation)
        room.turns += 1
        room.stir()
        try:
            yield
        finally:
            room.turns -= 1
            room.stir()
            self._settle(conversation, room)

    @contextmanager
    def watch(self, conversation: str) -> Iterator[tuple[Room, asyncio.Event]]:
        """Watch a conversation; the event is set at once and whenever something may have changed."""
        room, wake = self._enter(conversation), asyncio.Event()
        wake.set()
        room.watchers.add(wake)
        room.watched = True
        try:
            yield room, wake
        finally:
            room.watchers.discard(wake)
            self._settle(conversation, room)

    def stir(self, conversation: str) -> None:
        """Wake whoever watches this conversation."""
        if conversation in self._rooms:
            self._rooms[conversation].stir()

    def _enter(self, conversation: str) -> Room:
        room = self._rooms.setdefault(conversation, Room())
        if room.farewell is not None:
            room.farewell.cancel()
            room.farewell = None
        return room

    def _settle(self, conversation: str, room: Room) -> None:
        if room.watchers or room.turns:
            return
        if room.watched:
            room.farewell = asyncio.get_running_loop().call_later(self._grace, self._leave, conversation)
        else:
            self._rooms.pop(conversation, None)

    def _leave(self, conversation: str) -> None:
        self._rooms.pop(conversation, None)
        task = asyncio.ensure_future(self._gone(conversation))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
