"""Turn-taking without a clock: when somebody speaks, when a turn is over, what keys mean, what was heard."""

import json

import pytest

pytest.importorskip("pipecat", reason="the extra `voice` is not installed")

from pipecat.frames.frames import InputDTMFFrame

from agent.channels.phone.frames import LineStopped, MarkHeard, SpeechPaused, SpeechRead
from agent.channels.phone.keypad import Keypad
from agent.channels.phone.line_texts import load_line_texts
from agent.channels.phone.lines import Busy, Lines
from agent.channels.phone.listening import READS_WITHIN, Listening
from agent.channels.phone.media import MediaSerializer
from agent.channels.phone.pacing import Pace
from agent.channels.phone.patience import patience
from agent.channels.phone.saying import Saying
from agent.channels.phone.voicing import Change, Voicing
from agent.domain.speech import Reading
from agent.domain.text import ClearText
from agent.settings import shipped


def changes(confidences: list[float]) -> list[Change]:
    voicing = Voicing()
    return [change for change in map(voicing.hear, confidences) if change]


def test_speech_begins_lasts_lulls_and_pauses() -> None:
    assert changes([0.9] * 12 + [0.1] * 6) == [Change.BEGAN, Change.LASTS, Change.LULL, Change.PAUSED]


def test_a_click_is_no_speech_and_a_short_word_does_not_last() -> None:
    assert changes([0.9] * 3 + [0.1] * 20) == []
    assert Change.LASTS not in changes([0.9] * 6 + [0.1] * 6)


def test_a_gap_between_words_takes_a_beginning_pause_back() -> None:
    assert changes([0.9] * 12 + [0.1] * 5 + [0.9] * 3) == [Change.BEGAN, Change.LASTS, Change.LULL, Change.RESUMED]


def test_a_doubtful_window_ends_nothing() -> None:
    assert changes([0.9] * 12 + [0.5] * 30) == [Change.BEGAN, Change.LASTS]


@pytest.mark.parametrize(
    ("asks", "complete", "words", "least", "most"),
    [
        (None, 0.9, "when are you open", 0.0, 0.0),
        (None, 0.2, "do you take walk ins?", 0.3, 0.6),
        (None, 0.2, "i would like to", 0.7, 1.2),
        ("confirm", 0.2, "yes", 0.3, 0.6),
        ("message", 0.2, "tell her that", 1.2, 2.0),
        ("phone", 0.9, "2 1 2", 0.8, 2.0),
        ("phone", 0.1, "2 1 2 5 5 5 0 1 1 7", 0.0, 0.0),
        ("callback_number", 0.9, "two one two five five five oh one one seven", 0.0, 0.0),
        ("born", 0.3, "May 17, 1984", 0.0, 0.0),
        ("born", 0.1, "May", 0.9, 2.0),
        ("name", 0.3, "R U", 0.9, 2.0),
        ("name", 0.9, "Ana Ruiz", 0.0, 0.4),
    ],
)
def test_patience_fits_what_was_asked(asks: object, complete: float, words: str, least: float, most: float) -> None:
    assert least <= patience(asks, complete=complete, words=words) <= most  # type: ignore[arg-type]


def reading(words: str) -> tuple[Reading, ...]:
    return (Reading(text=ClearText(words), score=-0.2),)


def test_a_turn_is_over_when_its_words_are_there_and_it_sounds_complete() -> None:
    listening = Listening()
    listening.began(1.0)
    assert listening.due(None) is None

    listening.paused(SpeechPaused(pause=1, ended=2.0, complete=0.9), 2.2)
    waits_for_words = listening.due(None)
    listening.read(SpeechRead(pause=1, readings=reading("hello there")), 2.4)

    assert waits_for_words == 2.0 + READS_WITHIN
    assert listening.due(None) == 2.0
    assert listening.take(2.4).words == "hello there"
    assert listening.due(None) is None


def test_words_that_the_caller_has_talked_past_end_nothing() -> None:
    listening = Listening()
    listening.began(1.0)
    listening.paused(SpeechPaused(pause=1, ended=2.0, complete=0.9), 2.2)
    listening.began(2.3)
    listening.read(SpeechRead(pause=1, readings=reading("hello")), 2.4)

    assert listening.due(None) is None


def test_a_vendors_transcript_comes_in_pieces_and_is_one_turn() -> None:
    listening = Listening(in_pieces=True)
    listening.began(1.0)
    listening.piece("my name is", 1.5)
    listening.paused(SpeechPaused(pause=1, ended=2.0, complete=0.9), 2.2)
    listening.piece("Ana Ruiz", 2.3)

    assert listening.due(None) == pytest.approx(2.6)
    assert listening.take(2.6).words == "my name is Ana Ruiz"


