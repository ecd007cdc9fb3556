"""The number words of English and Spanish, without accents. Tables only."""

from dataclasses import dataclass, field

from agent.language.fold import listed

_EN_ONES = listed("zero one two three four five six seven eight nine")
_EN_TEENS = listed("ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
_EN_TENS = listed("twenty thirty forty fifty sixty seventy eighty ninety")
_EN_ORDINALS = listed(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth"
)
_EN_TENS_ORDINALS = listed("twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth")

_ES_SMALL = listed(
    "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete "
    "dieciocho diecinueve veinte veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete "
    "veintiocho veintinueve"
)
_ES_TENS = listed("treinta cuarenta cincuenta sesenta setenta ochenta noventa")
_ES_HUNDREDS = listed(
    "ciento doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos"
)
_ES_ORDINALS = listed("primero segundo tercero cuarto quinto sexto septimo octavo noveno decimo undecimo duodecimo")


@dataclass(frozen=True, kw_only=True)
class NumberWords:
    """The words of one language. `repeats` are words such as "double"; `corrections` take the last item back."""

    small: dict[str, int]
    """Words that stand alone (0 to 29) and never take a unit behind them."""
    tens: dict[str, int]
    """Words that may take 1 to 9 behind them (with `link` between, in Spanish)."""
    hundreds: dict[str, int]
    """Whole hundreds as one word."""
    hundred: frozenset[str]
    """The word that multiplies by a hundred."""
    thousand: frozenset[str]
    link: frozenset[str]
    """The "and" inside a number."""
    ordinals: dict[str, int]
    tens_ordinals: dict[str, int]
    zeros: frozenset[str]
    """Words for zero between digits only."""
    repeats: dict[str, int]
    corrections: tuple[str, ...]
    fillers: frozenset[str] = field(default_factory=frozenset)
    """Words that may stand between spoken digits and mean nothing."""


ENGLISH = NumberWords(
    small={word: value for value, word in enumerate(_EN_ONES + _EN_TEENS)},
    tens={**{word: 20 + 10 * place for place, word in enumerate(_EN_TENS)}, "fourty": 40, "ninty": 90},
    hundreds={},
    hundred=frozenset({"hundred"}),
    thousand=frozenset({"thousand"}),
    link=frozenset({"and"}),
    ordinals={
        **{word: 1 + place for place, word in enumerate(_EN_ORDINALS)},
        **{"fith": 5, "eigth": 8, "nineth": 9, "twelveth": 12},
    },
    tens_ordinals={word: 20 + 10 * place for place, word in enumerate(_EN_TENS_ORDINALS)},
    zeros=frozenset({"oh", "o", "nought", "naught", "null"}),
    repeats={"double": 2, "triple": 3, "treble": 3},
    corrections=(
        "no",
        "sorry",
        "i mean",
        "no sorry",
        "no i mean",
        "sorry i mean",
        "no wait",
        "wait no",
        "correction",
        "rather",
        "scratch that",
    ),
    fillers=frozenset(listed("uh um er erm dash hyphen space then ok okay uhm hmm")),
)

SPANISH = NumberWords(
    small={**{word: value for value, word in enumerate(_ES_SMALL)}, "un": 1, "una": 1, "veintiun": 21, "veintiuna": 21},
    tens={word: 30 + 10 * place for place, word in enumerate(_ES_TENS)},
    hundreds={
        **{word: 100 * (1 + place) for place, word in enumerate(_ES_HUNDREDS)},
        **{word[:-2] + "as": 100 * (1 + place) for place, word in enumerate(_ES_HUNDREDS) if place},
        "cien": 100,
    },
    hundred=frozenset(),
    thousand=frozenset({"mil"}),
    link=frozenset({"y"}),
    ordinals={
        **{word: 1 + place for place, word in enumerate(_ES_ORDINALS)},
        **{word[:-1] + "a": 1 + place for place, word in enumerate(_ES_ORDINALS)},
        **{"primer": 1, "tercer": 3, "primeros": 1, "primeras": 1},
    },
    tens_ordinals={},
    zeros=frozenset(),
    repeats={"doble": 2, "triple": 3},
    corrections=(
        "no",
        "perdon",
        "digo",
        "no perdon",
        "no digo",
        "quiero decir",
        "mejor dicho",
        "perdon digo",
        "no espere",
    ),
    fillers=frozenset(listed("eh este em guion espacio luego pues")),
)


def number_words(base: str) -> NumberWords:
    """Return the table of ``en`` or ``es``."""
    return SPANISH if base == "es" else ENGLISH
