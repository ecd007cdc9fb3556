"""A caller with a wish, who takes what suits, puts right what does not, and never asks again once it is done.

Knows what it wants (the visits of `expect`) and what it says (its own lines, else its hand's). Everything it does
follows from the replies and a seed.
"""

import random
import re
from collections import Counter
from collections.abc import Callable
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
        self._wish = Wish(person, setting, today)
        self._hand = hand_of(person.hand, person.lang)
        self._random = random.Random(f"{seed}-{person.id}")
        self._opens, self._more = list(person.opens), list(person.more)
        self._asked: Counter[str] = Counter()
        self._gave_up = self._leaving = False
        self._done = 0
        self._turns = 0
        self.turns_needed: int | None = None
        self._wrong: str | None = None

    def next(self, asks: str | None, reply: str) -> str | None:
        """Return the answer to a reply; None to hang up."""
        read = read_reply(reply, self._person.lang)
        self._done += read.receipt and self._receipts(reply)
        if self.satisfied and self.turns_needed is None:
            self.turns_needed = self._turns
        self._turns += 1
        if self._leaving or self._turns > MOST_TURNS or (read.handed and not self._opens):
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
        if self._reads == "words" or asks is None or read.kind == "waitlist":
            return read.kind
        own = {"own_name", "own_phone", "own_born", "next_name", "next_born", "next_new_or_established"}
        return read.kind if read.kind in own and asks == _field(read.kind) else asks

    def _answer(self, kind: str, reply: str) -> str:
        self._asked[kind] += 1
        if before := self._before(kind):
            return before
        if self.satisfied and not self._more and kind != "anything_else":
            return self._leave("done") if kind != "confirm" else self._say("wrong")
        if kind in _WEIGHED:
            return _WEIGHED[kind](self, reply)
        if kind in self._person.says:
            return self._say(kind)
        if kind in _FREE:
            return _FREE[kind](self, reply)
        return self._give_up() if self._asked[kind] > PATIENCE else self._say(kind)

    def _before(self, kind: str) -> str | None:
        """Return what this caller says before answering such a question, once each."""
        lines = self._person.first.get(kind, ())  # type: ignore[call-overload]
        if self._asked[kind] > len(lines):
            return None
        if kind == "confirm":
            self._wish.changes()
        return str(lines[self._asked[kind] - 1])

    def _chosen(self, reply: str) -> str:
        offers = offers_in(reply, self._person.lang, self._wish.today)
        suiting = [offer for offer in offers if self._wish.suits(offer)]
        willing = bool(suiting) or self._person.flexible or not self._wish.wanted
        if self._cancels or self._person.refuses or not offers or not willing:
            self._asked["instead"] += 1
            return self._not_those() if self._asked["instead"] <= PATIENCE else self._give_up()
        if own := self._person.says.get("choose_slot"):
            return own[min(self._asked["choose_slot"], len(own)) - 1]
        return self._pick(offers, (suiting or offers)[0])

    @property
    def _cancels(self) -> bool:
        """Whether no new time is wanted at all."""
        expect = self._person.expect
        return bool(expect.cancelled) and not expect.booked

    def _not_those(self) -> str:
        """Turn offers down: in own words, else by saying what this caller is here for, or when."""
        says = self._person.says
        if "instead" in says:
            return self._say("instead")
        if own := says.get("choose_slot"):
            return own[min(self._asked["choose_slot"], len(own)) - 1]
        if self._cancels:
            return self._insist()
        when = says.get("when")
        return f"{self._say('instead')}, {when[-1]}" if when else self._say("instead")

    def _waits(self, reply: str) -> str:
        """Say to an offered waiting list what would do instead, while there is something left to say; else wait."""
        self._asked["instead"] += 1
        left = self._asked["instead"] <= len(self._person.says.get("instead", ()))
        return self._say("instead") if left and self._wish.wanted else self._say("callback_number")

    def _type(self, reply: str) -> str:
        """Say which kind of visit; once own words were not taken, as the practice calls it."""
        if self._asked["visit_type"] > PATIENCE:
            return self._give_up()
        listed = self._wish.type_listed(reply) if self._asked["visit_type"] > 1 else None
        return listed or self._say("visit_type")

    def _when(self, reply: str) -> str:
        if self._asked["when"] > PATIENCE:
            return self._give_up()
        if self._cancels:
            return self._insist()
        return self._person.opens[-1] if self._wish.wanted else self._say("when")

    def _put_right(self, reply: str, offers: list[Offer]) -> str:
        """Say no to a read-back, and what of it is wrong."""
        self._wrong = wrong = self._wish.wrong_in(reply, offers)
        own = self._person.says.get(wrong) if wrong and "wrong" not in self._person.says else None  # type: ignore[call-overload]
        return f"{self._random.choice(self._hand['wrong'])}, {own[-1]}" if own else self._say("wrong")

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
        lang = self._person.lang
        place = dict(enumerate(ordinals(lang))).get(offers.index(taken))  # further down a list nobody counts
        lines = [
            line
            for line in self._hand["pick"]
            if ("$ordinal" in line and place) or "$day" in line or not (same_time or "$ordinal" in line)
        ]
        clock = taken.at.strftime(_CLOCK[lang])
        said = self._random.choice(lines).replace("$ordinal", place or "")
        day = taken.day.strftime("%A the %-d") if lang == "en" else f"{taken.day.day}"
        return said.replace("$time", clock).replace("$hour", clock).replace("$day", day)

    def _confirmed(self, reply: str) -> str:
        """Say yes to a read-back of what is wished, and put any other right."""
        offers = offers_in(reply, self._person.lang, self._wish.today)
        fits = self._wish.suits_read_back(reply, offers) or (self._person.flexible and self._wish.wanted)
        if self._person.refuses or not (fits or not offers):
            self._asked["wrong"] += 1
            return self._put_right(reply, offers) if self._asked["wrong"] <= PATIENCE else self._give_up()
        return self._say("confirm")

    def _further(self, reply: str) -> str:
        """Say the next wish, or that the first is still open; else goodbye."""
        if self._more:
            return self._more.pop(0)
        done = not self._person.expect.writes or self.satisfied or self._person.refuses
        return self._leave("anything_else") if done or self._asked["anything_else"] > PATIENCE else self._insist()

    def _insist(self) -> str:
        """Say in a few words what this caller is here for."""
        expect = self._person.expect
        moves = any(one.instead_of for one in expect.booked)
        return self._say("insist_move" if moves else "insist_book" if expect.booked else "insist_cancel")

    def _change(self, reply: str) -> str:
        """Say what to change in a read-back that was refused."""
        own = self._person.says.get(self._wrong) if self._wrong else None  # type: ignore[call-overload]
        if own:
            return str(own[-1])
        return self._insist() if self._person.expect.writes else self._say("change")

    def _again(self, reply: str) -> str:
        """Say the wish once more, then ask for a person."""
        return self._person.opens[-1] if self._asked["clarify"] <= 2 else self._give_up()

    def _say(self, kind: str) -> str:
        """Return this caller's own line, else one of the hand's."""
        lines = self._person.says.get(kind)  # type: ignore[call-overload]
        if lines:
            return str(lines[min(self._asked[kind], len(lines)) - 1])
        if kind in ("own_name", "own_born", "own_phone", "next_name", "next_born", "next_new_or_established"):
            return self._say(_field(kind))
        if kind == "half" and (when := self._person.says.get("when")):
            return str(when[0])
        if kind in ("visit_type", "message") and self._person.expect.writes and not lines:
            return self._person.opens[-1]
        if kind in ("phone", "callback_number") and (numbers := self._numbers()):
            return numbers[0]
        return self._random.choice(self._hand.get(kind) or ["ok"])

    def _numbers(self) -> tuple[str, ...]:
        says = self._person.says
        return says.get("phone") or says.get("callback_number") or says.get("own_phone") or ()

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


_WEIGHED: dict[str, Callable[[Mouth, str], str]] = {
    "anything_else": Mouth._further,
    "choose_slot": Mouth._chosen,
    "confirm": Mouth._confirmed,
    "visit_type": Mouth._type,
    "waitlist": Mouth._waits,
}
"""What is answered by weighing the reply against the wish."""
_FREE: dict[str, Callable[[Mouth, str], str]] = {
    "change": Mouth._change,
    "choose_visit": Mouth._which,
    "clarify": Mouth._again,
    "when": Mouth._when,
}
"""What is, unless this caller has own words for it."""

__all__ = ["MOST_TURNS", "Mouth"]
