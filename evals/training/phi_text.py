"""Generates utterances with the places of their identities: many carriers, many origins, three styles, hard negatives."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import yaml

from agent.phi.lexicon import is_sure_name
from agent.phi.sought import sought
from agent.phi.utterance import Utterance
from evals.training.phi_hands import hands, rewritten
from evals.training.phi_values import DATA, Values

KIND_OF = {
    "PERSON": "PERSON", "FIRST": "PERSON", "LAST": "PERSON", "SPELLED": "PERSON", "INITIALED": "PERSON", "KUNYA": "PERSON", "GIVEN": "PERSON", "CELTIC": "PERSON", "UNIT": "ADDRESS", "EXT": "PHONE", "BORN": "DATE", "EVENT": "DATE",
    "PHONE": "PHONE", "FAX": "PHONE", "EMAIL": "EMAIL", "ADDRESS": "ADDRESS", "STREET": "ADDRESS", "CITY": "ADDRESS",
    "POSTCODE": "ADDRESS", "SSN": "ID", "SSN4": "ID", "MRN": "ID", "MEMBER": "ID", "ACCOUNT": "ID", "LICENSE": "ID",
    "PLATE": "ID", "DEVICE": "ID", "REF": "ID", "ORG": "ORG", "FACILITY": "ORG", "AGEOLD": "AGE", "URL": "EMAIL", "IP": "EMAIL",
}  # fmt: skip
_CLINICAL = 0.14
"""Share of English utterances that read like a clinician's question: eponyms, doses and studies beside identities."""
_BY_HAND = 0.25
"""Share of utterances that somebody wrote whole, with other identities in them."""
_ASKED_AGAIN = 0.85
_SLOT = re.compile(r"\{([A-Z0-9]+)\}")


@dataclass(frozen=True, kw_only=True)
class Made:
    """A generated utterance with the spans of its identities: (start, end, kind)."""

    said: Utterance
    spans: tuple[tuple[int, int, str], ...]


