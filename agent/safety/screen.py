"""The red-flag screen: explicit wordings, the previous question, and a calibrated classifier. First in every turn."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from agent.domain.errors import ConfigError
from agent.domain.ports import Encoder, States
from agent.domain.safety import Flag, Level
from agent.domain.text import ClearText
from agent.safety.answers import SafetyAnswers
from agent.safety.model import FOLDER, Floats, Thresholds, load_model
from agent.safety.rules import ExplicitRules
from agent.safety.temper import mere_temper
from agent.safety.words import for_encoder, plain, windows, without_company

LONG = 45
"""Words from which an utterance is read in stretches: one clause of a long call may be the flag."""
STRETCH, MOST_STRETCHES = 20, 7
ALARMS: tuple[Level, ...] = ("911", "988")
MOOD, URGENT = "mood.model", "model.urgent"
AT_HOME = Flag(level="ask", rule="home.model")
ABUSE, SUICIDE = "988.abuse", "988.suicide"
DESK = 0.2
"""Probability of being plain talk from which words must alarm more clearly to be stopped; most after a plain question."""
DOUBT = 0.8
"""Probability of being harmless from which an explicit wording (idiom, somebody's past) is asked about instead."""


class RedFlagScreen:
    """Says whether an utterance raises a red flag. Pure; safe to share between threads if the encoders are.

    `encoders` holds the sentence encoders the model was trained with (its record names them), in any order, among
    others; `pieces` is the lower half that the readers stand on. `folder` is where the model lies; ConfigError when it
    is missing, altered, or made for another encoder.
    """

    def __init__(self, encoders: Sequence[Encoder], pieces: States, *, folder: Path = FOLDER) -> None:
        self._model = load_model(folder)
        given = {encoder.name: encoder for encoder in encoders}
        for name in self._model.encoders:
            if name not in given:
                raise ConfigError(f"the red-flag model needs the sentence encoder {name}", file=folder)
        self._encoders = {name: given[name] for name in self._model.encoders}
        self._pieces = pieces
        self._rules = ExplicitRules()
        self._answers = SafetyAnswers()

    def screen(self, text: ClearText, *, prev: str | None = None, lang: str = "en") -> Flag | None:  # noqa: ARG002
        """Say whether this utterance raises a red flag; by an answer to a safety question, a rule, or the model."""
        words = without_company(for_encoder(text.reveal()))
        if not plain(words):
            return None
        answered = self._answers.read(text.reveal(), prev)
        if answered is not None:
            return answered.flag
        denied = self._answers.after_no(text.reveal(), prev)
        if denied and (beside := self.screen(ClearText(denied))) and (beside.level in ALARMS or beside.rule == MOOD):
            return beside
        explicit, limits = self._rules.find(text.reveal()), self._model.thresholds
        if self._answers.bare(text.reveal(), prev):
            return explicit
        if len(words.split()) > LONG:
            return explicit or self._flag(self._worst_stretch(words), limits.stricter())
        flag = self._flag(words, limits, explicit, answering=self._answering(prev))
        if flag and not explicit:
            flag = self._less_denied(flag, text.reveal(), limits)
        listened_to = bool(denied) and self._answers.asks_if_safe(prev)
        return None if listened_to and flag and flag.rule == URGENT else flag

    def _less_denied(self, flag: Flag, text: str, limits: Thresholds) -> Flag | None:
        """Return what the model raised, a step lower where dangers are only denied and the rest raises nothing.

        An alarm is asked about: a list behind a no may hold what is not denied. A question is dropped if nothing is left.
        """
        rest = self._rules.without_denials(text)
        if rest is None or (rest and self._flag(rest, limits)):
            return flag
        if flag.level in ALARMS:
            return Flag(level="ask", rule=MOOD if flag.level == "988" else "model.ask")
        return None if flag.level == "ask" and not rest else flag

    def _answering(self, prev: str | None) -> Thresholds | None:
        """Return the limits for plain talk after a plain question; None when none was asked."""
        if not self._answers.plain_question(prev):
            return None
        limits = self._model.thresholds
        return limits.for_a_name() if self._answers.identity_question(prev) else limits.stricter()

    def _flag(
        self, words: str, limits: Thresholds, explicit: Flag | None = None, *, answering: Thresholds | None = None
    ) -> Flag | None:
        """Say what the model says, unless a rule found an explicit wording; a doubted rule asks, and is never dropped.

        `answering`: the limits instead, for what sounds like plain talk.
        """
        vectors = {name: _vector(encoder, words) for name, encoder in self._encoders.items()}
        found = self._model.probabilities(words, vectors, self._pieces)
        if explicit:
            sure = explicit.level == "ask" or found["none"] < DOUBT
            return explicit if sure else self._question(explicit.level == "988", words, vectors)
        desk = self._model.desk.probabilities(words, vectors)["desk"]
        if desk >= DESK:
            limits = answering or limits.for_plain_talk(desk)
        alarm = sum(found[level] for level in ALARMS)
        if alarm >= limits.alarm:
            named = _named(found, self._model.family.probabilities(words, vectors))
            return AT_HOME if (named.level == "911" or named.rule == "abuse.model") and mere_temper(words) else named
        if alarm + found["ask"] >= limits.ask and alarm + found["ask"] >= found["urgent"]:
            return self._question(found["988"] > found["911"], words, vectors)
        return Flag(level="urgent", rule=URGENT) if 1 - found["none"] >= limits.urgent else None

    def _question(self, crisis: bool, words: str, vectors: Mapping[str, Floats]) -> Flag:
        """Return the safety question: about danger, about the caller's mood, or about somebody at home."""
        if not crisis:
            return Flag(level="ask", rule="model.ask")
        families = self._model.family.probabilities(words, vectors)
        return Flag(level="ask", rule="home.model" if families[ABUSE] > families[SUICIDE] else MOOD)

    def _worst_stretch(self, words: str) -> str:
        """Return the stretch least likely to be harmless; costs one embedding by the quickest encoder each."""
        name = self._model.encoders[0]

        def harmless(stretch: str) -> float:
            vectors = {name: _vector(self._encoders[name], stretch)}
            return self._model.window.probabilities(stretch, vectors)["none"]

        return min(windows(words, size=STRETCH, most=MOST_STRETCHES), key=harmless)


def _named(found: Mapping[str, float], families: Mapping[str, float]) -> Flag:
    """Name an alarm: by its family (`911.poison`) when that changes what is said, else by its level."""
    level: Level = "911" if found["911"] >= found["988"] else "988"
    same = [family for family in families if family.startswith(level)]
    family = max(same, key=lambda name: families[name]).partition(".")[2]
    return Flag(level=level, rule=f"{family}.model" if family not in ("", "other") else f"model.{level}")


def _vector(encoder: Encoder, words: str) -> Floats:
    return np.asarray(encoder.embed([words])[0], np.float32)
