"""The telephone keeps time, plays what it is sent at the speed of sound, and answers marks as the network does."""

import asyncio
import base64
from pathlib import Path

import numpy as np
import pytest

from agent.calling.answers import is_over, patience
from agent.calling.call import dial
from agent.calling.ear import Ear, Spurt
from agent.calling.earpiece import FRAME, Earpiece
from agent.calling.errors import LineDropped, NotAnswered, NothingHeard
from agent.calling.measures import percentile
from agent.calling.metronome import STEP, Metronome
from agent.calling.microphone import SPEECH, Microphone, Utterance
from agent.calling.programs import ProgramVoice
from agent.calling.voices import caller_voice
from agent.domain.errors import ConfigError
from agent.speech.audio import from_mulaw, rms, write_wav
from tests.phone_server import TONE, Visitor, phone_server


def tone(seconds: float) -> "np.typing.NDArray[np.int16]":
    return from_mulaw(TONE)[: int(8_000 * seconds)]


class OneTone:
    """A voice that says everything as half a second of tone."""

    async def speak(self, words: str) -> "np.typing.NDArray[np.int16]":
        return tone(0.5)


# --- the earpiece ---------------------------------------------------------------------------------------------------


def test_a_mark_is_reached_when_the_sound_before_it_was_played_and_not_earlier() -> None:
    earpiece = Earpiece()
    earpiece.play(TONE[: 2 * FRAME])
    earpiece.mark("end")

    reached = [earpiece.frame()[1] for _ in range(3)]

    assert reached == [[], ["end"], []]


def test_a_mark_without_sound_before_it_is_reached_at_once() -> None:
    earpiece = Earpiece()
    earpiece.mark("nothing to play")

    assert earpiece.frame() == (b"\xff" * FRAME, ["nothing to play"])


def test_sound_in_odd_pieces_is_played_whole_and_the_last_frame_filled_with_silence() -> None:
    earpiece = Earpiece()
    for piece in (TONE[:100], TONE[100:333]):
        earpiece.play(piece)

    played = b"".join(earpiece.frame()[0] for _ in range(3))

    assert played == TONE[:333].ljust(3 * FRAME, b"\xff")
    assert earpiece.empty


def test_clear_drops_what_was_not_played_and_gives_its_marks_back() -> None:
    earpiece = Earpiece()
    earpiece.play(TONE)
    earpiece.mark("first")
    earpiece.play(TONE)
    earpiece.mark("second")
    earpiece.frame()

    dropped = earpiece.clear()

    assert dropped == ["first", "second"]
    assert earpiece.frame() == (b"\xff" * FRAME, [])


# --- the ear and the microphone --------------------------------------------------------------------------------------


def test_the_ear_tells_when_talk_began_and_ended_and_bridges_short_pauses() -> None:
    ear = Ear()
    loud, still = TONE[:FRAME], b"\xff" * FRAME
    frames = [*[still] * 5, *[loud] * 5, *[still] * 5, *[loud] * 5, *[still] * 50, *[loud] * 5]

    for count, frame in enumerate(frames):
        ear.note(frame, count * STEP)
    heard = ear.take()

    assert [(round(spurt.start, 2), round(spurt.end, 2)) for spurt in heard.spurts] == [(0.1, 0.4), (1.4, 1.5)]
    assert heard.seconds == pytest.approx(1.4)
    assert ear.take().spurts == ()


