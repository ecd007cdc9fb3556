"""The telephone side of Careline as a process of its own, so that it can be killed: `python -m tests.phone_process DIR`."""

import asyncio
import sys
from pathlib import Path

from agent.storage.open import open_storage
from tests.phone_exchange import NotingDesk, StandInLines, phone_app, reception_over
from tests.practice_of_two import KEY, HandClock
from tests.web.site import serving


async def serve(folder: Path) -> None:
    storage = await open_storage(folder, data_key=KEY, clock=HandClock())
    lines = StandInLines()
    async with serving(phone_app(reception_over(storage, NotingDesk(), lines), lines)) as here:
        print(here, flush=True)  # noqa: T201 - told to whoever started us
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1])))
