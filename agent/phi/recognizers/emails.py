"""E-mail addresses, web addresses and IP addresses, written or said aloud ("ana dot ruiz at gmail dot com")."""

import re
from collections.abc import Iterable

from agent.phi.mail import written
from agent.phi.numerals import is_number
from agent.phi.recognizers.base import Recognizer
from agent.phi.utterance import Found, Utterance
from agent.phi.words_files import words

_EMAIL = re.compile(r"[A-Za-z0-9_][\w.+'-]*\s?@\s?[\w-]+(?:\s?\.\s?[\w-]+)*\.?[A-Za-z]{2,}")
_URL = re.compile(
    r"(?:https?://|www\.)\S*[\w/]|\b(?!\d)[\w-]+(?:\.[\w-]+)*\.(?:com|org|net|edu|gov|info|health|io|me|example|shop|store|biz|studio|dental|clinic)(?:/[\w./?=&%-]*\w)?\b",
    re.I,
)
_IP = re.compile(r"\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9a-f]{1,4}:){3,7}[0-9a-f]{1,4}\b", re.I)
_LONGEST_LOCAL = 14


class Emails(Recognizer):
    """Written and spoken addresses of mail and web."""

    def find(self, said: Utterance) -> Iterable[Found]:
        """Yield e-mail, web and IP addresses."""
        written_ones = list(_EMAIL.finditer(said.text))
        for match in written_ones:
            yield Found(
                start=match.start(),
                end=match.end(),
                kind="EMAIL",
                score=0.99,
                parsed=re.sub(r"\s", "", match.group()).lower(),
            )
        for match in _URL.finditer(said.text):
            yield Found(start=match.start(), end=match.end(), kind="URL", score=0.7)
        for match in _IP.finditer(said.text):
            yield Found(start=match.start(), end=match.end(), kind="IP", score=0.9)
        for one in self._spoken(said):  # what stands before a written address is no part of it
            if not any(one.start < match.end() and match.start() < one.end for match in written_ones):
                yield one

    def _spoken(self, said: Utterance) -> Iterable[Found]:
        at_words, dots = words("email_at"), words("email_dot")
        low, tokens = said.lows, said.tokens
        for at in range(1, len(tokens) - 1):
            end = self._domain(said, at + 1)
            if end is None:
                continue
            if low[at] in at_words or tokens[at].text == "@":
                first = self._local(said, at)
                if first < at:
                    spoken = said.text[tokens[first].start : tokens[end - 1].end]
                    yield Found(
                        start=tokens[first].start,
                        end=tokens[end - 1].end,
                        kind="EMAIL",
                        score=0.97,
                        parsed=written(spoken),
                    )
            elif low[at] not in dots and at + 1 < len(low) and low[at + 1] in dots and low[at - 1] in ("www", "dot"):
                yield Found(start=tokens[at - 1].start, end=tokens[end - 1].end, kind="URL", score=0.6)

    def _domain(self, said: Utterance, at: int) -> int | None:
        """Return the token after a spoken domain that begins here: "g mail dot com", "yahoo", "st lukes dot org"."""
        low, dots = said.lows, words("email_dot")
        for length in range(1, 5):
            dot = at + length
            if dot + 1 < len(low) and low[dot] in dots and low[dot + 1] in words("email_endings"):
                end = dot + 2
                while end + 1 < len(low) and low[end] in dots and low[end + 1] in words("email_endings"):
                    end += 2
                return end
        if at < len(low) and low[at] in words("email_hosts"):
            return at + 1
        return None

    def _local(self, said: Utterance, at: int) -> int:
        """Return the first token of the part before "at": words joined by dots, digits, letters."""
        first, low = at, said.lows
        stop, signs = words("email_stops"), words("email_dot") | words("email_signs")
        while first > 0 and at - first < _LONGEST_LOCAL:
            token = said.tokens[first - 1]
            joined = first < at and (low[first] in signs or low[first - 1] in signs)
            loose = len(token.text) == 1 or is_number(token, said.lang)
            after_number = first < at and (
                is_number(said.tokens[first], said.lang) or len(said.tokens[first].text) == 1
            )
            if token.text in ",:;?!" or low[first - 1] in stop:
                break
            if not (
                first == at or joined or loose or after_number or "EMAIL" in said.sought or self._named(said, first - 1)
            ):
                break
            first -= 1
        return first

    def _named(self, said: Utterance, at: int) -> bool:
        """Whether the words between here and a naming "email is" are all of the address."""
        return any(low in words("email_names") for low in said.lows[max(0, at - 5) : at])
