"""README, CONTRIBUTING and CHANGELOG say what is true: files, commands, options, settings and examples."""

import re
from importlib.util import find_spec
from pathlib import Path

import click
import pytest
import yaml

from agent.cli import STAGES, cli
from agent.settings import Settings
from evals.schema import Scenario, read_scenario

ROOT = Path(__file__).parents[1]
TEXTS = {name: (ROOT / name).read_text("utf-8") for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")}
README, CONTRIBUTING = TEXTS["README.md"], TEXTS["CONTRIBUTING.md"]
OURS = ("agent", "evals", "knowledge", "prompts", "tests", "careline", "pyproject.toml", "requirements.lock")


def code(text: str, kind: str) -> list[str]:
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [body for named, body in blocks if named == kind]


def calls() -> list[list[str]]:
    """Every call of the careline command in the texts, as words."""
    lines = [line for text in TEXTS.values() for block in code(text, "sh") for line in block.splitlines()]
    inline = [found for text in TEXTS.values() for found in re.findall(r"`((?:\./)?careline [^`]+)`", text)]
    every = [line.split("#")[0].split() for line in [*lines, *inline]]
    return [words for words in every if words and words[0] in ("./careline", "careline")]


def command_of(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that words call, and what follows its name."""
    found: click.Command = cli
    rest = words[1:]
    while isinstance(found, click.Group) and rest and not rest[0].startswith("-"):
        assert rest[0] in found.commands, f"no command {rest[0]}: {' '.join(words)}"
        found, rest = found.commands[rest[0]], rest[1:]
    return found, rest


@pytest.mark.parametrize("words", calls(), ids=" ".join)
def test_every_command_that_is_shown_exists_with_its_options(words: list[str]) -> None:
    command, rest = command_of(words)

    known = {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)}
    used = {word for word in rest if word.startswith("--")}

    assert used <= known | {"--help"}


def test_every_command_is_told() -> None:
    told = {command_of(words)[0].name for words in calls()}
    told |= set(re.findall(r"`([a-z]+(?: [a-z]+)?)`", TEXTS["CHANGELOG.md"]))

    missing = {name for name, one in cli.commands.items() if name not in told and not isinstance(one, click.Group)}

    assert missing == set()


@pytest.mark.parametrize("name", TEXTS)
def test_links_lead_somewhere(name: str) -> None:
    links = re.findall(r"\]\(([^)]+)\)", TEXTS[name])

    broken = [link for link in links if not (ROOT / link).exists()]

    assert broken == []


@pytest.mark.parametrize("name", TEXTS)
def test_files_that_are_named_exist(name: str) -> None:
    quoted = re.findall(r"`([\w./<>*-]+)`", TEXTS[name])
    paths = [path for path in quoted if path.split("/")[0] in OURS and not re.search(r"[<>*]|xx", path)]
    patterns = [path for path in quoted if path.split("/")[0] in OURS and re.search(r"[<*]", path)]

    missing = [path for path in paths if not (ROOT / path).exists()]
    empty = [path for path in patterns if not list(ROOT.glob(re.sub(r"<\w+>", "*", path).rstrip("/")))]

    assert missing + empty == []


def test_folders_of_the_house_exist() -> None:
    house = next(block for block in code(README, "") if block.startswith("agent/"))
    top = re.findall(r"^(\w+)/ ", house, re.MULTILINE)
    inside = re.findall(r"^ {13}(\S+(?:  \S+/)?)", house.replace("agent/       ", " " * 13), re.MULTILINE)
    parts = [word for line in inside for word in line.split() if word.endswith(("/", ".py"))]

    missing = [part for part in parts if not (ROOT / "agent" / part).exists()]

    assert set(top) | {"agent"} == {"agent", "knowledge", "prompts", "evals", "tests"}
    assert len(parts) > 8
    assert missing == []


def test_every_setting_is_told_and_no_other() -> None:
    told = set(re.findall(r"CARELINE_[A-Z_]+", README))

    assert told == {f"CARELINE_{name.upper()}" for name in Settings.model_fields}


def test_modules_that_are_run_exist() -> None:
    modules = re.findall(r"^python -m (\S+)", "\n".join(code(CONTRIBUTING, "sh")), re.MULTILINE)

    missing = [module for module in modules if find_spec(module) is None]

    assert len(modules) > 8
    assert missing == []


def test_the_scenario_that_is_shown_is_one_that_runs() -> None:
    shown = code(CONTRIBUTING, "yaml")

    read = [Scenario.model_validate(yaml.safe_load(text)) for text in shown]

    assert read == [read_scenario(ROOT / "evals/scenarios/happy/one-visit-is-cancelled.yaml")[0]]


def test_stages_that_are_listed_are_the_stages() -> None:
    listed = re.search(r"runs one stage \(([^)]+)\)", CONTRIBUTING)

    assert listed is not None
    assert tuple(listed[1].replace("\n", " ").split(", ")) == STAGES


@pytest.mark.parametrize("name", TEXTS)
def test_no_claim_of_compliance_and_no_place_on_a_machine(name: str) -> None:
    text = TEXTS[name].lower()

    assert "compliant" not in text
    assert not re.search(r"https?://(?!127\.0\.0\.1)", text)
    assert not re.search(r"(?<![\w.])/(?:work|root|home|usr|tmp)/", text)
