"""Which pages may open a socket: our own, those the operator allows, and programs that are no browser."""

from urllib.parse import urlsplit

from starlette.datastructures import Headers


def may_connect(headers: Headers, allowed: frozenset[str] = frozenset()) -> bool:
    """Say whether the page that opens this socket is ours; `allowed` holds origins such as ``https://clinic.example``."""
    origin = headers.get("origin")
    if origin is None:
        return True
    return origin in allowed or (bool(urlsplit(origin).netloc) and urlsplit(origin).netloc == headers.get("host"))
