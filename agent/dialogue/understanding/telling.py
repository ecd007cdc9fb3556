"""Free words that staff will read: why somebody comes, what the doctor should be told, which drug, which pharmacy."""

import re

from agent.dialogue.understanding.tools import Args, GiveWords, Intent
from agent.domain.conversation import Asks

_END = r"(?=$|[.,;!?]| and (?:i|also|can|could|please|that)\b| before | by | please| to (?:the )?(?:cvs|walgreens|rite aid|walmart|pharmacy)| at (?:the )?(?:cvs|walgreens|rite aid|walmart|pharmacy)| because | since | for (?:my|me)\b)"
_DRUG = (
    re.compile(rf"\b(?:refills?|renew(?:al)?|more|out|low|prescription|script|supply|repuesto|resurtir) (?:of|on|for|de) (?:(?:my|the|his|her|our|some|mi|mis|la|el) )?(?P<words>[\w-]+(?: [\w-]+){{0,3}}?){_END}", re.I),
    re.compile(r"\b(?:refill|renew|reorder|resurtir|renovar) (?:my|the|his|her|our|mi|mis|la) (?P<words>[\w-]+(?: [\w-]+){0,3}?)(?= prescription| script| again| refilled|$|[.,;!?]| please| before| at | to )", re.I),
    re.compile(r"\b(?:my|his|her|our|the|need) (?P<words>[\w-]+(?: [\w-]+){0,2}?) (?:refilled|renewed|refill)\b", re.I),
)  # fmt: skip
_NO_DRUG = frozenset({"prescription", "prescriptions", "medication", "medications", "meds", "medicine", "medicines", "pills", "script", "scripts", "rx", "it", "them", "a", "receta", "medicina", "medicinas", "pastillas", "refill", "refills", "refills left"})  # fmt: skip
_PHARMACY = re.compile(r"\b(?P<words>(?:the )?(?:cvs|walgreens|rite aid|walmart|costco|kroger|publix|target|express scripts|[\w']+ (?:pharmacy|drugs?|drugstore)|farmacia \w+)(?: (?:on|at|in|near|en) (?:the )?[\w' ]{2,30})?)", re.I)  # fmt: skip
_MESSAGE = re.compile(
    r"\b(?:tell|let) (?:the |my |dr\.? |doctor |nurse )?[\w.]+(?: [\w.]+)? (?:know |that )+(?P<words>.{4,})|\b(?:message|note|recado|mensaje) (?:for|to|para) [\w. ]{2,24}?(?::| that| saying| que) (?P<more>.{4,})|\bd[ií]gale (?:al? |a la )[\w. ]{2,20}? que (?P<mas>.{4,})",
    re.I,
)
_REASON = re.compile(
    r"\b(?:because(?: of)?|about|regarding|porque|to (?:check|look at)|to have (?:someone|somebody|her|him|the doctor) (?:check|look at)|(?<=seen )for|(?<=appointment )for|(?<=come in )for|(?<=visit )for|(?<=someone )for|(?<=doctor )for) (?P<words>(?!me\b|my (?:son|daughter|wife|husband|mother|father|mom|dad|kids?|child)\b|today|tomorrow|next|this week|the (?:morning|afternoon)|monday|tuesday|wednesday|thursday|friday|saturday)[^.,;!?]{3,80})",
    re.I,
)


def read_words(text: str, *, asked: Asks | None, intent: Intent) -> list[Args]:
    """Return the words that answer what was asked, or that come with a refill, a message or a wish to be seen."""
    if asked in ("reason", "message"):
        return [GiveWords(about=asked, words=text)] if text.strip() else []
    if intent == "refill":
        return _drug(text) + _pharmacy(text)
    if intent == "message":
        return _message(text)
    if intent in ("book", "find_provider"):
        found = _REASON.search(text)
        return [GiveWords(about="reason", words=found["words"].strip())] if found else []
    return []


def _drug(text: str) -> list[Args]:
    for pattern in _DRUG:
        found = pattern.search(text)
        if found and found["words"].lower() not in _NO_DRUG:
            return [GiveWords(about="drug", words=found["words"])]
    return []


def _pharmacy(text: str) -> list[Args]:
    found = _PHARMACY.search(text)
    vague = found and re.match(r"(?:the|my|a|this|new|different|your) pharmacy", found["words"], re.I)
    return [GiveWords(about="pharmacy", words=found["words"].strip())] if found and not vague else []


def _message(text: str) -> list[Args]:
    found = _MESSAGE.search(text)
    words = next((part for part in found.groups() if part), "") if found else ""
    return [GiveWords(about="message", words=words.strip())] if words else []