def test_speech_is_brought_to_one_loudness_and_its_silent_ends_are_cut_off() -> None:
    quiet = np.concatenate([np.zeros(1_600, np.int16), (tone(0.5) // 20), np.zeros(3_200, np.int16)])

    said = Utterance(np.asarray(quiet, np.int16))

    assert said.seconds == pytest.approx(0.5, abs=STEP)
    assert rms(said.next(0.0)) == pytest.approx(SPEECH, rel=0.2)


def test_noise_is_as_loud_as_asked_for_while_nobody_speaks() -> None:
    microphone = Microphone()
    microphone.noise(20.0)

    heard = from_mulaw(b"".join(microphone.frame(0.0) for _ in range(200)))

    assert rms(heard) == pytest.approx(SPEECH / 10, rel=0.1)


def test_an_utterance_knows_when_its_first_and_last_frames_were_sent() -> None:
    microphone, said = Microphone(), Utterance(tone(0.1))
    microphone.say(said)

    for count in range(8):
        microphone.frame(count * STEP)

    assert (said.began, said.ended) == (0.0, pytest.approx(4 * STEP))
    assert said.sent.is_set()


async def test_late_beats_are_caught_up_with_so_that_a_minute_has_three_thousand_frames() -> None:
    clock = [0.0]

    async def oversleep(seconds: float) -> None:
        clock[0] += seconds + 0.007

    beats = [due async for due, _ in _first(Metronome(now=lambda: clock[0], sleep=oversleep), 3_000)]

    assert beats[-1] == pytest.approx(59.98)
    assert clock[0] - beats[-1] < STEP


async def _first(metronome: Metronome, count: int):  # type: ignore[no-untyped-def]
    async for beat in metronome.beats():
        yield beat
        count -= 1
        if not count:
            return


def test_percentiles_are_values_that_were_measured() -> None:
    assert [percentile([3.0, 1.0, 2.0], share) for share in (0.5, 0.95)] == [2.0, 3.0]


def test_a_person_waits_longer_after_a_statement_than_after_a_question() -> None:
    talk = [Spurt(start=1.0, end=2.0)]
    after = {"Let me read that back: Tuesday.": False, "Shall I book it?": True}

    over = {said: is_over(talk, said=0.5, now=3.5, quiet=patience([said]), announced=False) for said in after}

    assert over == after


@pytest.mark.parametrize(
    ("now", "announced", "over"),
    [(3.0, False, False), (6.1, False, True), (6.1, True, False), (9.0, True, True)],
)
def test_talk_into_the_callers_own_words_is_an_answer_only_when_no_better_one_comes(
    now: float, announced: bool, over: bool
) -> None:
    talk_over = [Spurt(start=1.0, end=2.9)]

    assert is_over(talk_over, said=2.5, now=now, quiet=0.8, announced=announced) == over


# --- voices ----------------------------------------------------------------------------------------------------------


async def test_a_program_speaks_from_a_file_and_never_from_its_command_line(tmp_path: Path) -> None:
    write_wav(tmp_path / "tone.wav", tone(0.5), 8_000)
    told = tmp_path / "told.txt"
    script = f"cp {{words}} {told} && cp {tmp_path / 'tone.wav'} {{sound}}"

    spoken = await ProgramVoice(command=("sh", "-c", script)).speak("Tom Baker")

    assert spoken.size == 4_000
    assert told.read_text("utf-8") == "Tom Baker\n"


def test_a_voice_whose_program_is_missing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(ConfigError, match="needs the program flite, which is not installed"):
        caller_voice("slt", lang="en")


# --- a call ----------------------------------------------------------------------------------------------------------


async def test_a_call_begins_as_twilio_begins_one_and_sends_a_frame_every_20_ms() -> None:
    async def listen(visitor: Visitor) -> None:
        while len(visitor.all("media")) < 60:
            await visitor.next()

    async with phone_server(listen) as server, dial(server.url) as call:
        await call.wait(5.0)
    got = server.visitors[0].got

    assert [message["event"] for message in got[:3]] == ["connected", "start", "media"]
    start = got[1]["start"]
    assert start["mediaFormat"] == {"encoding": "audio/x-mulaw", "sampleRate": 8_000, "channels": 1}
    assert start["customParameters"] == {"token": "t-1"}
    assert {len(base64.b64decode(one["media"]["payload"])) for one in server.visitors[0].all("media")} == {FRAME}
    assert [int(one["media"]["chunk"]) for one in server.visitors[0].all("media")] == list(range(1, 61))


async def test_a_mark_comes_back_after_its_sound_was_played_in_real_time() -> None:
    async def speak(visitor: Visitor) -> None:
        await visitor.tone(1.0)
        await visitor.mark("end")
        await visitor.until("mark")

    async with phone_server(speak) as server, dial(server.url) as call:
        answer = await call.hear()
    before = [message for message in server.visitors[0].got if message["event"] == "media"]

    assert len(before) >= 50, "the mark came back before its second of sound could have been heard"
    assert answer.seconds == pytest.approx(1.0, abs=STEP)
    assert answer.ended


async def test_what_was_said_is_answered_and_the_time_between_is_measured_at_the_caller() -> None:
    async def answer_after_a_while(visitor: Visitor) -> None:
        await visitor.tone(0.5)
        await visitor.until_spoken()
        await asyncio.sleep(0.3)
        await visitor.send("caption", who="caller", text="are you open")
        await visitor.send("caption", who="agent", text="Until five.")
        await visitor.tone(0.5)
        await visitor.until("stop")

    async with phone_server(answer_after_a_while) as server, dial(server.url, voice=OneTone()) as call:
        await call.hear()
        await call.say("Are you open?")
        answer = await call.hear()
    said = call.measures.exchanges

    assert [one.said for one in said] == [None, "Are you open?"]
    assert (answer.text, answer.understood) == ("Until five.", ("are you open",))
    assert said[0].voice_to_voice_ms is None
    assert answer.voice_to_voice_ms is not None
    assert answer.voice_to_voice_ms >= 300, "0.3 s of thinking went before the answer"


async def test_an_interruption_is_measured_to_the_clear_and_drops_what_was_not_played() -> None:
    async def be_interrupted(visitor: Visitor) -> None:
        await visitor.tone(20.0)
        await visitor.mark("long speech")
        await visitor.until_loud()
        await visitor.send("clear")
        await visitor.until_spoken()
        await visitor.tone(0.5)
        await visitor.until("stop")

    async with phone_server(be_interrupted) as server, dial(server.url, voice=OneTone()) as call:
        cut_off = await call.barge_in("Excuse me", after=0.5)
        await call.hear()
    interrupted = call.measures.exchanges[1]

    assert cut_off.seconds < 5.0
    assert interrupted.said == "Excuse me"
    assert interrupted.barge_in_ms is not None and interrupted.barge_in_ms >= 0
    assert [mark["mark"]["name"] for mark in server.visitors[0].all("mark")] == ["long speech"]


async def test_keys_arrive_one_by_one_in_order() -> None:
    async def count_keys(visitor: Visitor) -> None:
        while len(visitor.all("dtmf")) < 4:
            await visitor.next()
        await visitor.tone(0.3)
        await visitor.until("stop")

    async with phone_server(count_keys) as server, dial(server.url) as call:
        await call.key("0412")
        await call.hear()

    assert [message["dtmf"]["digit"] for message in server.visitors[0].all("dtmf")] == list("0412")
    assert call.measures.exchanges[0].said == "keys 0412"
    assert call.measures.voice_to_voice == []


async def test_hanging_up_tells_the_server() -> None:
    async def wait(visitor: Visitor) -> None:
        await visitor.until("stop")

    async with phone_server(wait) as server, dial(server.url) as call:
        await call.wait(0.1)

    assert server.visitors[0].got[-1]["event"] == "stop"


async def test_a_dead_line_is_one_sentence_and_not_an_endless_wait() -> None:
    async def say_nothing(visitor: Visitor) -> None:
        await visitor.until("stop")

    async with phone_server(say_nothing) as server, dial(server.url) as call:
        with pytest.raises(NothingHeard, match=r"nothing was heard for 0\.3 seconds"):
            await call.hear(limit=0.3)


async def test_speaking_into_a_line_that_was_hung_up_is_told() -> None:
    async def goodbye(visitor: Visitor) -> None:
        await visitor.tone(0.2)
        await visitor.mark("goodbye")
        await visitor.until("mark")

    async with phone_server(goodbye) as server, dial(server.url, voice=OneTone()) as call:
        heard = await call.hear()
        with pytest.raises(LineDropped, match="hung up"):
            await call.say("Wait")

    assert heard.ended


async def test_a_line_broken_off_by_the_server_is_told_with_its_code() -> None:
    async def refuse(visitor: Visitor) -> None:
        await visitor.socket.close(1008, "bad token")

    async with phone_server(refuse) as server, dial(server.url) as call:
        with pytest.raises(LineDropped, match="1008"):
            await call.hear()


async def test_messages_that_make_no_sense_are_passed_over() -> None:
    async def babble(visitor: Visitor) -> None:
        for message in ("not json", "[]", '{"event": "surprise"}', '{"event": "media", "media": {"payload": "?"}}'):
            await visitor.socket.send_text(message)
        await visitor.tone(0.3)
        await visitor.until("stop")

    async with phone_server(babble) as server, dial(server.url) as call:
        answer = await call.hear()

    assert answer.seconds == pytest.approx(0.3, abs=STEP)


async def test_nobody_there_is_told() -> None:
    with pytest.raises(NotAnswered, match="nothing answers there"):
        async with dial("ws://127.0.0.1:9/twilio/stream"):
            pass


async def test_a_server_without_voice_is_told_with_what_it_lacks() -> None:
    async def never(visitor: Visitor) -> None:
        raise AssertionError("no call was to be made")

    lacks = (503, {"title": "calls are not installed", "missing": ["pipecat-ai", "piper-tts"]})

    async with phone_server(never, answer=lacks) as server:
        with pytest.raises(NotAnswered, match=r"503: it lacks pipecat-ai, piper-tts"):
            async with dial(server.url):
                pass
