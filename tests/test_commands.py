"""The careline command as people call it: in a process of its own, with its exit status and what it says."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.commands.listening import listen, take
from agent.domain.errors import ConfigError

ROOT = Path(__file__).parents[1]
CARELINE = Path(sys.executable).with_name("careline")
MONDAY = ROOT / "evals" / "worlds" / "monday.yaml"
DONE, DOES_NOT_HOLD, WRONG_USE = 0, 1, 2
Call = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def call(tmp_path: Path) -> Call:
    """Call careline in an empty folder, with no settings but the given ones."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("CARELINE_")}

    def run(*words: object, given: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [str(CARELINE), *map(str, words)], cwd=tmp_path, input=given, capture_output=True, text=True, timeout=100,
            env={**bare, **{f"CARELINE_{name}": value for name, value in settings.items()}}, check=False,
        )  # fmt: skip

    return run


def said(done: subprocess.CompletedProcess[str]) -> str:
    """What went to stderr, without the warning about a new key: one sentence of ours, never a traceback."""
    lines = [line for line in done.stderr.splitlines() if "data_key_made" not in line]
    assert "Traceback" not in done.stderr
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("careline: ")
    return lines[0]


@pytest.fixture
def practice(call: Call, tmp_path: Path) -> Path:
    """A starter practice folder."""
    assert call("init", "practice").returncode == DONE
    return tmp_path / "practice"


# --- the folder of a practice ---------------------------------------------------------------------------------------


def test_a_missing_practice_folder_is_named(call: Call) -> None:
    done = call("check", "--practice", "nowhere")

    assert done.returncode == WRONG_USE
    assert "nowhere: there is no such practice folder" in said(done)


def test_broken_yaml_is_told_with_its_line(call: Call, practice: Path) -> None:
    facts = practice / "practice.yaml"
    facts.write_text(facts.read_text("utf-8").replace("languages: [en, es]", "languages: [en, es"), "utf-8")

    done = call("check", "--practice", practice)

    assert done.returncode == WRONG_USE
    assert "practice.yaml:" in said(done)
    assert "not valid YAML" in said(done)


def test_an_unknown_key_is_told_with_file_line_and_key(call: Call, practice: Path) -> None:
    facts = practice / "practice.yaml"
    lines = facts.read_text("utf-8").splitlines()
    facts.write_text("\n".join([*lines, "colour: red"]), "utf-8")

    done = call("serve", "--practice", practice, "--unreviewed", "--port", 0)

    assert done.returncode == WRONG_USE
    assert f"practice.yaml:{len(lines) + 1} [colour]" in said(done)


def test_a_starter_folder_is_never_written_over(call: Call, practice: Path) -> None:
    before = (practice / "practice.yaml").read_text("utf-8")

    done = call("init", practice)

    assert done.returncode == WRONG_USE
    assert "something is here already" in said(done)
    assert (practice / "practice.yaml").read_text("utf-8") == before
    assert not list(practice.glob("demo_*"))


# --- worlds, clocks, data folders -----------------------------------------------------------------------------------


def test_a_world_with_a_mistake_is_told_with_its_line(call: Call, tmp_path: Path) -> None:
    (tmp_path / "world.yaml").write_text("clock: 2026-03-02T09:00:00-05:00\npatients:\n  - {id: P-1, frist: Ana}\n")

    done = call("chat", "--world", "world.yaml", "--unreviewed")

    assert done.returncode == WRONG_USE
    assert "world.yaml:3" in said(done)


def test_a_world_goes_into_an_empty_data_folder_only(call: Call, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "something").touch()

    done = call("chat", "--world", MONDAY, "--data", "data", "--unreviewed")

    assert done.returncode == WRONG_USE
    assert "--world needs a missing or empty data folder" in said(done)


@pytest.mark.parametrize("clock", ["2026-03-02T09:00:00", "nine o'clock"])
def test_a_clock_needs_a_time_with_offset(call: Call, clock: str) -> None:
    done = call("chat", "--clock", clock, "--unreviewed")

    assert done.returncode == WRONG_USE
    assert "[--clock]" in said(done)


@pytest.mark.parametrize("command", ["serve", "chat"])
def test_rules_no_clinician_reviewed_are_refused(call: Call, tmp_path: Path, command: str) -> None:
    done = call(command, "--data", "data")

    assert done.returncode == WRONG_USE
    assert "no clinician has reviewed these red-flag rules" in said(done)
    assert "--unreviewed" in said(done)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("words", [("why", "nobody"), ("export", "appointments")], ids=" ".join)
def test_reading_commands_make_no_data_folder(call: Call, tmp_path: Path, words: tuple[str, ...]) -> None:
    done = call(*words, "--data", "data")

    assert done.returncode == WRONG_USE
    assert "data: there is no such data folder" in said(done)
    assert not (tmp_path / "data").exists()


# --- conversations --------------------------------------------------------------------------------------------------


