"""Fixed sentences are known by heart; nothing of a caller ever is."""

import pytest

from agent.domain.errors import ConfigError, ServiceDown
from agent.domain.text import ClearText
from agent.settings import shipped
from agent.speech.cached import CachedVoice
from agent.speech.fixed import fixed_sentences
from tests.speaking import ScriptedVoice, spoken

FIXED = {"en": ["How can I help you?", "I'm sorry. Please say it again."], "es": ["¿En qué puedo ayudarle?"]}


async def test_a_fixed_sentence_is_made_once():
    voice = ScriptedVoice()
    cached = CachedVoice(voice, FIXED)

    first = await spoken(cached, "How can I help you?")
    again = await spoken(cached, "How can I help you?")

    assert voice.given == ["How can I help you?"]
    assert first.tobytes() == again.tobytes()


async def test_what_is_prepared_is_not_made_again_when_callers_hear_it():
    voice = ScriptedVoice()
    cached = CachedVoice(voice, FIXED)

    await cached.prepare()
    made = list(voice.given)
    await spoken(cached, "I'm sorry. Please say it again.")
    await spoken(cached, "¿En qué puedo ayudarle?", lang="es")

    assert cached.prepared == 4
    assert sorted(made) == sorted(
        ["How can I help you?", "I'm sorry.", "Please say it again.", "¿En qué puedo ayudarle?"]
    )
    assert voice.given == made


async def test_nothing_but_the_fixed_sentences_is_kept():
    voice = ScriptedVoice()
    cached = CachedVoice(voice, FIXED)
    await cached.prepare()

    for _ in range(2):
        await spoken(cached, "I have Ana Ruiz. How can I help you?")

    assert voice.given.count("I have Ana Ruiz.") == 2
    assert cached.prepared == 4
    assert "Ana" not in repr(vars(cached))


async def test_a_sentence_is_fixed_in_its_own_language_only():
    voice = ScriptedVoice()
    cached = CachedVoice(voice, {"es": ["No."]})
    await cached.prepare()

    await spoken(cached, "No.", lang="en")

    assert voice.given == ["No.", "No."]


async def test_a_mixed_answer_is_heard_in_its_order():
    voice = ScriptedVoice()
    cached = CachedVoice(voice, FIXED)
    await cached.prepare()

    mixed = await spoken(cached, "How can I help you? Ana.")

    alone = [await spoken(ScriptedVoice(), words) for words in ("How can I help you?", "Ana.")]
    assert mixed.tolist() == [*alone[0].tolist(), *alone[1].tolist()]


async def test_a_sentence_broken_off_is_not_kept_half():
    voice = ScriptedVoice()
    cached = CachedVoice(voice, FIXED)

    speaking = cached.speak(ClearText("How can I help you?"), lang="en")
    await anext(speaking)
    await speaking.aclose()  # type: ignore[attr-defined]

    assert cached.prepared == 0
    assert (await spoken(cached, "How can I help you?")).size == (await spoken(ScriptedVoice(), FIXED["en"][0])).size


async def test_a_voice_that_fails_leaves_nothing_behind():
    voice = ScriptedVoice(failing=True)
    cached = CachedVoice(voice, FIXED)

    with pytest.raises(ServiceDown):
        await spoken(cached, "How can I help you?")
    voice.failing = False

    assert cached.prepared == 0
    assert (await spoken(cached, "How can I help you?")).size > 0


async def test_the_voice_is_given_words_as_they_are_said():
    voice = ScriptedVoice()
    cached = CachedVoice(voice, {}, said={"en": lambda words: words.replace("Dr.", "Doctor")})

    await spoken(cached, "Dr. Kim is in. Dr. Osei is not.")

    assert voice.given == ["Doctor Kim is in.", "Doctor Osei is not."]


@pytest.mark.parametrize("lang", ["en", "es"])
def test_only_sentences_without_blanks_are_fixed(lang):
    found = fixed_sentences(shipped("prompts"), lang)

    assert len(found) > 100
    assert not [each for each in found if "$" in each]


def test_the_practices_name_may_stand_in_a_fixed_sentence():
    known = fixed_sentences(shipped("prompts"), "en", known={"practice": "Hilltop Clinic"})

    assert [each for each in known if "Hilltop Clinic" in each]
    assert not [each for each in fixed_sentences(shipped("prompts"), "en") if "assistant of" in each]


def test_sentences_that_cannot_be_read_are_named(tmp_path):
    with pytest.raises(ConfigError, match=r"sentences\.yaml"):
        fixed_sentences(tmp_path, "en")
