"""Draws one persona's words for a seed: a hand, an opening, a way of giving the birth date, and so on."""

import random
from dataclasses import dataclass
from datetime import date
from string import Template

from agent.domain.text import Lang
from evals.http_callers.people import Expected, Kind, Person, Wanted
from evals.personas.table import Hand, Row, Table, When, Who, Words, read_table, read_words

ENGLISH = ("plain", "curt", "chatty", "elderly", "texting", "formal")
_WRONG_DAYS = 4
"""How many days off the birth date is that is put right."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What one trial of a persona is about."""

    row: Row
    who: Who
    when: When
    hand_name: str
    blanks: dict[str, str]

    @property
    def lang(self) -> Lang:
        """The language spoken."""
        return self.who.lang


class Draw:
    """Draws everything a persona says. The same row and seed give the same person."""

    def __init__(self, row: Row, seed: int) -> None:
        self._table: Table = read_table()
        self._words: Words = read_words()
        self._random = random.Random(f"{row.id}-{seed}")
        self.row, self.seed = row, seed
        self.facts = self._facts()

    def person(self) -> Person:
        """Return the persona as a caller with a wish."""
        row, who = self.row, self.facts.who
        opening, kinds = self._opening()
        return Person(
            id=row.id,
            lang=who.lang,
            hand=self.facts.hand_name,
            opens=(opening,),
            says=self._says(),
            first=self._first(),
            at_first=(self._wanted(self.facts.when),) if row.then else (),
            expect=Expected(booked=(self._wanted(self._last_when),)),
            shortest=self._shortest(kinds),
        )

    @property
    def _last_when(self) -> When:
        return self._table.whens[self.row.then or self.row.when]

    def _wanted(self, when: When) -> Wanted:
        provider = () if self.row.with_ == "any" else (self.row.with_,)
        return Wanted(
            patient=self.facts.who.patient,
            provider=provider,
            visit_type=(self.row.visit,),
            days=when.days,
            not_before=when.not_before,
            before=when.before,
        )

    def _facts(self) -> Facts:
        row, words = self.row, self._words
        who, when = self._table.people[row.who], self._table.whens[row.when]
        lang = who.lang
        hand = self._random.choice(ENGLISH) if lang == "en" else "es_plain"
        visits = words.child_visits if who.child and row.visit in words.child_visits else words.visits
        born = self._random.choice(words.born[lang])
        blanks = {
            "visit": self._random.choice(visits[row.visit][lang]),
            "doctor": self._random.choice(words.doctors[row.with_][lang]),
            "when": self._random.choice(when.says[lang]),
            "name": who.name,
            "born": self._date(who.born, born),
            "wrong": self._date(self._off(who.born), born),
            "child": words.children[lang][who.child] if who.child else "",
        }
        return Facts(row=row, who=who, when=when, hand_name=hand, blanks=blanks)

    def _off(self, born: date) -> date:
        """Return a birth date nearly right: another day of the same month."""
        day = born.day + _WRONG_DAYS if born.day < 20 else born.day - _WRONG_DAYS
        return born.replace(day=day)

    def _date(self, day: date, form: str) -> str:
        return day.strftime(form).replace("$month", self._words.months_es[day.month - 1])

    @property
    def _hand(self) -> Hand:
        return self._words.hands[self.facts.hand_name]

    def _fill(self, lines: tuple[str, ...], **others: str) -> str:
        line = Template(self._random.choice(lines)).substitute({**self.facts.blanks, **others})
        return line[:1].upper() + line[1:] if self.facts.hand_name not in ("curt", "texting") else line

    def _opening(self) -> tuple[str, frozenset[str]]:
        """Return the first line, and what it tells."""
        hand, who = self._hand, self.facts.who
        everything = self.row.behaviour == "gives_everything"
        if everything:
            lines = hand.open_all_child if who.child else hand.open_all
        elif who.child:
            lines = hand.open_child
        elif who.patient == "new":
            lines = hand.open_new
        else:
            lines = hand.open if self._random.random() < 0.7 else hand.open_less
        line = self._random.choice(lines)
        told = frozenset(kind for kind in ("visit", "doctor", "when", "name", "born") if f"${kind}" in line)
        return self._fill((line,)), told

    def _says(self) -> dict[Kind, tuple[str, ...]]:
        words, hand, who, lang = self._words, self._hand, self.facts.who, self.facts.lang
        when = self._random.choice(self._last_when.says[lang]) if self.row.then else self.facts.blanks["when"]
        own = self._fill(hand.name, name=who.parent or who.name)
        return {
            "name": self._names(),
            "born": self._births(),
            "own_name": (own,),
            "own_phone": (who.phone,),
            "phone": (who.phone,),
            "visit_type": (self.facts.blanks["visit"],),
            "provider": (self.facts.blanks["doctor"],),
            "when": (self._fill(hand.when), self.facts.blanks["when"]),
            "new_or_established": (self._random.choice((words.never if who.patient == "new" else words.been)[lang]),),
            "instead": (Template(self._random.choice(words.instead[lang])).substitute(when=when), when),
        }  # fmt: skip

    def _births(self) -> tuple[str, ...]:
        born, hand = self.facts.blanks["born"], self._hand
        if self.row.behaviour == "corrects_birth_date":
            return (self._fill(hand.corrects), born)
        return (born if self.facts.who.child else self._fill(hand.born), born)

    def _names(self) -> tuple[str, ...]:
        who, hand = self.facts.who, self._hand
        spelled = Template(self._random.choice(self._words.spelled[who.lang])).substitute(
            name=who.name,
            letters=_letters(who.name, " "),
            dashes=_letters(who.name, "-"),
            firsts=who.name.rpartition(" ")[0],
            last=who.name.split()[-1],
            last_letters=_letters(who.name.split()[-1], " "),
        )
        if self.row.behaviour == "lower_case":
            *firsts, last = who.name.split()
            spelled = f"first name {_letters(' '.join(firsts), ' ')} last name {_letters(last, ' ')}"
        if self.row.behaviour == "spells":
            return (spelled, f"{who.name}, {_letters(who.name, ' ')}")
        return (self._fill(hand.name_child if who.child else hand.name), spelled)

    def _first(self) -> dict[Kind, tuple[str, ...]]:
        """Return what is said before an answer: a question, a refusal, a change of mind."""
        lang, behaviour = self.facts.lang, self.row.behaviour
        if behaviour == "asks_in_between":
            stages: tuple[Kind, ...] = ("choose_slot", "confirm", "born")
            kind = stages[self.seed % len(stages)]
            return {kind: (self._random.choice(self._words.asides[lang]),)}
        if behaviour == "refuses_once":
            return {"born": (self._fill(self._hand.refuses),)}
        if self.row.then:
            return {"confirm": (self._fill(self._hand.then, when=self._random.choice(self._last_when.says[lang])),)}
        return {}

    def _shortest(self, told: frozenset[str]) -> int:
        """Return the fewest lines this caller could book with, each fact of theirs being asked for once at most."""
        who, behaviour = self.facts.who, self.row.behaviour
        asked = {"visit", "when", "name", "born"} - told
        more = (who.patient == "new" or who.child is not None) + (who.child is not None)
        choosing = 0 if self.facts.when.exact else 1
        again = (1 + (0 if self._last_when.exact else 1)) if self.row.then else 0
        said_besides = behaviour in ("asks_in_between", "refuses_once")
        return 1 + len(asked) + more + choosing + 1 + again + said_besides


def _letters(name: str, between: str) -> str:
    """Return a name letter by letter; hyphens and accents are said as plain letters."""
    parts = [part.replace("'", "") for part in name.replace("-", " ").split()]
    return ", ".join(between.join(part.upper()) for part in parts)
