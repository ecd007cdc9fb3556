"""A model's words for an answer are used only where they say exactly what ours say."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from agent.dialogue.response.faithful import Freedom, same
from agent.dialogue.response.phrasing_model import ModelPhrasing, read_phrasing
from agent.dialogue.understanding.openai.client import OpenAIChat
from agent.domain.errors import ConfigError
from agent.domain.text import SafeText
from agent.settings import shipped
from evals.model.deeds import Asked, Deed, Hangs, Says
from evals.model.server import serving
from tests.model_desk import Records

Said = tuple[str, tuple[str, ...], Freedom]
EN = read_phrasing(shipped("prompts"), "en").freedom
ES = read_phrasing(shipped("prompts"), "es").freedom
OFFER = "I have Tuesday, March 3 at 9:30 AM or 10:00 AM with Dr. Hana Kim at Lakeside Main Street. Which one would you like?"
FAQ = "Parking is free for two hours in the garage on Mill Lane, not on Sundays. Bring your ticket, and do not pay $12.50 twice."
REPLIES = (
    OFFER,
    FAQ,
    "Thank you. I have <PERSON_1|spelled>, born <BORN_1>. What is the best phone number to reach you?",
    "I don't have that time. The nearest I have: Thursday, March 5 at 2:00 PM or Friday, March 6 at 8:40 AM. Would one of these work?",
    "We are closed on Friday, July 3 for Independence Day. We take Aetna and Cigna, but not Humana. You can call (212) 555-0100.",
)
INVENTED = (
    "Monday", "April", "9:15", "11", "eleven", "twenty", "noon", "p.m.", "tomorrow", "Dr. Osei", "Maria", "<PERSON_2>",
    "<PATIENT_1>", "Boston", "Elm Street", "north", "$50", "3%", "not", "never", "no", "booked", "cancelled", "confirmed",
    "will", "we'll", "I promise", "someone will call you back", "a nurse calls you today", "guaranteed", "free of charge",
    "ibuprofen", "you should rest", "only", "unless", "before", "after", "except", "diagnosis", "covered", "é", "９", "a\u0301",
)  # fmt: skip
REPLIES_ES = (
    "Tengo el martes 3 de marzo a las 9:30 o a las 10:00 con la Dra. Hana Kim en Lakeside Main Street. ¿Cuál prefiere?",
    "Gracias. Tengo <PERSON_1|spelled>, nacimiento <BORN_1>. ¿A qué número le podemos llamar?",
    "No tengo esa hora. Lo más cercano: el jueves 5 de marzo a las 14:00 o el viernes 6 de marzo a las 8:40. ¿Le sirve alguna?",
    "El viernes 3 de julio está cerrado por fiesta. Aceptamos Aetna y Cigna, pero no Humana; llame al (212) 555-0100.",
)
INVENTED_ES = (
    "lunes", "abril", "9:15", "once", "veinte", "mediodía", "mañana", "Dr. Osei", "María", "<PERSON_2>", "<PATIENT_1>",
    "Boston", "calle Olmo", "norte", "$50", "3 %", "no", "nunca", "reservada", "cancelada", "confirmada", "prometo",
    "alguien le llamará", "una enfermera le llama hoy", "garantizado", "gratis", "ibuprofeno", "debería descansar",
    "solo", "salvo", "antes", "después", "excepto", "cubierto", "diagnóstico", "sí", "ñ",
)  # fmt: skip
SAID = (*((reply, INVENTED, EN) for reply in REPLIES), *((reply, INVENTED_ES, ES) for reply in REPLIES_ES))
NUMBER = re.compile(r"\d+(?:[:.]\d+)*")
WORD = re.compile(r"<[^>]+>|[^\s.,?;:!()]+(?:[.:]\d+)*")


@pytest.mark.parametrize(
    "other",
    [
        "Great! There is Tuesday, March 3 at 9:30 AM or 10:00 AM with Dr. Hana Kim at Lakeside Main Street. Which do you prefer?",
        "We have Tuesday, March 3 at 9:30 AM or 10:00 AM with Dr. Hana Kim at Lakeside Main Street. Which suits you best?",
        OFFER,
    ],
)
def test_other_words_that_say_the_same_are_used(other: str) -> None:
    assert same(OFFER, other, EN)


def test_spanish_has_other_words_too() -> None:
    said = "Tengo el martes 3 de marzo a las 9:30 con la Dra. Kim. ¿Cuál prefiere?"

    assert same(said, "Perfecto, hay el martes 3 de marzo a las 9:30 con la Dra. Kim. ¿Cuál le gustaría?", ES)
    assert not same(said, "Perfecto, hay el martes 3 de marzo a las 9:00 con la Dra. Kim. ¿Cuál le gustaría?", ES)


@pytest.mark.parametrize(
    "changed",
    [
        OFFER.replace("9:30", "9:20"), OFFER.replace("AM or 10:00 AM", "AM"), OFFER.replace(" or ", " and "),
        OFFER.replace("March", "May"), OFFER.replace("Tuesday", "Thursday"), OFFER.replace("Hana Kim", "Kim Hana"),
        OFFER.replace("9:30 AM or 10:00 AM", "10:00 AM or 9:30 AM"), OFFER.replace("Main Street", "North"),
        OFFER.replace("?", "."), OFFER + " You are booked.", OFFER + " Someone will call you.", "It is booked. " + OFFER,
        OFFER.replace("I have", "May there is"), OFFER.replace("AM or", "PM or"), OFFER.replace("9:30", "9: 30"), OFFER.replace("9:30 AM or", "9:30 AM - "), "", "?",
    ],
)  # fmt: skip
def test_changed_dropped_and_swapped_facts_are_rejected(changed: str) -> None:
    assert not same(OFFER, changed, EN)


@pytest.mark.parametrize(
    ("said", "changed", "lang"),
    [
        ("We have few openings.", "We have a few openings.", "en"),
        ("We are in Suite A.", "We are in Suite.", "en"),
        ("We take Medicare Part A and Part B.", "We take Medicare Part and Part B.", "en"),
        ("Well visits are free.", "Visits are free.", "en"),
        ("We take Aetna, Great West and Cigna.", "We take Aetna, West and Cigna.", "en"),
        ("We are at 4 Main St. Great, Ohio.", "We are at 4 Main St. Ohio.", "en"),
        ("Closed Sundays. Mondays we are open.", "Closed Sundays, Mondays. We are open.", "en"),
        ("If there is pain, call us.", "If I have pain, call us.", "en"),
        ("Ask for May.", "Ask for may.", "en"),
        ("No, parking is free.", "No parking is free.", "en"),
        ("Cerramos el lunes.", "Cerramos los lunes.", "es"),
        ("Venga a la una.", "Venga a.", "es"),
    ],
)
def test_articles_signs_and_names_that_look_like_interjections_stay(said: str, changed: str, lang: str) -> None:
    free = {"en": EN, "es": ES}[lang]

    assert not same(said, changed, free)
    assert not same(changed, said, free)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("When in doubt", "It costs $50. When in doubt"),
        ("When in doubt", "At $practice, when in doubt"),
        ("blanks: [interjections, same]", "blanks: [same]"),
        ("  - [what is, what's]", "  - [what is, what's]\n  - [What is, tell me]"),
    ],
)
def test_a_file_that_cannot_be_used_is_one_sentence_at_the_start(tmp_path: Path, old: str, new: str) -> None:
    text = (shipped("prompts") / "en" / "model_phrasing.yaml").read_text(encoding="utf-8")
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "model_phrasing.yaml").write_text(text.replace(old, new, 1), encoding="utf-8")

    assert old in text
    with pytest.raises(ConfigError, match=r"blank|one group"):
        read_phrasing(tmp_path, "en")


@settings(max_examples=600, deadline=None)
@given(st.sampled_from(SAID), st.data())
def test_whatever_is_added_or_put_in_the_place_of_a_word_is_rejected(said: Said, data: st.DataObject) -> None:
    reply, inventions, free = said
    place = data.draw(st.sampled_from(list(WORD.finditer(reply))))
    invented = data.draw(st.sampled_from(inventions))
    added = f"{reply[: place.start()]}{invented} {reply[place.start() :]}"
    changed = f"{reply[: place.start()]}{invented}{reply[place.end() :]}"

    assert not same(reply, added, free)
    assert place.group().lower() == invented.lower() or not same(reply, changed, free)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(SAID), st.data())
def test_any_other_number_or_time_is_rejected_wherever_one_stands(said: Said, data: st.DataObject) -> None:
    reply, _, free = said
    numbers = list(NUMBER.finditer(reply))
    assume(numbers)
    place = data.draw(st.sampled_from(numbers))
    other = data.draw(st.from_regex(r"[0-9]{1,4}([:.][0-9]{2})?", fullmatch=True))
    assume(other != place.group())

    assert not same(reply, reply[: place.start()] + other + reply[place.end() :], free)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(SAID), st.data())
def test_nothing_is_smuggled_in_behind_an_interjection_or_an_equal_phrase(said: Said, data: st.DataObject) -> None:
    reply, inventions, free = said
    lead, invented = data.draw(st.sampled_from(free.interjections)), data.draw(st.sampled_from(inventions))
    group = data.draw(st.sampled_from(free.same))
    phrase = data.draw(st.sampled_from(group))

    for smuggled in (f"{lead}, {invented}, {reply}", f"{lead} {invented}. {reply}", f"{phrase} {invented}. {reply}"):
        assert not same(reply, smuggled[0].upper() + smuggled[1:], free)
    for end in (f"{reply} {lead}, {invented}.", f"{reply} {phrase} {invented}."):
        assert not same(reply, end, free)


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(SAID), st.data())
def test_whatever_is_left_out_or_swapped_is_rejected(said: Said, data: st.DataObject) -> None:
    reply, _, free = said
    words = [word for word in WORD.finditer(reply) if word.group().lower() not in _free(free)]
    one, two = sorted((data.draw(st.sampled_from(words)), data.draw(st.sampled_from(words))), key=lambda w: w.start())
    without = reply[: one.start()] + reply[one.end() :]
    swapped = reply[: one.start()] + two.group() + reply[one.end() : two.start()] + one.group() + reply[two.end() :]

    assert not same(reply, without, free)
    assert one.group().lower() == two.group().lower() or not same(reply, swapped, free)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SAID), st.text(min_size=1, max_size=12), st.integers(min_value=0, max_value=120))
def test_any_text_put_anywhere_is_rejected_unless_it_says_nothing(said: Said, text: str, at: int) -> None:
    reply, _, free = said
    put = reply[:at] + text + reply[at:]

    if same(reply, put, free):
        assert not any(letter.isalnum() for letter in text) or free.canonical(put) == free.canonical(reply)
        assert not re.search(r"\d", text)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_what_may_be_swapped_holds_no_fact_no_refusal_and_no_promise(lang: str) -> None:
    file = read_phrasing(shipped("prompts"), lang)
    phrases = " ".join([*file.interjections, *(phrase for group in file.same for phrase in group)])

    assert not re.search(
        r"\d|\b(?:not|no|never|will|call\w*|book\w*|cancel\w*|nunca|llam\w+|reserv\w+|cita)\b|n't", phrases
    )


@pytest.mark.parametrize("lang", ["en", "es"])
def test_read_backs_receipts_promises_and_alarms_are_never_given_to_a_model(lang: str) -> None:
    acts = read_phrasing(shipped("prompts"), lang).acts
    fixed = (
        "read_back",
        "booked",
        "moved",
        "cancelled",
        "ticket_",
        "escalation",
        "handing",
        "person_",
        "turn_failed",
        "safety",
    )

    assert not [act for act in acts if act.startswith(fixed)]


async def phrased(decides: Any, reply: str, *, seconds: float = 20.0) -> tuple[str | None, list[str]]:
    records = Records()
    async with serving(decides) as server:
        chat = OpenAIChat(api_key="none", base_url=server.url)
        phrasing = ModelPhrasing(chat, shipped("prompts"), ("en", "es"), model="small", seconds=seconds)
        said = await phrasing.bound(records).phrase(SafeText(reply), lang="en", channel="chat")
        await chat.close()
    return said, records.outcomes


def saying(text: str) -> Any:
    async def decides(asked: Asked) -> Deed:
        return Says(text=text)

    return decides


async def test_a_models_words_come_over_the_wire_and_are_recorded() -> None:
    other = "Great! There is Tuesday, March 3 at 9:30 AM or 10:00 AM with Dr. Hana Kim at Lakeside Main Street. Which do you prefer?"

    assert await phrased(saying(json.dumps({"text": other})), OFFER) == (other, ["used"])


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (json.dumps({"text": OFFER + " You are booked."}), "rejected"),
        (json.dumps({"text": OFFER, "promise": "yes"}), "invalid"),
        ("Tuesday it is", "invalid"),
        (json.dumps({"text": 7}), "invalid"),
    ],
)
async def test_other_answers_leave_our_own_words(answer: str, outcome: str) -> None:
    assert await phrased(saying(answer), OFFER) == (None, [outcome])


async def test_a_model_that_hangs_leaves_our_own_words() -> None:
    async def decides(asked: Asked) -> Deed:
        return Hangs()

    assert await phrased(decides, OFFER, seconds=0.3) == (None, ["slow"])


def _free(freedom: Freedom) -> set[str]:
    """Words of what may be swapped or left out: all others are facts, or belong to them."""
    phrases = (*freedom.interjections, *(phrase for group in freedom.same for phrase in group))
    return {word for phrase in phrases for word in phrase.split()}
