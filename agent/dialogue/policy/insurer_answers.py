"""Which insurers are taken, with which plans and where. Pure; facts, never a promise of coverage."""

import re
import unicodedata

from agent.dialogue.policy.practice_facts import Fact, InsurerAnswer, InsurerKind, InsurerList
from agent.domain.practice import Insurer, Practice


def insurance(practice: Practice, words: str = "", *, location: str | None = None) -> list[Fact]:
    """Return whether the insurers named in some words are taken; all of them when the words name none.

    `words` may be the whole question or a name alone; a name alone that is not on the list is answered by
    `insurance_unlisted`.
    """
    named = insurers_in(practice, words)
    if named:
        return [_insurer(practice, insurer, words, location) for insurer in named]
    names = tuple(insurer.name for insurer in practice.insurers)
    return [InsurerList(kind="insurer_list" if names else "insurer_none_listed", insurers=names)]


def insurance_unlisted(practice: Practice, name: str) -> list[Fact]:
    """Return the answer to an insurer's name as given: taken, or not on the list, with the list."""
    if insurers_in(practice, name):
        return insurance(practice, name)
    listed = tuple(insurer.name for insurer in practice.insurers)
    return [InsurerAnswer(kind="insurer_no", insurer=name), InsurerList(kind="insurer_list", insurers=listed)]


def insurers_in(practice: Practice, words: str) -> tuple[Insurer, ...]:
    """Return the insurers that words name, by name or by what else they are called."""
    said = _plain(words)
    return tuple(
        insurer
        for insurer in practice.insurers
        if any(_names(said, name) for name in (insurer.name, *insurer.also_called))
    )


def _insurer(practice: Practice, insurer: Insurer, words: str, location: str | None) -> InsurerAnswer:
    accepted = insurer.accepted_at or tuple(place.id for place in practice.locations)
    everywhere = len(accepted) == len(practice.locations)
    plan = _unlisted_plan(insurer, words)
    kind: InsurerKind = "insurer_yes_plans" if insurer.plans else "insurer_yes"
    if location is not None and location not in accepted:
        kind = "insurer_not_here"
    elif plan is not None:
        kind = "insurer_plan_unsure"
    elif location is None and not everywhere:
        kind = "insurer_some_places"
    places = tuple(practice.location(id).name for id in accepted)
    return InsurerAnswer(kind=kind, insurer=insurer.name, plan=plan, plans=insurer.plans, locations=places)


_PLAN = re.compile(r"\b(ppo|hmo|epo|pos|hdhp|medicare advantage|medicaid|marketplace|exchange|bronze|silver|gold)\b")


def _unlisted_plan(insurer: Insurer, words: str) -> str | None:
    listed = _plain(" ".join((insurer.name, *insurer.plans)))
    asked = _PLAN.findall(_plain(words))
    return next((plan for plan in asked if insurer.plans and plan not in listed), None)


def _plain(words: str) -> str:
    letters = unicodedata.normalize("NFKD", words.casefold())
    return re.sub(r"[^a-z0-9]+", " ", "".join(c for c in letters if not unicodedata.combining(c))).strip()


def _names(said: str, name: str) -> bool:
    return f" {_plain(name)} " in f" {said} "
