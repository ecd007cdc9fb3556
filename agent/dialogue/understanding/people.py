"""Who is meant, and what the caller says of people: pseudonyms in, identity, relation and standing out."""

import re
from typing import Literal

from rapidfuzz.distance import OSA

from agent.dialogue.understanding.party import read_party
from agent.dialogue.understanding.plain import PLACEHOLDER, folded, plain
from agent.dialogue.understanding.tools import Args, GiveIdentity, GiveStanding, GiveWho
from agent.domain.conversation import Asks

Who = Literal["self", "child", "spouse", "parent", "other"]
Item = Literal["name", "first", "last", "born", "phone", "postcode", "email", "member_id"]
_ITEMS: dict[str, Item] = {
    "PERSON": "name", "NAME": "name", "BORN": "born", "BIRTHDATE": "born", "DOB": "born", "PHONE": "phone",
    "POSTCODE": "postcode", "ZIP": "postcode", "EMAIL": "email", "MEMBER": "member_id", "MEMBER_ID": "member_id",
    "HPID": "member_id",
}  # fmt: skip
_RELATIONS: dict[Who, str] = {
    "child": r"son|daughter|kid|kids|child|children|baby|toddler|newborn|little one|boy|girl|stepson|stepdaughter|"
    r"twins|infant|teenager|hijo|hija|hijos|hijas|nino|nina|bebe|grandson|granddaughter|grandchild|grandkid|nieto|nieta",
    "spouse": r"wife|husband|spouse|partner|fiance|fiancee|esposo|esposa|marido|mujer|hubby",
    "parent": r"mother|father|mom|mum|dad|mama|papa|madre|padre|mommy|daddy|in laws?|mother in law|father in law",
    "other": r"friend|sister|brother|neighbor|neighbour|aunt|uncle|cousin|grandmother|grandfather|grandma|grandpa|"
    r"client|patient of mine|boyfriend|girlfriend|roommate|nephew|niece|hermano|hermana|amigo|amiga|abuela|abuelo|tia|tio|sobrino|sobrina",
}
_FOR = r"(?:for|about|on behalf of|behalf of|para|de parte de|regarding|is|it's|bring|see|get|have|sobre|es|needs?|of)"
_SELF = re.compile(
    r"\b(?:(?<!good )(?<!fine )(?<!work )(?<!works )(?<!great )(?<!ok )(?<!okay )(?<!best )(?<!better )(?<!perfect )(?<!time )(?<!day )for me|for myself|myself|it's me|its me|just me|it is me|i am the patient|i'm the patient|para mi|"
    r"soy yo|yo mismo|yo misma|the patient is me)\b|^(?:me|yo|mine|self|i am)$"
)
_YEARS = r"(?:years? old|year old|yrs? old|yo|y o|years? of age|anos|anitos)"
_AGE = re.compile(
    rf"\b(?:(?P<a>[a-z]+|\d{{1,3}}) {_YEARS}|(?:he's|she's|he is|she is|aged?|turned|turns|tiene|they're) (?P<b>[a-z]+|\d{{1,3}})\b)"
)
_NEW = re.compile(
    r"\b(?:first time|new patient|i'm new|im new|i am new|brand new|(?:we|they)(?:'re| are) new|(?:she|he|it)(?:'s| is) new|(?:she|he|that|it|this|this one|that one|the other|the other one)(?:'s| is) the new (?:one|patient|kid|child)|never been|"
    r"haven't been (?:there|here|in) before|not been (?:there|here|in) before|never (?:seen|visited|come)|primera vez|"
    r"soy nuev[oa]|paciente nuev[oa]|nunca he ido|nunca he estado|nunca hemos ido|es nuev[oa]|not yet a patient|"
    r"not a patient|just moved|haven't been (?:a patient|seen)|new to (?:the practice|your practice|the area|you))\b|^new$|^nuev[oa]$"
)
_ESTABLISHED = re.compile(
    r"\b(?:been (?:there|here|in|coming|a patient|seen|going|seeing)|existing patient|established|current patient|"
    r"regular patient|returning|for years|i'm already|i am already|already a patient|my regular doctor|i come (?:there|here)|"
    r"you (?:guys )?have (?:my|our) (?:file|chart|records)|ya he ido|ya he estado|ya soy paciente|soy paciente|siempre voy|"
    r"desde hace anos|long time patient|(?:was|were) there (?:last|in)|saw (?:you|her|him) last|not (?:my|our) first)\b"
)
_LONG = 6
_TYPED = ("daughter", "husband", "toddler", "newborn", "children", "grandson", "granddaughter")
"""Relations that no other word comes near by one letter."""
_NOT_BEEN = re.compile(r"\b(?:never|haven't|havent|not|nunca|no) (?:ever )?(?:been|he ido|he estado)\b")
_SEEN = r"appointment|visit|check|exam|physical|shot|vaccin|follow|consult|annual|yearly|well|sick|cita|turn|cough|fever|ear|rash|throat|knee|back|eye|therap|test|clean|tooth|teeth|results"
_THEIR_OWN = re.compile(rf"(?:'s|s')\s+(?!(?:\w+ )?(?:{_SEEN}))\w+")
"""What belongs to somebody, when it is nothing that a practice is visited for."""
_DOES = re.compile(
    r"\s+(?:(?:just|also|has|have|had|always|already|ha|me|le) )*(?:said|says|say|told|tells|reminded|reminds|recommended|recommends|suggested|mentioned|"
    r"thinks|thought|works|drove|drives|will drive|can drive|is driving|gave|sent|goes to you|sees you|comes here|swears|loves|raves|referred|"
    r"dijo|dice|recordo|recomendo|sugirio|comento|trabaja|lleva|trae)\b"
)
"""What those do who are merely mentioned."""
NUMBERS = {
    word: number
    for number, words in enumerate(
        [
            "zero",
            "one uno un una",
            "two dos",
            "three tres",
            "four cuatro",
            "five cinco",
            "six seis",
            "seven siete",
            "eight ocho",
            "nine nueve",
            "ten diez",
            "eleven once",
            "twelve doce",
            "thirteen trece",
            "fourteen catorce",
            "fifteen quince",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
            "twenty veinte",
        ]
    )
    for word in words.split()
}


