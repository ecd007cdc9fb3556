"""Cuts an ONNX model short: the same file's bytes, read up to inner results, so that onnxruntime drops the rest.

Only the few fields of the ONNX schema that name a graph's outputs are touched (ModelProto.graph = 7,
GraphProto.output = 12, ValueInfoProto.name = 1); everything else is copied as it is.
"""

from collections.abc import Iterator, Sequence

_GRAPH, _OUTPUT, _NAME = 7, 12, 1
_BYTES = 2
"""The wire type of what is preceded by its length."""
_FIXED = {1: 8, 5: 4}
_MORE = 0x80


def cut_to(model: bytes, outputs: Sequence[str]) -> bytes:
    """Return the model with `outputs`, names of inner results, as its only results."""
    whole = bytearray()
    for field, raw, inside in _fields(model):
        whole += _told(_GRAPH, _graph(inside, outputs)) if field == _GRAPH else raw
    return bytes(whole)


def _graph(graph: bytes, outputs: Sequence[str]) -> bytes:
    kept = bytearray()
    for field, raw, _ in _fields(graph):
        if field != _OUTPUT:
            kept += raw
    for name in outputs:
        kept += _told(_OUTPUT, _told(_NAME, name.encode()))
    return bytes(kept)


def _fields(message: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield (number, the field as it stands, what is inside it when it has a length)."""
    at = 0
    while at < len(message):
        began = at
        key, at = _number(message, at)
        wire, inside = key & 7, b""
        if wire == _BYTES:
            size, at = _number(message, at)
            inside, at = message[at : at + size], at + size
        elif wire in _FIXED:
            at += _FIXED[wire]
        else:
            _, at = _number(message, at)
        yield key >> 3, message[began:at], inside


def _number(message: bytes, at: int) -> tuple[int, int]:
    """Read a number of seven bits a byte; return it and where it ends."""
    value, shift = 0, 0
    while True:
        byte = message[at]
        value, at, shift = value | (byte & (_MORE - 1)) << shift, at + 1, shift + 7
        if byte < _MORE:
            return value, at


def _told(field: int, inside: bytes) -> bytes:
    return _written(field << 3 | _BYTES) + _written(len(inside)) + inside


def _written(value: int) -> bytes:
    out = bytearray()
    while value >= _MORE:
        out.append(value & (_MORE - 1) | _MORE)
        value >>= 7
    return bytes([*out, value])
