"""A Piper model cut in two: words -> frames (quick), frames -> sound (slow, but possible piece by piece).

The model file is a protobuf (ONNX); only the few fields needed here are read and written, by the wire format, so that
no further package is needed: https://protobuf.dev/programming-guides/encoding/ and onnx.proto3 (field numbers below).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

GRAPH = 7
NODE, NAME, INITIALIZER, INPUT, OUTPUT = 1, 2, 5, 11, 12
TENSOR_NAME = 8
FIRST_OF_SOUND = "/dec/conv_pre/Conv"
"""The node with which sound making begins; what it takes is where the model is cut."""


@dataclass(frozen=True, kw_only=True)
class Halves:
    """Two models: the first ends, the second begins with the tensor named `seam`, of shape (1, channels, frames)."""

    first: bytes
    second: bytes
    seam: str


@dataclass(frozen=True)
class _Node:
    raw: bytes
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    name: str


def halves(model: bytes) -> Halves:
    """Return a Piper model in two halves. ValueError: it is built differently."""
    top = list(_fields(model))
    graph = [field for number, content in top if number == GRAPH for field in _fields(content)]
    nodes = [_node(content) for number, content in graph if number == NODE]
    seams = [node.inputs[0] for node in nodes if node.name == FIRST_OF_SOUND]
    ends = [_text(content, 1) for number, content in graph if number == OUTPUT]
    if len(seams) != 1 or len(ends) != 1:
        raise ValueError("the model has no seam between words and sound")
    seam = _value(seams[0])
    before = _needed(nodes, seams[0], stop="")
    after = _needed(nodes, ends[0], stop=seams[0])
    first = _graph(graph, before, lambda number, _: number == INPUT, _put(OUTPUT, seam))
    second = _graph(graph, after, lambda number, _: number == OUTPUT, _put(INPUT, seam))
    rest = b"".join(_put(number, content) for number, content in top if number != GRAPH)
    return Halves(first=rest + _put(GRAPH, first), second=rest + _put(GRAPH, second), seam=seams[0])


def _graph(
    graph: list[tuple[int, bytes | int]],
    nodes: list[_Node],
    kept: Callable[[int, bytes | int], bool],
    border: bytes,
) -> bytes:
    used = {name for node in nodes for name in node.inputs}
    weights = [field for field in graph if field[0] == INITIALIZER and _text(field[1], TENSOR_NAME) in used]
    fields = [field for field in graph if field[0] == NAME or kept(*field)]
    made = [_put(NODE, node.raw) for node in nodes] + [_put(*field) for field in (*weights, *fields)]
    return b"".join(made) + border


def _needed(nodes: list[_Node], end: str, *, stop: str) -> list[_Node]:
    """Return the nodes, in their order, that `end` cannot be had without, as if `stop` were given."""
    maker = {name: at for at, node in enumerate(nodes) for name in node.outputs}
    wanted, found = [end], set[int]()
    while wanted:
        name = wanted.pop()
        at = maker.get(name)
        if name != stop and at is not None and at not in found:
            found.add(at)
            wanted.extend(nodes[at].inputs)
    return [nodes[at] for at in sorted(found)]


def _node(raw: bytes | int) -> _Node:
    content = list(_fields(raw))
    inputs, outputs, names = (tuple(_words(value) for number, value in content if number == want) for want in (1, 2, 3))
    return _Node(bytes(raw), inputs, outputs, names[0] if names else "")


def _value(name: str) -> bytes:
    """Return a ValueInfoProto: a float tensor of three dimensions, none of them fixed."""
    shape = b"".join(_put(1, _put(2, f"{name}_{number}".encode())) for number in range(3))
    return _put(1, name.encode()) + _put(2, _put(1, _put(1, 1) + _put(2, shape)))


def _fields(message: bytes | int) -> Iterator[tuple[int, bytes | int]]:
    """Yield a message's fields in order: number and content (bytes, or a number for varints)."""
    if isinstance(message, int):
        raise ValueError("not a message")
    at = 0
    while at < len(message):
        key, at = _varint(message, at)
        if key & 7 == 0:
            value, at = _varint(message, at)
            yield key >> 3, value
        elif key & 7 == 2:
            length, at = _varint(message, at)
            yield key >> 3, message[at : at + length]
            at += length
        else:
            at += 8 if key & 7 == 1 else 4  # fixed numbers: attributes of nodes, never looked at


def _varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at


def _put(number: int, content: bytes | int) -> bytes:
    if isinstance(content, int):
        return _number(number << 3) + _number(content)
    return _number(number << 3 | 2) + _number(len(content)) + content


def _number(value: int) -> bytes:
    made = bytearray()
    while value > 0x7F:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*made, value])


def _text(message: bytes | int, number: int) -> str:
    return next((_words(value) for field, value in _fields(message) if field == number), "")


def _words(value: bytes | int) -> str:
    return value.decode() if isinstance(value, bytes) else ""
