"""`careline probe dialogue`: dialogues recorded elsewhere, the caller's turns played in order through the real graph."""

from collections.abc import Awaitable, Callable
from dataclasses import asdict
from pathlib import Path

from agent.commands.recorded_dialogue import RecordedDialogue
from agent.commands.recorded_ports import NobodyElse, NoTexts, OnlyTheVisit, PaperTray
from agent.commands.recorded_practice import read_recorded_practice
from agent.commands.recorded_rows import Recording, read_recording
from agent.commands.recorded_schedule import RecordedSchedule
from agent.commands.recorded_slots import SlotsSaid
from agent.commands.running import practice_folder
from agent.dialogue.desk import Desk
from agent.dialogue.graph import build
from agent.dialogue.response.sentences import Sentences
from agent.dialogue.understanding.local import LocalUnderstanding
from agent.dialogue.understanding.plain import plain
from agent.dialogue.understanding.tools import Understanding
from agent.domain.conversation import Heard
from agent.domain.escalation import Escalation
from agent.domain.practice import Practice
from agent.domain.text import ClearText, SafeText
from agent.encoder import load_encoders
from agent.phi.masking import Masking
from agent.phi.redactor import Redactor
from agent.phi.sought import sought
from agent.phi.utterance import Utterance
from agent.phi.vault import Vault
from agent.practice_folder import read_escalation
from agent.settings import Settings, shipped

Row = dict[str, object]


def make_stage(settings: Settings, providers: Path) -> Callable[[Row], Awaitable[Row]]:
    """Load what a turn needs, and return the stage. Raises ConfigError for a providers file that cannot be read."""
    practice = read_recorded_practice(providers)
    redactor = Redactor(practice)
    redactor.load()
    stage = _Stage(
        practice=practice,
        escalation=read_escalation(practice_folder(settings)),
        sentences=Sentences(settings.prompts or shipped("prompts"), ("en",)),
        understanding=LocalUnderstanding(load_encoders()),
        masking=Masking(redactor),
    )
    return stage.play


class _Stage:
    """Everything that dialogues share."""

    def __init__(
        self,
        *,
        practice: Practice,
        escalation: Escalation,
        sentences: Sentences,
        understanding: Understanding,
        masking: Masking,
    ) -> None:
        self._practice, self._escalation, self._sentences = practice, escalation, sentences
        self._understanding, self._masking = understanding, masking
        self._types = frozenset(person.specialty for person in practice.providers)
        self._ids = {person.name: person.id for person in practice.providers}
        self._names = [set(plain(person.name).split()) for person in practice.providers]
        self._graph = build(None)

    async def play(self, row: Row) -> Row:
        """Play one row against a fresh schedule."""
        recording = read_recording(row)
        taken = {
            (self._ids[one.provider_name], one.start) for one in recording.unavailable if one.provider_name in self._ids
        }
        schedule = RecordedSchedule(self._practice, taken)
        listening = OnlyTheVisit(self._understanding, self._types)
        dialogue = RecordedDialogue(
            self._graph, self._desk(schedule, listening), schedule=schedule, now=recording.begins
        )
        said = await self._hear_all(recording, dialogue, listening)
        booking = said.booked(schedule.booked[-1], self._practice) if schedule.booked else None
        return {"booking": booking, "slots": asdict(said)}

    async def _hear_all(self, recording: Recording, dialogue: RecordedDialogue, listening: OnlyTheVisit) -> SlotsSaid:
        said, vault = SlotsSaid(), Vault()
        for turn in recording.turns:
            if not turn.user.strip():
                continue
            masked = self._masked(vault, turn.user, recording, dialogue)
            await dialogue.hear(masked, turn.offered)
            said.follow(turn.user, listening.calls, dialogue.frame, self._practice)
        return said

    def _masked(self, vault: Vault, words: str, recording: Recording, dialogue: RecordedDialogue) -> SafeText:
        """Mask as in a turn that asks for no identity."""
        wanted = sought(dialogue.state.get("asked"), None)
        heard = Utterance(text="", sought=wanted.kinds, provider_asked=wanted.provider, today=recording.begins.date())
        masked = self._masking.mask(vault, Heard(best=ClearText(words[:2_000])), heard)
        names = [span for span in masked.spans if span.type == "NAME"]
        if any(self._is_provider(words[span.start : span.end]) for span in names):
            return SafeText(words[:2_000])  # the file's providers are no patients, in whatever order their names stand
        return masked.text

    def _is_provider(self, name: str) -> bool:
        said = set(plain(name).split())
        return any(said <= known for known in self._names)

    def _desk(self, schedule: RecordedSchedule, listening: OnlyTheVisit) -> Desk:
        return Desk(
            practice=self._practice,
            escalation=self._escalation,
            sentences=self._sentences,
            understanding=listening,
            knowledge=NoTexts(),
            identity=NobodyElse(),
            schedule=schedule,
            tickets=PaperTray(),
        )
