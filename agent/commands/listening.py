"""The address a server answers at: taken before anything slow is loaded, so that a port in use is known at once.

Until everything is loaded connections are refused rather than kept waiting: whoever stands in front, a proxy or a
client that tries again, goes to another worker at once.
"""

import socket

from agent.domain.errors import ConfigError

WAITING = 128
"""Connections that may wait to be taken in."""


def take(host: str, port: int) -> socket.socket:
    """Return a socket that has the address and refuses connections; port 0 takes any free one.

    Raises ConfigError when the address cannot be had.
    """
    door = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    try:
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a restart needs not wait for old connections
        door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # a call's small frames go out at once
        if door.family == socket.AF_INET6:
            door.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        door.bind((host, port))
    except OSError as refused:
        door.close()
        raise _cannot(host, port, refused) from None
    return door


def listen(door: socket.socket) -> None:
    """Let connections come. Raises ConfigError when another process listens there meanwhile."""
    host, port = door.getsockname()[:2]
    try:
        door.listen(WAITING)
    except OSError as refused:
        raise _cannot(host, port, refused) from None


def _cannot(host: str, port: int, refused: OSError) -> ConfigError:
    why = (refused.strerror or str(refused)).lower()
    return ConfigError(f"cannot listen on {host} port {port} ({why}); choose another with --port")


def address(door: socket.socket) -> str:
    """Return where a browser on this machine reaches the socket."""
    host, port = door.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
