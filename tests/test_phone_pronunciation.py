"""The voice is given words as people say them; sentences are cut where they end."""

from pathlib import Path

import pytest

from agent.domain.errors import ConfigError
from agent.settings import shipped
from agent.speech.pronunciation import Pronunciation, read_pronunciation
from agent.speech.sentences import sentences
from tests.speaking import needs_voice

STRESS = str.maketrans("", "", "ˈˌ")


def said(lang: str) -> Pronunciation:
    return read_pronunciation(shipped("prompts") / lang)


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Dr. Hana Kim is in.", "Doctor Hana Kim is in."),
        ("If this is an emergency, call 911.", "If this is an emergency, call nine one one."),
        ("Call or text 988 now.", "Call or text nine eight eight now."),
        ("The number is (212) 555-0100.", "The number is two one two, five five five, zero one zero zero."),
        ("+12125550117", "two one two, five five five, zero one one seven"),
        ("two one two, five five five", "two one two, five five five"),
        ("at 12 Main Street", "at 12 Main Street"),
        ("1204 Oak St.", "1204 Oak Street."),
        ("ZIP code 02139", "zip code zero two one three nine"),
        ("at 9:00 AM", "at 9 AM"),
        ("from 8:30 to 13:00", "from 8 30 to 13 o'clock"),
        ("at 8:05", "at 8 oh 5"),
        ("born May 17, 1984", "born May 17, 19 84"),
        ("in 2005", "in 2005"),
        ("a fee of $50.00.", "a fee of 50 dollars."),
        ("$1,250.50", "1250 dollars and 50 cents"),
        ("an MRI and an EKG", "an M R I and an E K G"),
        ("Ana, spelled A, N, A.", "Ana, spelled A, N, A."),
        ("R-U-I-Z", "R, U, I, Z"),
        ("ages 16-120", "ages 16 to 120"),
        ("A visit. I see.", "A visit. I see."),
        ("24 hours", "24 hours"),
    ],
)
def test_english_is_said_as_people_say_it(written: str, spoken: str):
    assert said("en")(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Llame al 911.", "Llame al nueve uno uno."),
        ("la Dra. Ruiz y el Dr. Kim", "la doctora Ruiz y el doctor Kim"),
        ("(212) 555-0100", "dos uno dos, cinco cinco cinco, cero uno cero cero"),
        ("a las 8:00 AM", "a las 8 de la mañana"),
        ("son $50.00", "son 50 dólares"),
        ("en 1984", "en 1984"),
    ],
)
def test_spanish_is_said_as_people_say_it(written: str, spoken: str):
    assert said("es")(written) == spoken


def test_a_broken_pronunciation_file_is_named_with_its_key(tmp_path: Path):
    (tmp_path / "pronunciation.yaml").write_text("version: 1\nwhy: x\ndigits: [zero]\n")

    with pytest.raises(ConfigError, match=r"pronunciation\.yaml.*digits"):
        read_pronunciation(tmp_path)
    with pytest.raises(ConfigError, match="cannot be read"):
        read_pronunciation(tmp_path / "elsewhere")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("", []),
        ("One.", ["One."]),
        ("Dr. Kim is free at 9 a.m. on Tuesday. Shall I book it?", ["Dr. Kim is free at 9 a.m. on Tuesday.", "Shall I book it?"]),
        ("With J. R. Smith? Yes!", ["With J. R. Smith?", "Yes!"]),
        ("¿Qué día? ¡Bien! 5 más.", ["¿Qué día?", "¡Bien!", "5 más."]),
        ("So... it is fine. $5 is due.", ["So... it is fine.", "$5 is due."]),
        ("It costs 5.50 today.", ["It costs 5.50 today."]),
    ],
)  # fmt: skip
def test_a_text_is_cut_where_its_sentences_end(text: str, parts: list[str]):
    found = sentences(text)

    assert [each.text for each in found] == parts
    assert [text[each.start : each.end] for each in found] == parts


@needs_voice
@pytest.mark.parametrize(
    ("written", "sounds"),
    [
        ("Dr. Hana Kim is in.", "dɑːktɚ hɑːnə kɪm"),
        ("Call 911.", "naɪn wʌn wʌn"),
        ("Your ZIP code.", "zɪp koʊd"),
        ("Spelled A, N, A.", "eɪ, ɛn, eɪ"),
        ("See the PA at 9:30 a.m. today.", "piːʲ eɪ æt naɪn θɜːɾiʲ eɪɛm"),
        ("Born in 1984.", "naɪntiːn eɪɾi fɔːɹ"),
    ],
)
def test_the_english_voice_makes_the_right_sounds_of_it(written: str, sounds: str):
    from piper.phonemize_espeak import EspeakPhonemizer

    made = EspeakPhonemizer().phonemize("en-us", said("en")(written))

    assert len(made) == 1  # one sentence: no pause after "Dr."
    assert sounds in "".join(made[0]).translate(STRESS)
