"""The address a server answers at: taken before anything slow is loaded, so that a port in use is known at once."""

import socket

from agent.domain.errors import ConfigError

WAITING = 128
"""Connections that may wait while models load."""


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 takes any free one. Raises ConfigError when the address cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        door = socket.create_server((host, port), family=family, backlog=WAITING)
        door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # a call's small frames go out at once
        return door
    except OSError as refused:
        why = (refused.strerror or str(refused)).lower()
        raise ConfigError(f"cannot listen on {host} port {port} ({why}); choose another with --port") from None


def address(door: socket.socket) -> str:
    """Return where a browser on this machine reaches the socket."""
    host, port = door.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
