"""A process that is killed in the middle of a call leaves no dead line, and the next one closes what it left."""

import asyncio
import sys
from pathlib import Path

from agent.channels.phone.left_over import close_left_over
from agent.channels.phone.rest import TwilioTelephone
from agent.storage.open import open_storage
from tests.fake_twilio import ACCOUNT, TOKEN, FakeTwilio
from tests.phone_exchange import PRACTICE, PUBLIC, NotingDesk, StandInLines, reception_over, talking
from tests.practice_of_two import KEY, HandClock


async def test_a_killed_process_leaves_the_caller_with_the_front_desk(tmp_path: Path) -> None:
    data = tmp_path / "data"
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.phone_process", str(data), stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        here = (await asyncio.wait_for(process.stdout.readline(), 60)).decode().strip()
        twilio = FakeTwilio(public_url=PUBLIC, served_at=here)
        async with twilio.working():
            call = await twilio.place()
            await talking(call)

            process.kill()
            await asyncio.wait_for(call.ended.wait(), 10)

            assert "something went wrong" in call.said[0]
            assert call.rung == [PRACTICE.phones.front_desk]
            assert await closed_by_the_next_process(data, twilio) == ["hang_up"]
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def closed_by_the_next_process(data: Path, twilio: FakeTwilio) -> list[str | None]:
    """Open the data as the next process does, and return what the conversation of the lost call is told."""
    storage, desk = await open_storage(data, data_key=KEY, clock=HandClock()), NotingDesk()
    telephone = TwilioTelephone(ACCOUNT, TOKEN, api_url=twilio.api.url)
    assert len(await storage.calls.live_calls()) == 1
    await close_left_over(reception_over(storage, desk, StandInLines()), telephone, fresh=True)
    assert await storage.calls.live_calls() == []
    telephone.close()
    await storage.close()
    return desk.events
