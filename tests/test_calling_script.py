"""A call written down is read strictly and played in order; `careline call` says in one sentence what is wrong."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from agent.calling.call import dial
from agent.calling.measures import Exchange, Measures
from agent.calling.playing import play
from agent.calling.report import as_json, as_table
from agent.calling.script import Script, read_script
from agent.domain.errors import ConfigError
from agent.speech.audio import from_mulaw, write_wav
from tests.phone_server import TONE, Visitor, phone_server

CARELINE = Path(sys.executable).with_name("careline")
DONE, FAILED, WRONG_USE = 0, 1, 2


class OneTone:
    """A voice that says everything as half a second of tone."""

    async def speak(self, words: str) -> "np.typing.NDArray[np.int16]":
        return from_mulaw(TONE)[:4_000]


def script(folder: Path, text: str) -> Script:
    file = folder / "call.yaml"
    file.write_text(text, "utf-8")
    return read_script(file)


def test_every_kind_of_step_is_read(tmp_path: Path) -> None:
    read = script(
        tmp_path,
        "- say: yes\n- wav: a.wav\n- key: 0412\n- key: 5\n- wait: 2.5\n- barge_in: stop\n"
        "- barge_in: {say: no, after: 2}\n- noise: 20\n- noise: null\n- hang_up\n",
    ).steps

    assert [step.say for step in read[:1]] == ["yes"]
    assert read[1].wav == tmp_path / "a.wav"
    assert [step.key for step in read[2:4]] == ["0412", "5"]
    assert read[4].wait == 2.5
    assert [(step.barge_in.say, step.barge_in.after) for step in read[5:7] if step.barge_in] == [("stop", 1), ("no", 2)]
    assert [step.noise for step in read[7:9]] == [20, None]
    assert read[9].hang_up


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("- say: hello\n- sya: hello\n", 2, "not known here"),
        ("- {say: hello, wait: 2}\n", 1, "a step is one of"),
        ("- say: hello\n- key: 12a\n", 2, "keys are written"),
        ("- wait: soon\n", 1, "number"),
        ("say: hello\n", 1, "not known here"),
        ("[]\n", 1, "at least one"),
        ("- answers: {'(': yes}\n", 1, "not a regular expression"),
    ],
)
def test_a_mistake_in_a_script_is_told_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    with pytest.raises(ConfigError) as wrong:
        script(tmp_path, text)

    assert f"call.yaml:{line}" in str(wrong.value)
    assert said in str(wrong.value)


async def test_a_script_is_played_in_order_and_both_sides_are_told(tmp_path: Path) -> None:
    async def answer(visitor: Visitor) -> None:
        await visitor.send("caption", who="agent", text="Hello.")
        await visitor.tone(0.3)
        await visitor.until_spoken()
        await visitor.send("caption", who="agent", text="A long answer.")
        await visitor.tone(20)
        await visitor.until_loud()
        await visitor.send("clear")
        await visitor.until_spoken()
        await visitor.send("caption", who="agent", text="Very well.")
        await visitor.tone(0.3)
        await visitor.until("dtmf")
        await visitor.until("stop")

    told: list[tuple[str, str]] = []
    steps = script(
        tmp_path, "- say: I want to book\n- barge_in: {say: wait, after: 0.4}\n- key: 1\n- hang_up\n- say: no\n"
    )

    async with phone_server(answer) as server, dial(server.url, voice=OneTone()) as call:
        await play(call, steps, tell=lambda who, what: told.append((who, what.split("  [")[0])), limit=5)

    assert told == [
        ("agent", "Hello."),
        ("caller", "I want to book"),
        ("agent", "A long answer."),
        ("caller", "wait [interrupting]"),
        ("agent", "Very well."),
        ("caller", "keys 1"),
        ("line", "the caller hangs up"),
    ]
    assert [one.barge_in_ms is not None for one in call.measures.exchanges] == [False, False, True]


async def test_answers_are_given_as_long_as_they_are_asked_for(tmp_path: Path) -> None:
    async def ask(visitor: Visitor) -> None:
        for words in ("What is your name?", "Sorry, what is your NAME?", "And born?", "Booked. Anything else?"):
            await visitor.send("caption", who="agent", text=words)
            await visitor.tone(0.3)
            if words != "Booked. Anything else?":
                await visitor.until_spoken()
        await visitor.until("stop")

    told: list[tuple[str, str]] = []
    steps = script(tmp_path, "- answers: {your name: Mary, born: May}\n")

    async with phone_server(ask) as server, dial(server.url, voice=OneTone()) as call:
        await play(call, steps, tell=lambda who, what: told.append((who, what)), limit=5)

    assert [what for who, what in told if who == "caller"] == ["Mary", "Mary", "May"]


def test_the_report_holds_every_turn_and_every_error() -> None:
    measures = Measures(
        exchanges=[
            Exchange(said=None, heard="Hello"),
            Exchange(said="Hi", heard="Yes?", voice_to_voice_ms=640.0),
            Exchange(said="No", heard="Fine", voice_to_voice_ms=820.0, barge_in_ms=310.0),
        ]
    )

    report = as_json(measures, ["the line went dead"])
    table = "\n".join(as_table(measures))

    assert [turn.get("barge_in_ms") for turn in report["turns"]] == [None, None, 310.0]  # type: ignore[union-attr, attr-defined]
    assert report["errors"] == ["the line went dead"]
    assert "voice to voice: p50 640 ms, p95 820 ms, worst 820 ms, 2 measured" in table


# --- the command -----------------------------------------------------------------------------------------------------


def careline_call(*words: object, folder: Path, **settings: str) -> "subprocess.CompletedProcess[str]":
    bare = {name: value for name, value in os.environ.items() if not name.startswith("CARELINE_")}
    return subprocess.run(
        [str(CARELINE), "call", *map(str, words)], cwd=folder, capture_output=True, text=True, timeout=60,
        env={**bare, **settings}, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "one of --say"),
        (("--say", " "), "nothing to say"),
        (("--say", "hi", "--wav", "a.wav"), "one of --say"),
        (("--script", "none.yaml"), "none.yaml"),
        (("--wav", "none.wav"), "none.wav"),
        (("--say", "hi", "--url", "nowhere"), "not the address of a server"),
        (("--say", "hi", "--voice", "lola"), "no en voice is called 'lola'"),
        (("--say", "hi", "--voice", "nobody"), "no en voice is called 'nobody'"),
    ],
)
def test_wrong_usage_is_one_sentence_and_status_2(tmp_path: Path, words: tuple[str, ...], said: str) -> None:
    done = careline_call(*words, folder=tmp_path)

    assert done.returncode == WRONG_USE
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_nobody_there_is_status_1_and_one_sentence_also_as_json(tmp_path: Path) -> None:
    write_wav(tmp_path / "hi.wav", from_mulaw(TONE), 8_000)

    done = careline_call("--wav", "hi.wav", "--url", "ws://127.0.0.1:9", "--json", folder=tmp_path)

    assert done.returncode == FAILED
    assert json.loads(done.stdout)["turns"] == []
    assert ["nothing answers there" in sentence for sentence in json.loads(done.stdout)["errors"]] == [True]
    assert "Traceback" not in done.stderr


def test_without_the_voice_packages_the_missing_ones_are_named_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text("import sys\nsys.modules['ctranslate2'] = None\n", "utf-8")

    done = careline_call("--say", "hi", folder=tmp_path, PYTHONPATH=str(tmp_path))

    assert done.returncode == WRONG_USE
    assert "careline: calls need packages that are not installed: ctranslate2" in done.stderr
    assert "Traceback" not in done.stderr