@cache
def _sheet(name: str) -> dict[str, object]:
    read = yaml.load((DATA / f"{name}.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)
    return dict(read)


@cache
def _lent(lang: str) -> tuple[str, ...]:
    """Sentences without anybody's identity that other authors wrote, for this and for other parts."""
    files = [DATA / f"lent.{lang}.txt", *sorted(DATA.parent.glob(f"*front_desk*.{lang}.txt"))]
    lines = [line for file in files if file.is_file() for line in file.read_text("utf-8").splitlines()]
    told = [part.strip() for line in lines if not line.startswith("#") for part in line.split("|")[-1].split(" / ")]
    return tuple(one for one in told if one and not any(is_sure_name(low) for low in Utterance(one).lows))


def _strings(sheet: dict[str, object], key: str) -> list[str]:
    value = sheet[key]
    assert isinstance(value, list)
    return [str(item) for item in value]


def make(count: int, *, seed: int) -> Iterator[Made]:
    """Yield generated utterances; the same seed yields the same."""
    rng = random.Random(seed)
    for _ in range(count):
        if rng.random() < _BY_HAND:
            yield _by_hand(rng)
            continue
        lang = "es" if rng.random() < 0.2 else "en"
        yield _one(rng, lang)


def _by_hand(rng: random.Random) -> Made:
    one = rng.choice(hands())
    text, spans = rewritten(rng, one)
    text, spans = _styled(rng, text, spans)
    return _asked(text, spans, one.row.said.lang, one.prev if rng.random() < _ASKED_AGAIN else "")


def _asked(text: str, spans: "Spans", lang: str, prev: str) -> Made:
    wanted = sought(None, prev)
    said = Utterance(text, lang=lang, sought=wanted.kinds, part=wanted.part, provider_asked=wanted.provider)
    return Made(said=said, spans=tuple(spans))


def _one(rng: random.Random, lang: str) -> Made:
    told, harmless = _sheet(f"told.{lang}"), _sheet(f"harmless.{lang}")
    questions = told["questions"]
    assert isinstance(questions, dict)
    form = rng.random()
    topic = "other"
    if lang == "en" and rng.random() < _CLINICAL:
        sheet = _sheet("clinical.en")
        template = rng.choice(_strings(sheet, "told" if rng.random() < 0.5 else "harmless"))
    elif form < 0.22:
        topic = rng.choice(["name", "name", "name", "born", "phone", "address", "email", "member", "provider"])
        template = rng.choice(_strings(told, f"answers_{topic}"))
        if rng.random() < 0.15:
            template += rng.choice(_strings(told, "tails"))
    elif form < 0.62:
        template = _told(rng, told)
    elif form < 0.78:
        template = rng.choice(_strings(harmless, "lines"))
        topic = rng.choice(["other", "other", "name", "born", "phone", "provider"])
    else:
        template = _peopled(rng, rng.choice(_lent(lang)))
        topic = rng.choice(["other", "other", "other", "name", "born"])
        if rng.random() < 0.25:
            sentence, joint = template.rstrip(" .!?"), rng.choice([". ", ", ", " "])
            extra = _told(rng, told)
            template = f"{sentence}{joint}{extra}" if rng.random() < 0.6 else f"{extra}{joint}{sentence}"
    prev = rng.choice(list(questions[topic])) if rng.random() < 0.7 or topic != "other" else ""
    text, spans = _filled(rng, template, lang)
    text, spans = _styled(rng, text, spans)
    return _asked(text, spans, lang, prev)


_SOMEBODY = {
    "en": re.compile(r"\b(?:(?P<kin>(?:my|our) (?:son|daughter|mother|father|mom|dad|husband|wife|baby|brother|sister|grandmother|grandfather|toddler|kid|child|friend|partner|roommate))|(?P<who>he|she|he's|she's|the patient)|(?P<doctor>my doctor|the doctor))\b", re.I),
    "es": re.compile(r"\b(?:(?P<kin>mi (?:hijo|hija|madre|padre|mamá|papá|esposo|esposa|hermano|hermana|bebé|abuela))|(?P<who>ella|él)|(?P<doctor>el doctor|la doctora|mi doctor))\b", re.I),
}  # fmt: skip


def _peopled(rng: random.Random, sentence: str) -> str:
    """Name somebody whom a sentence only mentions: "my son has a fever" -> "my son {FIRST} has a fever"."""

    def named(match: re.Match[str]) -> str:
        told = match.group()
        if rng.random() < 0.35:
            return told
        if match["doctor"]:
            return "{DOCTOR}"
        slot = rng.choice(["{FIRST}", "{FIRST}", "{FIRST}", "{PERSON}", "{LAST}"]) if "'" not in told else "{FIRST}'s"
        return f"{told} {slot}" if match["kin"] and rng.random() < 0.5 else slot

    lang = "es" if re.search(r"[¿¡ñáéíóú]|\b(?:mi|el|la|una|que)\b", sentence) else "en"
    return _SOMEBODY[lang].sub(named, sentence.replace("{", "").replace("}", ""))


def _told(rng: random.Random, told: dict[str, object]) -> str:
    template = rng.choice(_strings(told, "alone"))
    if rng.random() < 0.25:
        template = rng.choice(_strings(told, "heads")) + template
    if rng.random() < 0.3:
        template += rng.choice([", ", " and ", ". ", " "]) + rng.choice(_strings(told, "alone"))
    if rng.random() < 0.25:
        template += rng.choice(_strings(told, "tails"))
    return template


Spans = list[tuple[int, int, str]]


def _filled(rng: random.Random, template: str, lang: str) -> tuple[str, Spans]:
    values, text, spans, at = Values(rng, lang), "", [], 0
    for slot in _SLOT.finditer(template):
        text += template[at : slot.start()]
        value, at = values.draw(slot[1]), slot.end()
        kind = KIND_OF.get(slot[1].rstrip("2"))
        if kind:
            spans.append((len(text), len(text) + len(value), kind))
        text += value
    return text + template[at:], spans


def _styled(rng: random.Random, text: str, spans: Spans) -> tuple[str, Spans]:
    """Leave as typed, or as a recogniser writes it: lower case, no punctuation, hesitations; or typed in haste."""
    style = rng.random()
    if style < 0.4:
        return (text[:1].upper() + text[1:] if rng.random() < 0.5 else text), spans
    if style < 0.5:
        return text.lower(), spans
    dropped = ",?!¿¡" + ("." if rng.random() < 0.8 else "")
    kept, where, out = [], [0] * (len(text) + 1), ""
    for index, letter in enumerate(text):
        where[index] = len(out)
        in_mail = any(
            start <= index < end and kind in ("EMAIL",) and " " not in text[start:end] for start, end, kind in spans
        )
        between_digits = 0 < index < len(text) - 1 and text[index - 1].isdigit() and text[index + 1].isdigit()
        if letter in dropped and not in_mail and not between_digits:
            continue
        out += letter
    where[len(text)] = len(out)
    kept = [(where[start], where[end], kind) for start, end, kind in spans]
    return (out.lower() if style < 0.9 else out), kept
