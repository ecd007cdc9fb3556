"""A caller with a wish, who takes what suits, puts right what does not, and never asks again once it is done.

Knows what it wants (the visits of `expect`) and what it says (its own lines, else its hand's). Everything it does
follows from the replies and a seed.
"""

import random
import re
from collections import Counter
from datetime import date

from agent.ehr.worlds import Setting
from evals.http_callers.hands import hand_of, ordinals
from evals.http_callers.offered import Offer, offers_in
from evals.http_callers.people import Person
from evals.http_callers.reading import Read, Source, read_reply
from evals.http_callers.wishing import Wish

PATIENCE = 4
"""How often the same thing may be asked before a caller wants a person."""
MOST_TURNS = 25
_CLOCK = {"en": "%-I:%M %p", "es": "%-I:%M"}


class Mouth:
    """Chooses this caller's next line; deterministic for a seed."""

    def __init__(self, person: Person, setting: Setting, today: date, seed: int, *, reads: Source = "words") -> None:
        self._person, self._reads = person, reads
        self._wish = Wish(person.expect, setting, today)
        self._hand = hand_of(person.hand, person.lang)
        self._random = random.Random(f"{seed}-{person.id}")
        self._opens, self._more = list(person.opens), list(person.more)
        self._asked: Counter[str] = Counter()
        self._gave_up = self._leaving = False
        self._done = 0
        self._turns = 0

    def next(self, asks: str | None, reply: str) -> str | None:
        """Return the answer to a reply; None to hang up."""
        read = read_reply(reply, self._person.lang)
        self._done += read.receipt and self._receipts(reply)
        self._turns += 1
        if self._leaving or self._turns > MOST_TURNS:
            return None
        if self._opens:
            return self._opens.pop(0)
        if self._person.hangs_up_on and re.search(self._person.hangs_up_on, reply, re.IGNORECASE):
            return self._leave()
        return self._answer(self._kind(asks, read), reply)

    @property
    def satisfied(self) -> bool:
        """Whether everything wished for was said to be done."""
        return 0 < self._person.expect.writes <= self._done

    def _receipts(self, reply: str) -> int:
        return max(1, len(re.findall(r"\bis booked\b|está reservada|reservada\.", reply)))

    def _kind(self, asks: str | None, read: Read) -> str:
        if self._reads == "words" or asks is None:
            return read.kind
        own = {"own_name", "own_phone", "own_born", "next_name", "next_born", "next_new_or_established"}
        return read.kind if read.kind in own and asks == _field(read.kind) else asks

    def _answer(self, kind: str, reply: str) -> str | None:
        self._asked[kind] += 1
        if before := self._before(kind):
            return before
        if self.satisfied and not self._more and kind != "anything_else":
            return self._leave("done") if kind != "confirm" else self._say("wrong")
        if kind == "anything_else":
            return self._more.pop(0) if self._more else self._leave("anything_else")
        if kind in ("choose_slot", "confirm"):
            return self._chosen(reply) if kind == "choose_slot" else self._confirmed(reply)
        if kind == "choose_visit" and kind not in self._person.says:
            return self._which(reply)
        if kind == "clarify" and kind not in self._person.says:
            return self._again()
        if self._asked[kind] > PATIENCE and kind not in self._person.says:
            return self._give_up()
        return self._say(kind)

    def _before(self, kind: str) -> str | None:
        """Return what this caller says before answering such a question, once each."""
        lines = self._person.first.get(kind, ())  # type: ignore[call-overload]
        return str(lines[self._asked[kind] - 1]) if self._asked[kind] <= len(lines) else None

    def _chosen(self, reply: str) -> str:
        offers = offers_in(reply, self._person.lang, self._wish.today)
        suiting = [offer for offer in offers if self._wish.suits(offer)]
        if self._person.refuses or not offers or not (suiting or self._person.flexible or not self._wish.wanted):
            self._asked["instead"] += 1
            return self._say("instead") if self._asked["instead"] <= PATIENCE else self._give_up()
        if own := self._person.says.get("choose_slot"):
            return own[min(self._asked["choose_slot"], len(own)) - 1]
        return self._pick(offers, (suiting or offers)[0])

    def _which(self, reply: str) -> str:
        """Name one's own visit among those listed."""
        visits = offers_in(reply, self._person.lang, self._wish.today)
        own = next((visit for visit in visits if self._wish.own(visit)), None)
        if own is None:
            return self._say("choose_visit").replace("$ordinal", ordinals(self._person.lang)[0])
        return self._say("choose_visit").replace("$ordinal", ordinals(self._person.lang)[visits.index(own)])

    def _pick(self, offers: list[Offer], taken: Offer) -> str:
        if len(offers) == 1:
            return self._random.choice(self._hand["pick_one"])
        same_time = sum(offer.at == taken.at for offer in offers) > 1
        lines = [line for line in self._hand["pick"] if "$ordinal" in line or "$day" in line or not same_time]
        lang = self._person.lang
        clock = taken.at.strftime(_CLOCK[lang])
        said = self._random.choice(lines).replace("$ordinal", ordinals(lang)[offers.index(taken)])
        day = taken.day.strftime("%A the %-d") if lang == "en" else f"{taken.day.day}"
        return said.replace("$time", clock).replace("$hour", clock).replace("$day", day)

    def _confirmed(self, reply: str) -> str:
        """Say yes to a read-back of what is wished, and put any other right."""
        offers = offers_in(reply, self._person.lang, self._wish.today)
        fits = self._wish.suits_read_back(reply, offers) or (self._person.flexible and self._wish.wanted)
        if self._person.refuses or not (fits or not offers):
            self._asked["wrong"] += 1
            return self._say("wrong") if self._asked["wrong"] <= PATIENCE else self._give_up()
        return self._say("confirm")

    def _again(self) -> str:
        """Say the wish once more, then ask for a person."""
        return self._person.opens[-1] if self._asked["clarify"] <= 2 else self._give_up()

    def _say(self, kind: str) -> str:
        """Return this caller's own line, else one of the hand's."""
        lines = self._person.says.get(kind)  # type: ignore[call-overload]
        if lines:
            return str(lines[min(self._asked[kind], len(lines)) - 1])
        if kind in ("own_name", "own_born", "own_phone", "next_name", "next_born", "next_new_or_established"):
            return self._say(_field(kind))
        if kind in ("wrong", "half") and (when := self._person.says.get("when")):
            return when[0] if kind == "half" else f"{self._random.choice(self._hand['wrong'])}, {when[0]}"
        return self._random.choice(self._hand.get(kind) or ["ok"])

    def _give_up(self) -> str:
        self._asked["person"] += 1
        if self._asked["person"] > 2:
            self._leaving = True
        return self._random.choice(self._hand["person"])

    def _leave(self, kind: str = "bye") -> str:
        self._leaving = True
        return self._say(kind)


def _field(kind: str) -> str:
    """Return the field `asks` of a question about oneself or about another person."""
    return kind.removeprefix("own_").removeprefix("next_")


__all__ = ["MOST_TURNS", "Mouth"]