def test_a_chat_works_with_piped_words_and_can_be_told_again(call: Call) -> None:
    words = "I have to cancel my appointment\nTunde Adeyemi\nNovember 3rd 1979\nyes, cancel it\n"

    chat = call("chat", "--world", MONDAY, "--data", "data", "--unreviewed", given=words)
    id = chat.stdout.split("[conversation ")[1].split("]")[0]
    why = call("why", id, "--data", "data")
    rows = [json.loads(line) for line in call("export", "appointments", "--data", "data").stdout.splitlines()]

    assert chat.returncode == why.returncode == DONE
    assert "automated assistant" in chat.stdout
    assert "Turn 4" in why.stdout
    assert "Adeyemi" not in why.stdout
    assert {row["id"]: row["status"] for row in rows}["A-1"] == "cancelled"


def test_why_says_that_it_knows_no_such_conversation(call: Call) -> None:
    call("user", "add", "ana", "--role", "staff", "--data", "data")

    done = call("why", "nobody", "--data", "data")

    assert done.returncode == WRONG_USE
    assert "no decisions are kept of a conversation 'nobody'" in said(done)


# --- probe ----------------------------------------------------------------------------------------------------------


def test_probe_answers_in_order_and_goes_on_after_bad_lines(call: Call, tmp_path: Path) -> None:
    good = {"id": 1, "text": "next tuesday\u2028at 3", "now": "2026-03-02T09:00:00-05:00"}
    odd = {"id": 5, "text": "tuesday", "now": "9999-12-31T23:00:00-14:00"}
    lines = [json.dumps(good, ensure_ascii=False).encode(), b'{"id": 2', b"\xff\xfe", b"[1]", json.dumps(odd).encode(),
             b'{"id": 6, "text": 7}', b'{"id": 7, "text": "\\ud800", "now": "2026-03-02T09:00:00-05:00"}', b"[" * 5_000,
             json.dumps({**good, "id": 9}).encode()]  # fmt: skip
    (tmp_path / "cases").write_bytes(b"\n".join(lines))

    done = call("probe", "datetime", "--in", "cases", "--out", "answers")
    answers = [json.loads(line) for line in (tmp_path / "answers").read_text("utf-8").splitlines()]

    assert done.returncode == DONE
    assert done.stderr == ""
    assert [answer["id"] for answer in answers] == [1, None, None, None, 5, 6, 7, None, 9]
    assert answers[0]["value"] == answers[-1]["value"] == "2026-03-10T15:00"
    assert all(answer.get("error") for answer in answers[1:4] + answers[5:8])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("probe", "datetime", "--in", "nowhere"), "nowhere: the cases cannot be read"),
        (("probe", "datetime", "--out", "no/where"), "no/where: the answers cannot be written"),
        (("probe", "identify"), "needs --directory FILE"),
        (("probe", "dialogue"), "needs --providers FILE"),
        (("probe", "weather"), "'weather' is not one of"),
        (("eval", "nowhere.yaml"), "nowhere.yaml: there is no such file"),
        (("import", "patients", "nowhere.csv"), "nowhere.csv: there is no such file"),
        (("import", "patients", "."), "is a directory"),
        (("export", "secrets"), "'secrets' is not one of"),
        (("user", "add", "ana", "--role", "king"), "'king' is not one of"),
        (("demo", "--port", "99999"), "99999"),
        (("frobnicate",), "No such command 'frobnicate'"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_use_is_one_sentence(call: Call, words: tuple[str, ...], sentence: str) -> None:
    done = call(*words)

    assert done.returncode == WRONG_USE
    assert sentence in said(done)
    assert done.stdout == ""


def test_a_file_that_may_not_be_read_is_named(call: Call, tmp_path: Path) -> None:
    (tmp_path / "patients.csv").write_bytes(b"\xff\xfe\x00binary")

    done = call("import", "patients", "patients.csv", "--data", "data")

    assert done.returncode == WRONG_USE
    assert "patients.csv" in said(done)


# --- import, accounts, check ----------------------------------------------------------------------------------------


def test_an_import_tells_each_bad_row_and_may_be_repeated(call: Call, tmp_path: Path) -> None:
    rows = [
        "id,first,last,born,phone",
        "X-1,Ana,Ruiz,1984-05-17,2125550117",
        "X-2,,Bo,1984-05-17,",
        "X-3,Al,Bo,17/05/84,",
    ]
    (tmp_path / "patients.csv").write_text("\n".join(rows))

    first = call("import", "patients", "patients.csv", "--data", "data")
    again = call("import", "patients", "patients.csv", "--data", "data")

    assert first.returncode == again.returncode == DOES_NOT_HOLD
    assert first.stdout.splitlines()[:2] == [
        "line 3, first: this is missing",
        "line 4, born: a date is written 1984-05-17",
    ]
    assert "1 added, 0 changed, 0 unchanged, 2 left out" in first.stdout
    assert "0 added, 0 changed, 1 unchanged, 2 left out" in again.stdout


def test_the_demo_patients_are_good_rows(call: Call) -> None:
    done = call("import", "patients", ROOT / "knowledge" / "demo_patients.jsonl", "--data", "data")

    assert done.returncode == DONE
    assert "26 added, 0 changed, 0 unchanged, 0 left out" in done.stdout


def test_an_account_gets_a_first_password_when_nobody_can_be_asked(call: Call) -> None:
    first = call("user", "add", "ana", "--role", "staff", "--data", "data", given="ignored\n")
    again = call("user", "add", "ana", "--role", "staff", "--data", "data")

    assert first.returncode == DONE
    assert len(first.stdout.strip().rpartition("First password: ")[2]) >= 12
    assert again.returncode == WRONG_USE
    assert "there is a user called 'ana' already" in said(again)


def test_check_prints_no_secret_and_makes_no_data_folder(call: Call, tmp_path: Path) -> None:
    done = call(
        "check", OPENAI_API_KEY="sk-hush", TWILIO_AUTH_TOKEN="tok-hush", REDIS_URL="redis://me:pw-hush@127.0.0.1/0"
    )

    assert done.returncode == DONE
    assert "a conversation opens: yes" in done.stdout
    assert "hush" not in done.stdout + done.stderr
    assert not (tmp_path / ".data").exists()


@pytest.mark.parametrize("url", ["postgresql://me:pw-hush@127.0.0.1:1/x", "nonsense", "sqlite:///x.sqlite"])
def test_a_database_that_cannot_be_used_is_one_sentence(call: Call, url: str) -> None:
    done = call("export", "appointments", DATABASE_URL=url)

    assert done.returncode == WRONG_USE
    assert "CARELINE_DATABASE_URL" in said(done)
    assert "hush" not in done.stderr


def test_a_bad_setting_is_named(call: Call) -> None:
    done = call("check", TURN_SECONDS="soon")

    assert done.returncode == WRONG_USE
    assert "[CARELINE_TURN_SECONDS]" in said(done)


# --- servers --------------------------------------------------------------------------------------------------------


def test_a_port_in_use_is_told_before_anything_is_opened(call: Call, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        done = call("serve", "--port", port, "--data", "data", "--unreviewed")

    assert done.returncode == WRONG_USE
    assert f"cannot listen on 127.0.0.1 port {port}" in said(done)
    assert not (tmp_path / "data").exists()


def test_who_comes_while_models_load_is_turned_away_at_once_and_not_kept_waiting() -> None:
    with take("127.0.0.1", 0) as door:
        port = door.getsockname()[1]

        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=20)
        listen(door)

        with socket.create_connection(("127.0.0.1", port), timeout=20) as visitor:
            assert visitor.getpeername()[1] == port


def test_of_two_that_take_an_address_the_second_to_listen_is_told() -> None:
    with take("127.0.0.1", 0) as first, take("127.0.0.1", first.getsockname()[1]) as second:
        listen(first)

        with pytest.raises(ConfigError, match="cannot listen on"):
            listen(second)


def test_the_command_begun_as_a_module_does_not_do_nothing() -> None:
    begun = [sys.executable, "-m", "agent.cli", "why"]

    done = subprocess.run(begun, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 2
    assert "Missing argument 'CONVERSATION'" in done.stderr


def test_numeric_libraries_have_one_thread_however_a_command_begins() -> None:
    program = (
        "import agent.cli, agent.commands.serve, numpy, sklearn\n"
        "from threadpoolctl import threadpool_info\n"
        "print([one['num_threads'] for one in threadpool_info()])"
    )
    bare = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}

    done = subprocess.run([sys.executable, "-c", program], env=bare, capture_output=True, text=True, check=True)

    assert set(json.loads(done.stdout)) == {1}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[subprocess.Popen[str], Path]]:
    """A running `careline serve` on a world, and its data folder."""
    data = tmp_path_factory.mktemp("serving") / "data"
    command = [str(CARELINE), "serve", "--world", str(MONDAY), "--data", str(data), "--port", "0", "--unreviewed"]
    serving = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert serving.stderr is not None
    while "staff:" not in serving.stderr.readline():
        assert serving.poll() is None, "the server did not start"
    yield serving, data
    serving.kill()
    serving.wait(20)


def test_export_works_beside_a_running_server(call: Call, server: tuple[subprocess.Popen[str], Path]) -> None:
    serving, data = server

    done = call("export", "appointments", "--data", data)

    assert serving.poll() is None
    assert done.returncode == DONE
    assert {json.loads(line)["id"] for line in done.stdout.splitlines()} == {"A-1", "A-2", "A-3"}


def test_a_server_told_to_stop_closes_its_data_and_is_done(server: tuple[subprocess.Popen[str], Path]) -> None:
    serving, data = server

    serving.terminate()

    assert serving.wait(20) == DONE
    assert not list(data.glob("*-wal"))
