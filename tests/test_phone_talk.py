"""A call over the real socket and the real pipeline: turns, what was heard, breaking in, keys, silence, the end."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pipecat", reason="the extra `voice` is not installed")
pytest.importorskip("piper", reason="the extra `voice` is not installed")

from fastapi import FastAPI, WebSocket

from agent.channels.phone.ear_models import EarModels
from agent.channels.phone.parts import Limits
from agent.channels.server import server_config
from agent.commands.listening import address, take
from agent.commands.stopping import PoliteServer
from agent.domain.clock import SystemClock
from agent.domain.errors import ServiceDown
from agent.domain.text import ClearText
from agent.speech.sentences import sentences
from agent.storage.open import Storage, open_storage
from tests.phone_line import ECHO, Booth, Speech, booth_over, says, until

CUT_IN = "I have something else to ask you."
HOURS = "When are you open on Friday?"
LONG = "One two three four five six seven eight nine ten. Eleven twelve thirteen fourteen fifteen sixteen seventeen."


class Signed:
    def socket_ok(self, websocket: WebSocket) -> bool:
        return websocket.headers["x-twilio-signature"] == "good"


SIGNED = Signed()


@contextlib.asynccontextmanager
async def polite(app: FastAPI) -> AsyncIterator[str]:
    """Serve as `careline serve` does."""
    door = take("127.0.0.1", 0)
    server = PoliteServer(server_config(app, host="127.0.0.1", port=0), farewell=app.state.lines.drain)
    serving = asyncio.create_task(server.serve([door]))
    await until(lambda: server.started)
    yield address(door)
    server.should_exit = True
    await serving


@pytest.fixture(scope="module")
def models() -> EarModels:
    return EarModels()


@pytest.fixture(scope="module")
def speech() -> Speech:
    made = Speech()
    asyncio.run(made.prepare(HOURS, "No.", CUT_IN, "Yes please."))
    return made


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    opened = await open_storage(tmp_path / "data", clock=SystemClock())
    yield opened
    await opened.close()


@pytest.fixture
async def booth(storage: Storage, models: EarModels, speech: Speech) -> AsyncIterator[Callable[..., Any]]:
    async with contextlib.AsyncExitStack() as stack:

        async def open_booth(**more: Any) -> Booth:
            return await stack.enter_async_context(booth_over(storage, models, speech, **more))

        yield open_booth


async def test_a_question_is_heard_and_answered_and_what_was_heard_is_told_before_the_next_turn(booth: Any) -> None:
    phone = await booth()

    async with phone.call() as line:
        await phone.quiet(line, 1)
        await phone.exchange(line, HOURS, "when are you open on friday", "when are you up on friday")

    assert phone.desk.told[:3] == [
        ("spoken", "r0", len("Hello there.")),
        ("turn", "when are you open on friday"),
        ("spoken", "r2", len(ECHO)),
    ]
    assert phone.voice.spoke == ["Hello there.", "You said it.", "Is there more?"]
    assert [(one.who, one.text) for one in line.captions][1] == ("caller", "when are you open on friday")


async def test_nobody_who_says_nothing_gets_a_turn(booth: Any) -> None:
    phone = await booth()

    async with phone.call() as line:
        await phone.quiet(line, 1)
        await asyncio.sleep(2.0)
    await phone.hung_up()

    assert phone.desk.turns == ["hang_up"]
    assert phone.ears.seconds == []


async def test_breaking_in_stops_speech_and_tells_how_much_was_heard(booth: Any) -> None:
    phone = await booth()
    phone.desk.replies = [says(LONG, id="long")]

    async with phone.call() as line:
        await phone.quiet(line, 1)
        await phone.speak(line, HOURS)
        await until(lambda: "s2.0" in line.marks)
        speaking = asyncio.create_task(phone.speak(line, CUT_IN))
        await until(lambda: line.cleared, seconds=20.0)  # how soon is measured by the benchmarks
        await speaking
        await until(lambda: len(phone.desk.turns) == 2)

    assert "s2.1" not in line.marks
    assert ("spoken", "long", LONG.index("Eleven") - 1) in phone.desk.told
    assert phone.desk.told.index(("spoken", "long", LONG.index("Eleven") - 1)) < phone.desk.told.index(("turn", CUT_IN))


async def test_breaking_in_never_stops_a_write(booth: Any) -> None:
    phone = await booth()
    phone.desk.gate = asyncio.Event()

    async with phone.call() as line:
        await phone.quiet(line, 1)
        await phone.speak(line, "Yes please.")
        await until(lambda: phone.desk.turns == ["Yes please."])
        await phone.speak(line, CUT_IN)
        phone.desk.gate.set()
        await until(lambda: phone.desk.finished == 2)

    assert phone.desk.turns[:2] == ["Yes please.", CUT_IN]


async def test_a_caller_who_hangs_up_in_the_middle_of_a_turn_loses_no_write(booth: Any) -> None:
    phone = await booth()
    phone.desk.gate = asyncio.Event()

    async with phone.call() as line:
        await phone.quiet(line, 1)
        await phone.speak(line, "Yes please.")
        await until(lambda: phone.desk.turns == ["Yes please."])
    phone.desk.gate.set()

    await until(lambda: phone.desk.finished == 2)
    assert phone.desk.turns == ["Yes please.", "hang_up"]


async def test_a_word_that_only_says_i_am_listening_does_not_end_our_speech(booth: Any) -> None:
    phone = await booth()
    phone.desk.replies = [says(LONG, id="long")]

    async with phone.call() as line:
        await phone.quiet(line, 1)
        await phone.speak(line, HOURS)
        await until(lambda: "s2.0" in line.marks)
        await phone.speak(line, "No.", "mhm")
        await until(lambda: ("spoken", "long", len(LONG)) in phone.desk.told)

    assert phone.desk.turns[:1] == [HOURS]
    assert "mhm" not in phone.desk.turns


async def test_a_noise_that_broke_in_lets_us_say_the_rest_again(booth: Any) -> None:
    phone = await booth()
    phone.desk.replies = [says(LONG, id="long")]

    async with phone.call() as line:
        await phone.quiet(line, 1)
        await phone.speak(line, HOURS)
        await until(lambda: "s2.0" in line.marks)
        await phone.speak(line, "Yes please.", "")
        await until(lambda: ("spoken", "long", len(LONG)) in phone.desk.told)

    assert phone.voice.spoke.count("Eleven twelve thirteen fourteen fifteen sixteen seventeen.") == 2


async def test_keys_stop_speech_and_are_one_turn(booth: Any) -> None:
    phone = await booth()
    phone.desk.replies = [says(LONG), says(LONG)]

    async with phone.call() as line:
        await phone.quiet(line, 1)
        await phone.speak(line, HOURS)
        await until(lambda: "s2.0" in line.marks)
        for key in "412#":
            await line.press(key)
        await until(lambda: phone.desk.turns == [HOURS, "412"], seconds=1.0)

    assert line.cleared


async def test_a_lone_zero_is_a_turn_at_once_and_other_digits_after_a_pause(booth: Any) -> None:
    phone = await booth()
    phone.desk.replies = [says("Born when?", asks="born"), says("Thank you.")]

    async with phone.call() as line:
        await phone.quiet(line, 1)
        await line.press("0")
        await until(lambda: phone.desk.turns == ["0"], seconds=1.0)
        await phone.quiet(line, 2)
        for key in "04121982":
            await line.press(key)
        await until(lambda: phone.desk.turns == ["0", "04121982"], seconds=3.0)


async def test_silence_after_our_words_were_heard_is_a_turn(booth: Any) -> None:
    phone = await booth(limits=Limits(silence=0.5))
    phone.desk.replies = [says("Are you still there?"), says("Goodbye.", state="ended")]

    async with phone.call() as line:
        await until(lambda: line.closed is not None)

    assert phone.desk.turns == ["silence", "silence"]
    assert len(line.marks) == 3
    assert line.closed == "closed with 1000"


async def test_speech_that_nobody_understands_is_no_silence_and_passes_no_empty_words(booth: Any) -> None:
    phone = await booth()

    async with phone.call() as line:
        await phone.quiet(line, 1)
        await phone.speak(line, HOURS, "")
        await until(lambda: phone.desk.turns == ["unclear"])


@pytest.mark.parametrize("trouble", ["hangs", "fails"])
async def test_ears_that_break_do_not_hang_the_turn(booth: Any, trouble: str) -> None:
    phone = await booth()
    setattr(phone.ears, trouble, True)

    async with phone.call() as line:
        await phone.quiet(line, 1)
        await phone.speak(line, HOURS)
        await until(lambda: phone.desk.turns == ["unclear"])


async def test_ears_that_stay_broken_leave_the_caller_to_the_telephone_service(booth: Any) -> None:
    async def hang_up(call_sid: str) -> None:
        raise AssertionError("help for the caller would be lost")

    phone = await booth(hang_up=hang_up, signed=SIGNED)
    phone.ears.fails = True

    async with phone.twilio_call("CA10") as line:
        await phone.quiet(line, 1)
        await phone.speak(line, HOURS)
        await phone.quiet(line, 3)
        await phone.speak(line, HOURS)
        await until(lambda: line.closed is not None)
    await phone.hung_up()

    assert phone.desk.turns == ["unclear", "hang_up"]


async def test_who_talks_without_a_pause_is_answered_and_goes_on_in_a_turn_of_its_own(
    booth: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.channels.phone.ears.LONGEST", 32_000)
    phone = await booth()

    async with phone.call() as line:
        await phone.quiet(line, 1)
        await phone.speak(line, CUT_IN)
        await until(lambda: len(phone.desk.turns) >= 2)

    assert phone.ears.seconds[0] == pytest.approx(1.0, abs=0.1)
    assert all(seconds < 1.6 for seconds in phone.ears.seconds)


async def test_a_text_without_a_word_to_say_is_passed_over(booth: Any) -> None:
    phone = await booth()
    phone.desk.replies = [says("\u2026", id="dots"), says("?", id="mark")]

    async with phone.call() as line:
        await phone.quiet(line, 1)
        await phone.speak(line, HOURS)
        await until(lambda: ("spoken", "dots", 1) in phone.desk.told)
        await phone.speak(line, HOURS)
        await until(lambda: ("spoken", "mark", 1) in phone.desk.told)

    assert line.closed is None or "1000" in line.closed
    assert phone.voice.spoke == ["Hello there."]


async def test_the_goodbye_is_heard_before_the_call_ends(booth: Any) -> None:
    phone = await booth()
    phone.desk.replies = [says("Thank you for calling. Goodbye.", state="ended", id="bye")]

    async with phone.call() as line:
        await phone.quiet(line, 1)
        await phone.speak(line, HOURS)
        await until(lambda: line.closed is not None)

    await phone.hung_up()
    assert line.marks[-1] == "s2.1"
    assert ("spoken", "bye", len("Thank you for calling. Goodbye.")) in phone.desk.told
    assert phone.desk.turns == [HOURS]
    assert not line.cleared


async def test_stop_ends_the_call_at_once_and_leaves_no_task(booth: Any) -> None:
    phone = await booth()
    async with phone.call() as line:
        await phone.quiet(line, 1)
    await phone.hung_up()
    before = len(asyncio.all_tasks())

    for _ in range(3):
        async with phone.call() as line:
            await phone.exchange(line, HOURS)
        await phone.hung_up()
    await until(lambda: len(asyncio.all_tasks()) <= before, seconds=20.0)

    assert phone.desk.turns.count("hang_up") == 4


async def test_staff_is_spoken_and_a_take_over_silences_the_agent(booth: Any, storage: Storage) -> None:
    phone = await booth()
    phone.desk.replies = [says(LONG, id="long")]

    async with phone.call() as line:
        await phone.quiet(line, 1)
        await phone.speak(line, HOURS)
        await until(lambda: "s2.0" in line.marks)
        call = (await storage.calls.live_calls())[0]
        now = SystemClock().now()
        await storage.conversations.set_state(call.conversation or "", "with_staff", at=now)
        await until(lambda: line.cleared)
        await storage.conversations.staff_line(
            call.conversation or "", name="Rosa", text=ClearText("This is Rosa."), at=now
        )
        await until(lambda: phone.voice.spoke[-1] == "This is Rosa.")

    assert "with_staff" in line.states
    assert ("staff", "This is Rosa.") in [(one.who, one.text) for one in line.captions]


async def test_after_a_take_over_a_noise_brings_nothing_of_the_agent_back_and_words_reach_staff(
    booth: Any, storage: Storage
) -> None:
    phone = await booth()
    phone.desk.replies = [says(LONG, id="long"), says("", state="with_staff")]

    async with phone.call() as line:
        await phone.quiet(line, 1)
        await phone.speak(line, HOURS)
        await until(lambda: "s2.0" in line.marks)
        call = (await storage.calls.live_calls())[0]
        await storage.conversations.set_state(call.conversation or "", "with_staff", at=SystemClock().now())
        await until(lambda: line.cleared)
        await phone.speak(line, CUT_IN, "")
        await phone.speak(line, "No.", "mhm")
        await until(lambda: "mhm" in phone.desk.turns)

    assert ("spoken", "long", LONG.index("Eleven") - 1) in phone.desk.told
    assert phone.voice.spoke.count("Eleven twelve thirteen fourteen fifteen sixteen seventeen.") == 1


async def test_an_answer_that_comes_after_a_take_over_is_not_said_but_an_alarm_is(booth: Any, storage: Storage) -> None:
    phone = await booth()
    phone.desk.gate = asyncio.Event()
    phone.desk.replies = [says("On Friday at nine.", id="late"), says("Call 911 now.", alarm=True)]

    async with phone.call() as line:
        await phone.quiet(line, 1)
        await phone.speak(line, HOURS)
        await until(lambda: phone.desk.turns == [HOURS])
        call = (await storage.calls.live_calls())[0]
        await storage.conversations.set_state(call.conversation or "", "with_staff", at=SystemClock().now())
        await until(lambda: "with_staff" in line.states)
        phone.desk.gate.set()
        await until(lambda: ("spoken", "late", 0) in phone.desk.told)
        await phone.speak(line, CUT_IN)
        await until(lambda: phone.voice.spoke[-1] == "Call 911 now.")

    assert "On Friday at nine." not in phone.voice.spoke
    assert line.states[-1] == "with_staff"


async def test_who_talks_over_i_am_connecting_you_is_connected(booth: Any) -> None:
    tried = []

    class NoTransfers:
        async def send(self, conversation: str, to: Any) -> bool:
            tried.append(to)
            return False

    phone = await booth(transfers=NoTransfers())
    phone.desk.replies = [says(LONG, connect="front_desk")]

    async with phone.call() as line:
        await phone.quiet(line, 1)
        await phone.speak(line, HOURS)
        await until(lambda: "s2.0" in line.marks)
        await phone.speak(line, CUT_IN)
        await until(lambda: len(phone.desk.turns) >= 3)

    assert tried == ["front_desk"]
    assert not line.cleared
    assert sorted(phone.desk.turns[1:3]) == [CUT_IN, "nobody_answered"]


async def test_a_question_is_not_asked_when_the_caller_has_said_more_meanwhile(booth: Any) -> None:
    phone = await booth()
    phone.desk.gate = asyncio.Event()
    phone.desk.replies = [says("With whom?", id="whom", asks="provider"), says("Thank you.")]

    async with phone.call() as line:
        await phone.quiet(line, 1)
        await line.press("4")
        await line.press("#")
        await until(lambda: phone.desk.turns == ["4"])
        await line.press("5")
        await line.press("#")
        await asyncio.sleep(0.2)  # the keys are on their way
        phone.desk.gate.set()
        await until(lambda: "Thank you." in phone.voice.spoke)

    assert "With whom?" not in phone.voice.spoke
    assert phone.desk.told.index(("spoken", "whom", 0)) < phone.desk.told.index(("turn", "5"))


async def test_who_hangs_up_before_the_conversation_is_open_leaves_neither_it_nor_the_call_behind(
    booth: Any, storage: Storage
) -> None:
    phone = await booth()
    opened, opens = asyncio.Event(), phone.desk.open

    async def slow(**given: Any) -> Any:
        await opened.wait()
        return await opens(**given)

    phone.desk.open = slow
    async with phone.call():
        await until(lambda: phone.parts.lines.count == 1)
    opened.set()
    await phone.hung_up()

    assert phone.desk.turns == ["hang_up"]
    assert await storage.calls.live_calls() == []


async def test_a_practice_without_english_has_calls_too(booth: Any) -> None:
    phone = await booth()
    del phone.parts.words["en"]

    async def closed(**given: Any) -> Any:
        raise ServiceDown("database", "the disk is full")

    phone.desk.open = closed
    async with phone.call() as line:
        await until(lambda: line.closed is not None)

    assert phone.voice.spoke == [sentence.text for sentence in sentences(phone.parts.words["es"].trouble)]


async def test_a_transfer_is_tried_once_the_sentence_was_heard_and_a_refused_one_is_told(booth: Any) -> None:
    tried: list[tuple[str, int]] = []

    class NoTransfers:
        async def send(self, conversation: str, to: Any) -> bool:
            tried.append((to, len(line.marks)))
            return False

    phone = await booth(transfers=NoTransfers())
    phone.desk.replies = [says("I am connecting you.", connect="front_desk"), says("Nobody is there.")]

    async with phone.call() as line:
        await phone.quiet(line, 1)
        await phone.speak(line, HOURS)
        await until(lambda: "Nobody is there." in phone.voice.spoke)

    assert tried == [("front_desk", 2)]
    assert phone.desk.turns[:2] == [HOURS, "nobody_answered"]


async def test_a_call_has_a_longest_time_and_ends_with_a_sentence(booth: Any) -> None:
    phone = await booth(limits=Limits(call=1.0))

    async with phone.call() as line:
        await until(lambda: line.closed is not None, seconds=10.0)
    await phone.hung_up()

    assert phone.voice.spoke[-1] == "Goodbye."
    assert phone.desk.turns == ["hang_up"]


async def test_lines_are_limited_and_a_busy_one_is_refused(booth: Any) -> None:
    phone = await booth()
    phone.parts.lines.limit = 1

    async with phone.call() as first:
        await phone.quiet(first, 1)
        async with phone.call() as second:
            await until(lambda: second.closed is not None)

    assert second.closed == "closed with 1013"


async def test_a_server_that_is_told_to_stop_says_so_to_its_callers_before_it_cuts_them(booth: Any) -> None:
    phone = await booth(serve=polite)

    async with phone.call() as line:
        await phone.quiet(line, 1)
        os.kill(os.getpid(), signal.SIGTERM)
        await until(lambda: line.closed is not None, seconds=10.0)

    assert phone.voice.spoke[-1] == "Goodbye."
    assert line.closed == "closed with 1000"


async def test_running_calls_hear_a_sentence_when_we_stop(booth: Any) -> None:
    phone = await booth()

    async with phone.call() as line:
        await phone.quiet(line, 1)
        await phone.parts.lines.drain(10.0)
        await until(lambda: line.closed is not None)

    assert phone.voice.spoke[-1] == "Goodbye."
    assert not phone.parts.lines.open


async def test_a_call_is_ended_at_the_telephone_service_before_its_socket_closes(booth: Any) -> None:
    ended: list[tuple[str, bool]] = []

    async def hang_up(call_sid: str) -> None:
        ended.append((call_sid, line.closed is None))

    phone = await booth(hang_up=hang_up, signed=SIGNED)
    phone.desk.replies = [says("Goodbye.", state="ended")]

    async with phone.twilio_call("CA7") as line:
        await phone.quiet(line, 1)
        await phone.speak(line, HOURS)
        await until(lambda: line.closed is not None)

    assert ended == [("CA7", True)]
    assert line.captions == []
    assert line.states == []


async def test_a_call_sent_to_a_person_is_not_hung_up_and_its_conversation_is_not_told_so(booth: Any) -> None:
    class Transfers:
        async def send(self, conversation: str, to: Any) -> bool:
            assert await phone.parts.calls.hand_over("CA8") == 1
            return True

    async def hang_up(call_sid: str) -> None:
        raise AssertionError("the call would be lost")

    phone = await booth(transfers=Transfers(), hang_up=hang_up, signed=SIGNED)
    phone.desk.replies = [says("I am connecting you.", connect="front_desk")]

    async with phone.twilio_call("CA8") as line:
        await phone.quiet(line, 1)
        await phone.speak(line, HOURS)
        await until(lambda: "s2.0" in line.marks)
        await asyncio.sleep(0.2)
    await phone.hung_up()

    assert phone.desk.turns == [HOURS]


async def test_who_calls_while_models_load_is_answered_once_they_are_and_gets_no_ghost_turn(booth: Any) -> None:
    phone = await booth()
    lines = phone.parts.lines
    loaded = asyncio.Event()

    async def load() -> None:
        await loaded.wait()
        lines.warm = True

    lines.warm, lines.warming = False, asyncio.create_task(load())
    async with phone.call() as line:
        await phone.speak(line, HOURS)
        assert phone.voice.spoke == []
        loaded.set()
        await phone.quiet(line, 1)
        await asyncio.sleep(0.5)

    assert phone.desk.turns == []


async def test_a_browser_that_mutes_in_the_middle_of_a_word_is_answered(booth: Any) -> None:
    phone = await booth()

    async with phone.raw_call() as socket:
        await socket.say(HOURS, seconds=1.0)
        await until(lambda: phone.desk.turns == ["hello"], seconds=5.0)


async def test_a_question_held_back_because_the_caller_went_on_was_not_heard(booth: Any) -> None:
    phone = await booth()
    phone.desk.gate = asyncio.Event()
    phone.desk.replies = [says("With whom?", id="whom", asks="provider"), says("Thank you.")]

    async with phone.call() as line:
        await phone.quiet(line, 1)
        await phone.speak(line, "Yes please.")
        await until(lambda: phone.desk.turns == ["Yes please."])
        speaking = asyncio.create_task(phone.speak(line, CUT_IN))
        await asyncio.sleep(0.7)
        phone.desk.gate.set()
        await speaking
        await until(lambda: "Thank you." in phone.voice.spoke)

    assert "With whom?" not in phone.voice.spoke
    assert phone.desk.told.index(("spoken", "whom", 0)) < phone.desk.told.index(("turn", CUT_IN))


async def test_where_the_time_of_a_turn_went_is_kept_without_words(booth: Any) -> None:
    phone = await booth()

    async with phone.call() as line:
        await phone.exchange(line, HOURS)

    [row] = phone.parts.timings.rows()
    assert 0 < row["pause"] <= row["ended"] <= row["answered"] <= row["spoken"]
    assert all(isinstance(value, int) for name, value in row.items() if name != "call")


async def test_a_voice_that_breaks_leaves_the_caller_to_the_telephone_service_and_nothing_counts_as_heard(
    booth: Any,
) -> None:
    async def hang_up(call_sid: str) -> None:
        raise AssertionError("help for the caller would be lost")

    phone = await booth(hang_up=hang_up, signed=SIGNED)
    phone.desk.replies = [says("So that is Tuesday. Shall I book it?", id="read-back")]

    async with phone.twilio_call("CA9") as line:
        await phone.quiet(line, 1)
        phone.voice.fails = True
        await phone.speak(line, HOURS)
        await until(lambda: line.closed is not None)
    await phone.hung_up()

    assert phone.desk.told[-2:] == [("spoken", "read-back", 0), ("turn", "hang_up")]


async def test_a_database_that_breaks_ends_the_call_with_a_sentence(booth: Any) -> None:
    phone = await booth()

    async def broken(heard: Any) -> Any:
        raise ServiceDown("database", "the disk is full")

    phone.desk._turn = broken
    async with phone.call() as line:
        await phone.quiet(line, 1)
        await phone.speak(line, HOURS)
        await until(lambda: line.closed is not None)

    assert phone.voice.spoke[-1] == "Goodbye."


async def test_an_error_of_ours_ends_the_call_and_is_logged_without_words(booth: Any, caplog: Any) -> None:
    phone = await booth()

    async def wrong(heard: Any) -> Any:
        raise RuntimeError("cannot digest zanzibar")

    phone.desk._turn = wrong
    async with phone.call() as line:
        await phone.quiet(line, 1)
        await phone.speak(line, HOURS)
        await until(lambda: line.closed is not None)
    await phone.hung_up()

    assert "call_failed RuntimeError" in caplog.text
    assert "call_broke RuntimeError" in caplog.text
    assert "zanzibar" not in caplog.text
