"""Whether what the tagger finds can be somebody's: it leans towards finding, and this takes back what is plain talk."""

import re
from functools import cache

from rapidfuzz.distance import OSA

from agent.phi.clinical import is_acronym, is_term
from agent.phi.lexicon import ambiguous, common, is_name, is_sure_name, never_names
from agent.phi.looks import is_cased
from agent.phi.numerals import spell_out, value_of
from agent.phi.recognizers.numbers import named_before
from agent.phi.utterance import Utterance
from agent.phi.words_files import phrases, words

_FEWEST_DIGITS = 2  # "at four" is a time
_YEAR = 4
_MISTYPED = 5
_SHORT = 4
_JOINED = re.compile(r"[a-z]{2,}(?:[aei]r|[ai]endo|ando|[ae]n?)(?:[mts]e|nos|l[eoa]s?|[mts]el[oa]s?|nosl[oa]s?)")


def believed(said: Utterance, first: int, after: int, kind: str, *, sure: bool) -> bool:
    """Say whether tokens `first` to `after` can identify as `kind`. `sure`: found without leaning as well."""
    if kind == "PERSON":
        return _person(said, first, after, sure=sure)
    if kind in ("PHONE", "ID"):
        return _number(said, first, after)
    if kind == "ORG":
        return _organisation(said, first, after, sure=sure)
    if kind == "EMAIL":
        return bool({"@", "at", "arroba", "www", "dot", "punto", "http", "https"} & set(said.lows[first:after])) or (
            "." in said.lows[first:after] and any(len(low) > 1 and low.isalpha() for low in said.lows[first:after])
            and not any(low.isdigit() for low in said.lows[first:after])
        )  # fmt: skip
    return kind != "ADDRESS" or _place(said, first, after)


def _person(said: Utterance, first: int, after: int, *, sure: bool) -> bool:
    """A medicine is nobody; nor is a whole utterance of one word that nobody asked for and no list of names has."""
    tokens = [token for token in said.tokens[first:after] if token.is_word]
    lows = [token.low for token in tokens]
    if "PERSON" in said.sought:
        return True
    spoken = [at for at in range(first, after) if said.tokens[at].is_word]
    if all(_is_talk(said, at) for at in spoken):
        return False
    if all(is_term(said.tokens[at]) or is_acronym(said, at) for at in spoken):
        return False
    if (
        len(lows) == 1
        and not _capital_inside(said, first)
        and not sure
        and (lows[0] in ambiguous() or lows[0] in common())
    ):
        return False
    alone = sum(token.is_word for token in said.tokens) == 1
    return not alone or any(is_sure_name(low) for low in lows)


@cache
def _courteous() -> tuple[str, ...]:
    """Words of talk long enough to be told through a slip of the finger."""
    return tuple(
        sorted(word for word in never_names() if len(word) >= _MISTYPED and word.isalpha() and not is_name(word))
    )


def is_mistyped_talk(low: str) -> bool:
    """Say whether a word is a courteous or common one with one slip in it: "pelase", "thnaks", "pleese"."""
    if len(low) < _MISTYPED or is_name(low):
        return False
    return any(OSA.distance(low, word, score_cutoff=1) == 1 for word in _courteous())


@cache
def _talk() -> frozenset[str]:
    times = frozenset(phrases("given_places")["times"])
    return (
        words("id_words")
        | words("courtesy")
        | words("name_titles")
        | words("number_names")
        | words("languages")
        | times
    )


def _is_talk(said: Utterance, at: int) -> bool:
    """Whether a word is one that nobody is called by, where no name was asked."""
    low, spanish = said.lows[at], said.lang.startswith("es")
    everyday = low in words("common") or (spanish and low in words("spanish"))
    if spanish and len(low) < _SHORT and low in never_names():
        return True
    slip = is_mistyped_talk(low) or _drops_its_g(said, at) or _is_spanish_command(said, at)
    return low in _talk() or slip or (everyday and not is_name(low))


def _is_spanish_command(said: Utterance, at: int) -> bool:
    """Whether a word is a Spanish verb with its pronouns joined: "mándeme", "llamarlos", "diciéndole"."""
    low = said.lows[at]
    capital = _capital_inside(said, at)
    return said.lang.startswith("es") and not capital and not is_name(low) and _JOINED.fullmatch(low) is not None


def _drops_its_g(said: Utterance, at: int) -> bool:
    """Whether a word is "actin'" or "hurtin'"."""
    following = said.tokens[at + 1].text if at + 1 < len(said.tokens) else ""
    return len(said.lows[at]) > 3 and said.lows[at].endswith("in") and following in ("'", "’")


def _capital_inside(said: Utterance, at: int) -> bool:
    """Whether a word has a capital that the beginning of the sentence does not give it."""
    begins = at == 0 or said.tokens[at - 1].text in ".?!"
    return is_cased(said) and said.tokens[at].text[0].isupper() and not begins


def _number(said: Utterance, first: int, after: int) -> bool:
    digits = "".join(spell_out(said.lows[first:after], said.lang))
    if set(said.lows[max(0, first - 1) : first + 1]) & words("code_systems") or (
        "/" in said.lows[first:after] and not said.sought
    ):
        return False
    hour = len(digits) == _YEAR and first > 0 and said.lows[first - 1] == "at" and named_before(said, first) is None
    if hour and not said.sought:
        return False  # "at 0800"
    dose = first > 0 and said.lows[first - 1] in words("medical") and said.lows[first - 1] not in ("ref", "login")
    if len(digits) == _YEAR and digits[:2] in ("19", "20") and named_before(said, first) is None and not said.sought:
        return False
    return len(digits) >= (_FEWEST_DIGITS if not dose else 5)


def _organisation(said: Utterance, first: int, after: int, *, sure: bool) -> bool:
    tokens = [(at, said.tokens[at]) for at in range(first, after) if said.tokens[at].is_word]
    named = [token for at, token in tokens if value_of(token.low, said.lang) is None and not is_acronym(said, at)]
    return bool(named) and (sure or not all(is_term(token) for token in named))


def _place(said: Utterance, first: int, after: int) -> bool:
    """A place has a word or five digits; "3rd" has neither."""
    lows = said.lows[first:after]
    no_place = never_names() | words("month_names") | words("units")
    wordy = any(
        len(low) > 2 and low.isalpha() and value_of(low, said.lang) is None and low not in no_place
        and not is_term(said.tokens[at]) and not is_acronym(said, at)
        for at, low in enumerate(lows, first)
    )  # fmt: skip
    return wordy or len("".join(spell_out(lows, said.lang))) >= 5
