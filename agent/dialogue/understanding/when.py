"""Whether words say anything about when. Reading them is code's work later (agent.language.wishes)."""

import re

from agent.dialogue.understanding.plain import PLACEHOLDER, plain

_DAY = (
    r"mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|mon|tues?|wed|thurs?|fri|weekdays?|weekends?|"
    r"lunes|martes|miercoles|jueves|viernes|sabados?|domingos?|today|tonight|tomorrow|hoy|manana|pasado manana"
)
_MONTH = (
    r"january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|apr|aug|sept?|oct|"
    r"nov|dec|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
)
_NUMBER = (
    r"\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"una|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce"
)
_WHEN = re.compile(
    rf"\b(?:{_DAY})\b|\b(?:{_MONTH}) (?:the )?(?:\d|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\w+th)|"
    rf"\b\d{{1,2}}(?:st|nd|rd|th)\b|\bthe (?:\w+teenth|twentieth|thirtieth|(?:twenty|thirty) \w+|fourth|fifth|sixth|seventh|eighth|ninth|tenth|eleventh|twelfth)\b|\bthe \w+(?:th|first|second|third) of\b|\d{{1,2}}[:.]\d\d|\b\d{{1,2}}/\d{{1,2}}\b|"
    rf"\b(?:{_NUMBER}) ?(?:am|pm|o'clock|thirty|fifteen|forty five|a m|p m)\b|\bhalf past\b|\bquarter (?:to|past)\b|"
    rf"\b(?:at|after|before|around|by|about|until|past|a las|despues de las|antes de las|como a las) (?:the )?(?:{_NUMBER})\b|"
    r"\b(?:mornings?|afternoons?|evenings?|noon|midday|lunch ?time|after school|after work|before work|por la tarde|"
    r"por la manana|en la tarde|en la manana|mediodia|temprano)\b|"
    r"\b(?:next|this|following|coming|la proxima|el proximo|esta|este|la otra|proxima|proximo) (?:week|month|weekend|semana|mes|fin|year)\b|"
    rf"\b(?:in|within|en) (?:a|an|{_NUMBER}|couple|few|un|una|about) (?:\w+ )?(?:days?|weeks?|months?|dias?|semanas?|mes(?:es)?)\b|"
    r"\b(?:as soon as possible|asap|soonest|earliest|right away|first thing|lo antes posible|cuanto antes|end of the (?:week|month)|"
    r"beginning of (?:the|next)|week after|day after|later this|earlier in the|week from|semana que viene|mes que viene|next available)\b"
)


def says_when(text: str) -> bool:
    """Say whether an utterance holds words about when."""
    return bool(_WHEN.search(plain(PLACEHOLDER.sub(" ", text))))