def read_people(text: str, *, asked: Asks | None = None, prev: str | None = None) -> list[Args]:
    """Return what an utterance gives of people: relation first, then identity, then standing."""
    words = _righted(plain(text))
    who = read_who(words, asked)
    found: list[Args] = [who] if who else []
    found += read_identity(text, asked=asked, prev=prev, for_other=bool(who and who.who != "self"))
    standing = read_standing(words)
    return [*found, standing] if standing else found


def _righted(words: str) -> str:
    """Return words with slips of the finger in the names of relations put right: "my daugther"."""
    return " ".join(_relation(word) if len(word) >= _LONG else word for word in words.split())


def _relation(word: str) -> str:
    near = (known for known in _TYPED if known[0] == word[0] and OSA.distance(word, known, score_cutoff=1) <= 1)
    return next(near, word)


def read_who(words: str, asked: Asks | None) -> GiveWho | None:
    """Return for whom this is, when it is said; of several people the first, and who comes along."""
    if party := read_party(words):
        return GiveWho(who=party[0], also=party[1:])
    for who, names in _RELATIONS.items():
        near = rf"\b{_FOR} (?:\w+ ){{0,2}}?(?:my|our|mi|nuestr[oa]|his|her|the|a|mis) (?:\w+ ){{0,2}}?(?:{names})\b"
        alone = rf"\b(?:my|our|mi|mis) (?:\w+ )?(?:{names})\b"
        if re.search(near, words) or (asked == "who" and re.search(rf"\b(?:{names})\b", words)):
            return GiveWho(who=who, age=read_age(words))
        if any(not _in_passing(words, found.end()) for found in re.finditer(alone, words)):
            return GiveWho(who=who, age=read_age(words))
    if _SELF.search(words):
        return GiveWho(who="self")
    return None


def _in_passing(words: str, end: int) -> bool:
    """Say whether somebody is merely mentioned: "my neighbor said ...", "my granddaughter's recital"."""
    return bool(_THEIR_OWN.match(words, end) or _DOES.match(words, end))


def read_age(words: str) -> int | None:
    """Return an age in years, 0 to 120, when one is said: "he's five", "a 12 year old"; months count as 0."""
    if re.search(r"\b(?:months?|weeks?|meses|semanas) (?:old|de edad|de nacid[oa])\b|\bnewborn\b", words):
        return 0
    for found in _AGE.finditer(words):
        said = found["a"] or found["b"]
        age = int(said) if said.isdigit() else NUMBERS.get(said)
        if age is not None and age <= 120:
            return age
    return None


def read_identity(text: str, *, asked: Asks | None, prev: str | None, for_other: bool = False) -> list[Args]:
    """Return every pseudonym as the item it stands for; who said it of whom, when the words tell."""
    found: list[Args] = []
    for match in PLACEHOLDER.finditer(text):
        item = _ITEMS.get(match[1])
        if item is None:
            continue
        before = folded(text[max(0, match.start() - 40) : match.start()])
        whose = _whose(before) if for_other else None
        found.append(GiveIdentity(item=_part(item, asked, prev, before), value=match[0], whose=whose))
    return found


def _part(item: Item, asked: Asks | None, prev: str | None, before: str) -> Item:
    near = (
        before + "|"
        if re.search(r"\b(first|last|sur|given|family) ?name|apellido", before)
        else (folded(prev or "") if asked == "name" else "")
    )
    if item != "name":
        return item
    first = re.search(r"\b(?:first|given) (?:and (?:the )?last )?name\b|\bnombre (?:de pila|y apellidos?)\b", near)
    last = re.search(r"\b(?:last|family) name\b|\bsurname\b|\bapellidos?\b", near)
    if bool(first) == bool(last):
        return "name"
    return "first" if first else "last"


def _whose(before: str) -> Literal["caller", "patient"]:
    said = re.search(
        r"\b(?:my name is|this is|i'm|i am|it's|me llamo|soy|habla|my name's|mother|father|mom|dad)\s*$", before.strip()
    )
    return "caller" if said else "patient"


def read_standing(words: str) -> GiveStanding | None:
    """Return whether the patient is new here, when it is said."""
    if _NEW.search(words) or _NOT_BEEN.search(words):
        return GiveStanding(standing="new")
    if _ESTABLISHED.search(words):
        return GiveStanding(standing="established")
    return None


def standing_of(yes: bool, prev: str | None) -> GiveStanding:
    """Return what yes or no means to "Have you been here before?" or to "Are you a new patient?"."""
    question = folded(prev or "").rsplit(".", 1)[-1] or folded(prev or "")
    asks_new = re.search(r"\b(?:new|first|nuev[oa]|primera)\b", question) and not re.search(
        r"\b(?:before|been|seen|antes|ha (?:venido|estado))\b", question
    )
    return GiveStanding(standing="new" if yes == bool(asks_new) else "established")
