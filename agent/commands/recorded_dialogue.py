"""One recorded dialogue, played turn by turn through the graph, with the other system's offers in place of ours."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

from agent.commands.recorded_practice import VISIT
from agent.commands.recorded_rows import Offer
from agent.commands.recorded_schedule import RecordedSchedule
from agent.commands.recorded_slots import only_bound, only_day, only_time
from agent.dialogue.desk import Desk
from agent.dialogue.response.respond import words_of
from agent.dialogue.state import Act, Dialogue, Frame, Person, ReadBack, slot_json, wish_json
from agent.dialogue.tasks.wished import wish_of
from agent.domain.scheduling import Slot, shift_of
from agent.domain.text import SafeText

if TYPE_CHECKING:
    from langgraph.graph.state import CompiledStateGraph

PATIENT = SafeText("<PATIENT_1>")


class RecordedDialogue:
    """The state of one dialogue. The caller counts as verified; the frame of a booking is always open until it is done."""

    def __init__(
        self,
        graph: "CompiledStateGraph[Dialogue, Desk, Dialogue, Dialogue]",
        desk: Desk,
        *,
        schedule: RecordedSchedule,
        now: datetime,
    ) -> None:
        self._graph, self._desk, self._schedule, self._now = graph, desk, schedule, now
        self._offers: tuple[Offer, ...] = ()
        self._offer: Slot | None = None
        self.frame = Frame(task="book", standing="established", visit_type=VISIT.id)
        self.state = Dialogue(
            lang="en",
            channel="chat",
            turn=0,
            state="open",
            agenda=[self.frame],
            people={"self": Person(patient=PATIENT, verified=True, given={}, attempts=0)},
        )

    async def hear(self, text: SafeText, offers: tuple[Offer, ...]) -> None:
        """Play one turn; `offers` is what had just been offered."""
        self._prepare(offers)
        given = Dialogue(heard=text, now=self._now.isoformat(), flag=None, event=None, turn=self.state["turn"] + 1)
        await self._turn(given)
        if self._took_the_offer():
            await self._turn(
                Dialogue(heard=SafeText("yes"), now=given["now"], flag=None, event=None, turn=given["turn"])
            )
        self._unsay()

    async def _turn(self, given: Dialogue) -> None:
        after = await self._graph.ainvoke({**self.state, **given}, context=self._desk)
        self.state = cast("Dialogue", after)
        self.frame = next((frame for frame in self.state["agenda"] if frame["task"] == "book"), self.frame)

    def _took_the_offer(self) -> bool:
        """Say whether the caller settled on the very slot the other system had offered.

        There it was booked at once; here a read-back follows, and the recording has no answer to it.
        """
        taken = self._offer is not None and self.frame.get("chosen") == slot_json(self._offer)
        self._offer = None
        readback = self.state.get("readback")
        if not taken or readback is None or self.state.get("asked") != "confirm":
            return False
        self.state["readback"] = ReadBack(proposal=readback["proposal"], id=readback["id"], heard=True)
        return True

    def _unsay(self) -> None:
        """Take back the times we offered: the caller heard the other system's sentences, not ours."""
        self.frame["offered"], self.frame["refused"] = [], []
        if self.state.get("asked") != "choose_slot":
            return
        self.state["asked"] = "when"
        wish = wish_of(self.frame)
        person, day, minute = self._person(), only_day(wish), only_bound(wish)
        if person and day and minute:  # "by two": a script cannot choose among our offers, the bound is its choice
            slot = self._schedule.slot(person, datetime.combine(day, minute, UTC))
            if self._schedule.is_free(slot):
                self.frame["wish"] = wish_json(replace(wish, times=(), exact=(shift_of(slot.start),)))
                self._offer_slot(slot)

    def _person(self) -> str | None:
        person = (self.frame.get("provider") or {}).get("provider")
        return str(person) if person else None

    def _prepare(self, offers: tuple[Offer, ...]) -> None:
        """Put the recorded offer where ours would be."""
        if self._schedule.booked:
            return
        if not any(frame["task"] == "book" for frame in self.state["agenda"]):
            self.state["agenda"] = [*self.state["agenda"], self.frame]
        if offers != self._offers:
            self._offers = offers
            self._offered(offers)
        if not self._person():
            self.state["readback"] = None  # nobody was named to the caller: there is nothing a yes could agree to

    def _offered(self, offers: tuple[Offer, ...]) -> None:
        if len(offers) != 1:
            return
        offer, wish = offers[0], wish_of(self.frame)
        if offer.provider_name is not None:
            self._offer_provider(offer.provider_name)
        person, day, minute = self._person(), offer.date or only_day(wish), offer.time or only_time(wish)
        if person and day and minute and (offer.date or offer.time):
            self._offer_slot(self._schedule.slot(person, datetime.combine(day, minute, UTC)))

    def _offer_provider(self, name: str) -> None:
        person = next((person.id for person in self._desk.practice.providers if person.name == name), None)
        if person is None or self._person() == person:
            return
        self.frame.update(
            Frame(provider={"provider": person}, not_providers=[], location=None, chosen=None, offered=[])
        )
        self.state.update(Dialogue(readback=None, asked="clarify", question=[]))

    def _offer_slot(self, slot: Slot) -> None:
        """Offer a time in the other system's place: the caller may take it, turn it down or name another."""
        self._offer, offered = slot, [slot_json(slot)]
        self.frame.update(Frame(chosen=None, offered=offered))
        act = Act(act="offer_one", facts={"slots": offered})
        self.state.update(
            Dialogue(
                readback=None,
                asked="choose_slot",
                question=[act],
                reply=words_of([act], self._desk, lang="en", channel="chat", now=self._now),
            )
        )
