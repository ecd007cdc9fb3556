"""The engine of the date rules: patterns over categories, rewritten in order until only meanings are left."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache

from agent.language.date_tokens import Node, category_pattern, tokenize
from agent.language.date_values import Clock, Duration, Hours, Span, When


@dataclass(frozen=True, kw_only=True)
class Context:
    """What a rule may know: the local moment of speaking, the language, the order of numeric dates, birth or not."""

    now: datetime
    base: str
    day_first: bool
    birth: bool = False

    @property
    def today(self) -> date:
        """The local date of speaking."""
        return self.now.date()


Meaning = When | Span | Clock | Hours | Duration | int
Action = Callable[[list[Node], Context], "Node | None"]


@dataclass(frozen=True)
class Rule:
    """One rewriting step."""

    stage: int
    pattern: str
    action: Action
    only: str | None = None

    def compiled(self) -> "re.Pattern[str]":
        """Return the expression over category characters; compiled on first use."""
        return _compile(self.pattern)


@lru_cache(maxsize=1024)
def _compile(pattern: str) -> "re.Pattern[str]":
    return re.compile(category_pattern(pattern))


@dataclass
class Grammar:
    """Rules in the order of their stages, then of their writing."""

    rules: list[Rule] = field(default_factory=list)

    def rule(self, stage: int, *patterns: str, only: str | None = None) -> Callable[[Action], Action]:
        """Register an action for one or more patterns; `only` restricts it to one language."""

        def register(action: Action) -> Action:
            self.rules += [Rule(stage, pattern, action, only) for pattern in patterns]
            return action

        return register

    def ordered(self, base: str) -> list[Rule]:
        """Return the rules of a language, in order; the order of imports does not matter."""
        mine = (rule for rule in self.rules if rule.only in (None, base))
        return sorted(mine, key=lambda rule: (rule.stage, rule.action.__module__))


GRAMMAR = Grammar()
rule = GRAMMAR.rule


@lru_cache(maxsize=2)
def _rules(base: str) -> "tuple[tuple[re.Pattern[str], Action], ...]":
    from agent.language import (  # noqa: F401 - they register
        date_beside,
        date_clock,
        date_combine,
        date_days,
        date_durations,
        date_durations_counted,
        date_edges,
        date_hours,
        date_lengths,
        date_minutes,
        date_near,
        date_nth,
        date_numeric,
        date_periods,
        date_relative,
        date_rolling,
        date_spans,
        date_today,
    )

    return tuple((rule.compiled(), rule.action) for rule in GRAMMAR.ordered(base))


def node(name: str, value: Meaning, made_of: list[Node], *, weak: bool = False) -> Node:
    """Return what a rule made of its tokens."""
    return Node(name, value, made_of[0].start, made_of[-1].end, " ".join(n.text for n in made_of), weak=weak)


def pick(nodes: list[Node], *names: str) -> Node | None:
    """Return the first token of one of these categories."""
    return next((found for found in nodes if found.name in names), None)


def whole(nodes: list[Node], *names: str) -> list[int]:
    """Return the numbers that tokens of these categories carry."""
    return [found.value for found in nodes if found.name in names and isinstance(found.value, int)]


def parse(text: str, context: Context, lang: str) -> list[Node]:
    """Return the tokens of a text after all rules have been applied."""
    nodes = tokenize(text, lang)
    line = "".join(found.character for found in nodes)
    for pattern, action in _rules(context.base):
        at = 0
        while found := pattern.search(line, at):
            if found.end() == found.start():
                at = found.end() + 1
                if at > len(line):
                    break
                continue
            made = _try(action, nodes[found.start() : found.end()], context)
            if made is None:
                at = found.start() + 1
                continue
            nodes[found.start() : found.end()] = [made]
            line = line[: found.start()] + made.character + line[found.end() :]
            at = found.start()
    return nodes


def _try(action: Action, nodes: list[Node], context: Context) -> Node | None:
    try:
        return action(nodes, context)
    except (OverflowError, ValueError):
        return None  # a day or year that no calendar has
