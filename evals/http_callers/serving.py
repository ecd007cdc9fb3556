"""A practice served as an operator serves one: `careline serve --world`, a real process, a real port, a data folder."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from agent.ehr.worlds import Setting, read_world
from agent.practice_folder import demo_folder

WORLDS = Path(__file__).parents[1] / "worlds"
START_WITHIN = 600.0


@dataclass(frozen=True, kw_only=True)
class Served:
    """A running practice."""

    client: httpx.Client
    setting: Setting
    data: Path


@contextmanager
def serving(world: str, folder: Path) -> Iterator[Served]:
    """Serve one of evals/worlds below a passing folder; what its practice lacks is the demo's, as after `init`."""
    file = laid_out(world, folder)
    setting, data, port = read_world(file), folder / "data", _free_port()
    command = [str(Path(sys.executable).with_name("careline")), "serve", "--port", str(port), "--unreviewed"]
    command += ["--world", str(file), "--practice", str(setting.folder), "--data", str(data)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as client:
            _wait(client)
            yield Served(client=client, setting=setting, data=data)
    finally:
        server.terminate()
        server.communicate(timeout=30)


def laid_out(world: str, folder: Path) -> Path:
    """Copy a world and its practice, completed by the demo's texts and red flags; return the world's file."""
    file = folder / f"{world}.yaml"
    shutil.copy(WORLDS / file.name, file)
    shutil.copytree(WORLDS / world, folder / world)
    demo = demo_folder()
    for part in ("faq", "escalation.yaml"):
        if not (folder / world / part).exists():
            copy = shutil.copytree if (demo / part).is_dir() else shutil.copy
            copy(demo / part, folder / world / part)
    return file


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(client: httpx.Client) -> None:
    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until:
        try:
            if client.get("/readyz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise SystemExit("the server did not become ready")