def test_keys_are_gathered_until_the_pound_key() -> None:
    keypad = Keypad()

    assert [keypad.press(key, "born") for key in "0412#"] == [None, None, None, None, "0412"]
    assert keypad.press("#", None) is None
    assert keypad.press("0", None) == "0"
    assert [keypad.press(key, None) for key in "12*3#"][-1] == "3"
    assert "12" not in repr(Keypad(digits="12"))


def test_what_was_heard_is_counted_by_sentences_in_the_text_itself() -> None:
    text = "Dr. Kim is free at 9 a.m. on Tuesday. Shall I book it?"
    one = Saying(text=ClearText(text))

    parts = one.begin(3)
    one.mark("s3.0")

    assert [words for words, _ in parts] == ["Dr. Kim is free at 9 a.m. on Tuesday.", "Shall I book it?"]
    assert text[: one.heard] == "Dr. Kim is free at 9 a.m. on Tuesday."
    assert [words for words, _ in one.begin(4)] == ["Shall I book it?"]
    assert one.mark("s4.0")
    assert one.whole
    assert not one.mark("s3.9")


def test_speech_is_sent_a_little_ahead_of_the_listener_and_no_more() -> None:
    pace, now, waits = Pace(lead=0.1), 5.0, []

    for _ in range(10):
        waits.append(pace.wait(0.02, now))
        now += waits[-1]
    pace.restart()

    assert waits[:5] == [0.0] * 5
    assert waits[5:] == pytest.approx([0.02] * 5)
    assert pace.wait(0.02, now) == 0.0


def test_lines_are_taken_once_and_given_back() -> None:
    lines = Lines(limit=1, warm=True)

    with lines.take("a"):
        assert not lines.open
        with pytest.raises(Busy), lines.take("b"):
            pass
    with pytest.raises(ZeroDivisionError), lines.take("a"):
        raise ZeroDivisionError

    assert lines.open
    assert lines.count == 0


def test_browsers_never_take_all_the_lines_of_a_number() -> None:
    lines = Lines(limit=2, warm=True, telephones=True)

    with lines.take("a", browser=True):
        with pytest.raises(Busy), lines.take("b", browser=True):
            pass
        with lines.take("c"):
            assert not lines.open

    assert lines.open_for_browser


def test_no_line_is_open_before_the_models_are_loaded() -> None:
    assert not Lines(limit=1).open


@pytest.mark.parametrize(
    "message",
    [
        "", "{", "[]", "null", "7", '{"event": 1}', '{"event": "media"}', '{"event": "media", "media": []}',
        '{"event": "media", "media": {"payload": 5}}', '{"event": "media", "media": {"payload": "%%%"}}',
        '{"event": "dtmf", "dtmf": {"digit": "55"}}', '{"event": "dtmf", "dtmf": null}', '{"event": "else"}', "[" * 5_000,
    ],
)  # fmt: skip
async def test_a_message_that_makes_no_sense_is_left_out(message: str) -> None:
    assert await MediaSerializer("MZ1").deserialize(message) is None


async def test_keys_marks_and_the_end_are_read() -> None:
    wire = MediaSerializer("MZ1")

    key = await wire.deserialize(json.dumps({"event": "dtmf", "dtmf": {"digit": "5"}}))
    mark = await wire.deserialize(json.dumps({"event": "mark", "mark": {"name": "s1.0"}}))
    end = await wire.deserialize(json.dumps({"event": "stop"}))

    assert isinstance(key, InputDTMFFrame)
    assert isinstance(mark, MarkHeard)
    assert mark.mark == "s1.0"
    assert isinstance(end, LineStopped)


@pytest.mark.parametrize(("lang", "words"), [("en", "Mm-hmm."), ("en", "Uh-huh"), ("es", "Ajá."), ("es", "Sí, sí.")])
def test_words_that_only_listen_are_known_in_every_language(lang: str, words: str) -> None:
    texts = load_line_texts(shipped("prompts"), ("en", "es"))

    assert texts[lang].only_listens(words)  # type: ignore[index]


@pytest.mark.parametrize("words", ["yes", "no", "stop", "okay", "right", "what"])
def test_words_that_may_answer_are_turns(words: str) -> None:
    texts = load_line_texts(shipped("prompts"), ("en", "es"))

    assert not texts["en"].only_listens(words)
