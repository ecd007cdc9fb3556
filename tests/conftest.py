"""What all tests share: no network but loopback, one loaded set of models, a whole Careline to talk to."""

import os
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
os.environ.setdefault("LANGGRAPH_STRICT_MSGPACK", "true")

import pytest

LOOPBACK = ("127.", "::1", "localhost")


WAITING = ("test_calling_", "test_eval_calls", "test_pages_in_browser", "test_phone_", "test_takeover_in_browser")
"""Files whose tests mostly wait: on a line in real time, or on a browser."""
NOT_WAITING = ("test_phone_dialogue", "test_phone_models", "test_phone_sound", "test_phone_pronunciation")


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Mark what waits, so that it runs beside what computes."""
    for item in items:
        name = item.path.name
        if name.startswith(WAITING) and not name.startswith(NOT_WAITING):
            item.add_marker(pytest.mark.waits)


@pytest.fixture(autouse=True, scope="session")
def _only_loopback() -> Any:
    """Let nothing reach beyond this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(LOOPBACK):
            raise AssertionError(f"a test tried to reach {address[0]}")
        connect(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign]
    yield
    socket.socket.connect = connect  # type: ignore[method-assign]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """Start a real PostgreSQL once; its database `careline_1` has all tables and nothing else."""
    from evals.servers import FAST, CannotStart, postgres
    from tests.practice_of_two import empty_tables

    try:
        with postgres(*FAST) as server:
            empty_tables(server.url(server.database()))
            yield server
    except CannotStart as missing:
        pytest.skip(f"no PostgreSQL for this test: {missing}")


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Any]:
    """Start a real Redis once."""
    from evals.servers import CannotStart, redis

    try:
        with redis() as server:
            yield server
    except CannotStart as missing:
        pytest.skip(f"no Redis for this test: {missing}")


@pytest.fixture
def postgres_url(postgres_server: Any) -> Iterator[str]:
    """Make a database with all tables and nothing else; dropped afterwards."""
    name = postgres_server.database(like="careline_1")
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: Any) -> str | None:
    """Run a test on both engines: None is the SQLite file in the data folder."""
    url: str | None = request.getfixturevalue("postgres_url") if request.param == "postgresql" else None
    return url


@pytest.fixture(scope="session")
def stage() -> Any:
    """Models, practice folders and an empty data folder, loaded once."""
    from agent.app import load_models
    from evals.runner import Stage

    made = Stage(load_models())
    yield made
    made.close()


@pytest.fixture
async def desk(stage: Any, tmp_path: Path) -> AsyncIterator[Callable[..., Awaitable[Any]]]:
    """Open a whole Careline on a world: `line = await desk(world)`; closed after the test."""
    from tests.talking import open_desk

    opened: list[Any] = []

    async def open_one(**given: Any) -> Any:
        made = await open_desk(stage, tmp_path / f"data-{len(opened)}", **given)
        opened.append(made)
        return made

    yield open_one
    for made in opened:
        await made.close()
