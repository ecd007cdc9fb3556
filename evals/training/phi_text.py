"""Generates utterances with the places of their identities: many carriers, many origins, three styles, hard negatives."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import yaml

from agent.phi.sought import sought
from agent.phi.utterance import Utterance
from evals.training.phi_values import DATA, Values

KIND_OF = {
    "PERSON": "PERSON", "FIRST": "PERSON", "LAST": "PERSON", "SPELLED": "PERSON", "BORN": "DATE", "EVENT": "DATE",
    "PHONE": "PHONE", "FAX": "PHONE", "EMAIL": "EMAIL", "ADDRESS": "ADDRESS", "STREET": "ADDRESS", "CITY": "ADDRESS",
    "POSTCODE": "ADDRESS", "SSN": "ID", "SSN4": "ID", "MRN": "ID", "MEMBER": "ID", "ACCOUNT": "ID", "LICENSE": "ID",
    "PLATE": "ID", "DEVICE": "ID", "REF": "ID", "ORG": "ORG", "FACILITY": "ORG", "AGEOLD": "AGE", "URL": "EMAIL", "IP": "EMAIL",
}  # fmt: skip
_SLOT = re.compile(r"\{([A-Z0-9]+)\}")


@dataclass(frozen=True, kw_only=True)
class Made:
    """A generated utterance with the spans of its identities: (start, end, kind)."""

    said: Utterance
    spans: tuple[tuple[int, int, str], ...]


@cache
def _sheet(name: str) -> dict[str, object]:
    read = yaml.load((DATA / f"{name}.yaml").read_text("utf-8"), Loader=yaml.BaseLoader)  # noqa: S506
    return dict(read)


@cache
def _lent() -> tuple[str, ...]:
    lines = (DATA / "lent.en.txt").read_text("utf-8").splitlines()
    return tuple(line for line in lines if line and not line.startswith("#"))


def _strings(sheet: dict[str, object], key: str) -> list[str]:
    value = sheet[key]
    assert isinstance(value, list)
    return [str(item) for item in value]


def make(count: int, *, seed: int) -> Iterator[Made]:
    """Yield generated utterances; the same seed yields the same."""
    rng = random.Random(seed)
    for _ in range(count):
        lang = "es" if rng.random() < 0.2 else "en"
        yield _one(rng, lang)


def _one(rng: random.Random, lang: str) -> Made:
    told, harmless = _sheet(f"told.{lang}"), _sheet(f"harmless.{lang}")
    questions = told["questions"]
    assert isinstance(questions, dict)
    form = rng.random()
    topic = "other"
    if form < 0.22:
        topic = rng.choice(["name", "name", "name", "born", "phone", "address", "email", "member", "provider"])
        template = rng.choice(_strings(told, f"answers_{topic}"))
        if rng.random() < 0.15:
            template += rng.choice(_strings(told, "tails"))
    elif form < 0.62:
        template = _told(rng, told)
    elif form < 0.80 or lang == "es":
        template = rng.choice(_strings(harmless, "lines"))
        topic = rng.choice(["other", "other", "name", "born", "phone", "provider"])
    else:
        template = rng.choice(_lent())
        topic = rng.choice(["other", "other", "other", "name", "born"])
        if rng.random() < 0.25:
            sentence, joint = template.rstrip(" .!?"), rng.choice([". ", ", ", " "])
            extra = _told(rng, told)
            template = f"{sentence}{joint}{extra}" if rng.random() < 0.6 else f"{extra}{joint}{sentence}"
    prev = rng.choice(list(questions[topic])) if rng.random() < 0.7 or topic != "other" else ""
    text, spans = _filled(rng, template, lang)
    text, spans = _styled(rng, text, spans)
    wanted = sought(None, prev)
    said = Utterance(text, lang=lang, sought=wanted.kinds, part=wanted.part, provider_asked=wanted.provider)
    return Made(said=said, spans=tuple(spans))


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
        in_mail = any(start <= index < end and kind in ("EMAIL",) and " " not in text[start:end] for start, end, kind in spans)
        between_digits = 0 < index < len(text) - 1 and text[index - 1].isdigit() and text[index + 1].isdigit()
        if letter in dropped and not in_mail and not between_digits:
            continue
        out += letter
    where[len(text)] = len(out)
    kept = [(where[start], where[end], kind) for start, end, kind in spans]
    return (out.lower() if style < 0.9 else out), kept
