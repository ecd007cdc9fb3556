"""Words around times that turn a wish: refusals, hurry, references to what was offered. Folded, as expressions."""

import re
from functools import lru_cache

_REFUSE_BEFORE = {
    "en": r"anything but|any day but|any time but|anytime but|everything but|all but|but not|not on|not at|not in|not|no(?= (?:\w+days|mornings|afternoons|evenings|nights|weekends|early|earlier|later|weekdays))|never|except(?: for)?|"
    r"other than|besides|apart from|aside from|can't do|cannot do|can't make(?: it)?|cannot make(?: it)?|can't come(?: in)?|can't|cannot|cant|won't|wont|"
    r"don't want|do not want|dont want|isn't|avoid|rather not|instead of|don't like|unavailable|busy|not available|away|out of town|"
    r"doesn't work|no good|excluding|nothing|without|don't do|i work|i'm working|i have work",
    "es": r"menos|excepto|salvo|no puedo|no podria|no me va(?: bien)?|no quiero|no(?= (?:los|las|por la|en la|por el|muy))|nunca|cualquier dia menos|cualquiera menos|que no sea|"
    r"aparte de|fuera de|en vez de|en lugar de|ni|tampoco|ocupad[oa]|evitar|nada",
}
_REFUSE_AFTER = {
    "en": r"(?:is|are|was|would be|'s|s)? ?(?:also )?(?:doesn't|does not|doesnt|don't|do not|won't|wont|isn't|aren't|is not|are not|not|no) ?(?:really |going to )?"
    r"(?:work|works|good|possible|great|an option|do|suit|fit|ok|okay|available|be good)|(?:is|are) (?:bad|out|impossible|taken|busy|terrible|a problem|too (?:early|late|soon|far))|"
    r"i can't|i cannot|i'm busy|i am busy|i work|i'm away|i'm working|is too (?:early|late)|won't do",
    "es": r"(?:no me|no) (?:va|viene|sirve|funciona|puedo|conviene|queda|es posible)|estoy ocupad[oa]|trabajo|imposible|es muy (?:tarde|temprano|pronto)",
}
_CLAUSE = {
    "en": r"[.;!?]|\bso\b|\bbut (?!not)|\bhowever\b|\bmaybe\b|\bhow about\b|\bwhat about\b|\binstead(?! of)\b|\brather(?! not)\b|\bcould\b|\bcan (?:i|you|we)\b|\bi can\b|\bi'd\b|"
    r"\bplease\b|\bonly\b|\blet's\b|\bi need\b|\bi want\b|\bi mean\b|\bactually\b|\bmake it\b|\bgive me\b|\b(?:move|change|switch|push|bump|reschedule) (?:it|that|this|them|my appointment|the appointment|my visit)?\b ?(?:to|for|until)\b|\bwant to\b|\bwould like\b|\b(?:is|are|would be|'s) (?:fine|good|great|ok|okay|best|better|perfect)\b",
    "es": r"[.;!?]|\bpero (?!no)|\bsino\b|\bmejor\b|\bprefiero\b|\bpodria\b|\bpuede\b|\bquisiera\b|\bquiero\b(?<!no quiero)|\bque tal\b|\bsolo\b|\bquiza\b|\btal vez\b|\bdigo\b",
}
_SOONEST = {
    "en": r"as soon as (?:possible|you can|i can|we can|you possibly can)|\basap\b|\bearliest\b|first (?:available|opening|slot|appointment)|soonest|next (?:available|opening|open)|"
    r"\bsoon\b|right away|immediately|as early as possible|sooner the better|at once|quickest|very next|fastest|sooner rather than later",
    "es": r"lo antes posible|cuanto antes|lo mas pronto(?: posible)?|primer[oa]? (?:hora|hueco|cita|turno|dia)? ?disponible|\bpronto\b|primera cita|la mas temprana|lo mas temprano|"
    r"primer hueco|lo mas cercano|enseguida|inmediatamente|la proxima disponible",
}
_LATEST = {
    "en": r"\blatest\b(?! by)|as late as (?:possible|you can)|last (?:appointment|slot|available|opening)(?: of the day)?|end of (?:the )?day",
    "es": r"lo mas tarde(?: posible)?|ultim[ao] (?:cita|hueco|hora|turno)(?: del dia)?",
}
_LATER = {
    "en": r"(?:later|after that|afterwards) (?:that|the same|in the|on that|on the same|this) day|later (?:on )?(?:that|the same) (?:morning|afternoon|day)|later in the day|later that",
    "es": r"mas tarde (?:ese|el mismo|en el|el) (?:mismo )?dia|mas tarde ese|despues ese mismo dia",
}
_EARLIER = {
    "en": r"(?:earlier|before that) (?:that|the same|in the|on that|on the same|this) day|earlier (?:on )?(?:that|the same) (?:morning|afternoon|day)|earlier in the day",
    "es": r"(?:mas temprano|antes) (?:ese|el mismo|en el) (?:mismo )?dia|mas temprano ese",
}
_SAME_TIME = {"en": r"same (?:time|hour)|that (?:same )?time", "es": r"(?:la )?misma hora|a esa hora|el mismo horario"}
_SAME_DAY = {
    "en": r"(?:that|the) same day|\bthat day\b|same date|same day",
    "es": r"(?:el|ese) mismo dia|\bese dia\b|la misma fecha",
}
_NEAR = {
    "en": r"\b(?:around|about|approximately|roughly|close to|near|ish|or so|circa)\b",
    "es": r"\b(?:a eso de|alrededor de|sobre|cerca de|hacia|mas o menos|como a|aproximadamente)\b",
}
_PLURAL = {
    "en": r"(?:mon|tues|wednes|thurs|fri|satur|sun)days\b|weekends\b|(?:any|every|each|all) $",
    "es": r"\bfines de semana\b|\blos (?:lunes|martes|miercoles|jueves|viernes|sabados|domingos)\b|(?:cualquier|cada|todos los) $",
}
_CORRECT = {
    "en": r"\b(?:no wait|wait no|wait|i mean|scratch that|sorry|make that|or rather|actually|no)\b",
    "es": r"\b(?:digo|perdon|mejor dicho|no espere|espere|quise decir|mejor|no)\b",
}
_HISTORY = {
    "en": r"\b(?:since|born|birthday|birth|dob|was(?! wondering| hoping| thinking| looking)|were(?! wondering| hoping)|had(?! hoped)|started|began|took|fell|saw|"
    r"called(?! to| about)|came|went|happened|prescribed|diagnosed|years? old|expired|gets? off|gets? out|lets? out|finish|off at|class ends|starts? work|how are (?:you|things)(?: doing)?|how's it going|"
    r"did you|visited|received|my appointment is|have an appointment|have a appointment|appointment (?:i have|was|is)|my visit is|scheduled for|booked for|supposed to)\b[^.;!?]*$",
    "es": r"\b(?:desde|naci|nacio|nacimiento|nacida|nacido|cumpleanos|fue|tuve|empezo|comenzo|tengo (?:una |mi )?cita|llame|vine|vi a|cumple|programada|agendada|mi cita es|como esta)\b[^.;!?]*$",
}
_IDIOM = {
    "en": r"\bgood (?:morning|afternoon|evening|night|day)\b|\b(?:have|having|enjoy) (?:a|your|the)(?: very)? (?:nice|good|great|lovely|wonderful|blessed|safe|pleasant|fantastic|happy|beautiful|rest of your) (?:day|weekend|week|morning|afternoon|evening|night|one|monday|friday)\b|\benjoy your (?:day|weekend|week|evening|night)\b|"
    r"\b(?:happy|nice|great|lovely|merry) (?:new year|christmas|easter|holidays|thanksgiving|monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekend)\b|"
    r"\bmorning[- ]after\b|\bmorning sickness\b|\bnight ?sweats?\b|\bnight shifts?\b|\bnight terrors?\b|\bday care\b|\b(?:my|the) name is \w+(?: \w+)?\b|\w+ (?:friday|monday|sunday|may|june|april) is my name\b|"
    r"\bsee you\b[^.;!?]*|\bfrom last \w+\b|\bthe (?:one|ones)\b|\bone (?:at a time|day i)\b|\bthese days\b|\bthe other day\b|\bone day\b|\bday (?:one|\d+) of\b",
    "es": r"\bbuen[oa]s? (?:dias?|tardes?|noches?)\b|\bfeliz \w+\b|\b(?:lleg\w+|es|muy|demasiado|mas) tarde\b|\bhasta (?:manana|luego|pronto|la vista)\b(?=[^a-z]*$)|"
    r"\bme llamo \w+(?: \w+)?\b|\bmi nombre es \w+(?: \w+)?\b|\bsudores nocturnos\b|\bel otro dia\b|\bpildora del dia despues\b|\bun dia de estos\b",
}
_TABLES = {
    "refuse_before": _REFUSE_BEFORE,
    "refuse_after": _REFUSE_AFTER,
    "clause": _CLAUSE,
    "idiom": _IDIOM,
    "soonest": _SOONEST,
    "latest": _LATEST,
    "later": _LATER,
    "earlier": _EARLIER,
    "same_time": _SAME_TIME,
    "same_day": _SAME_DAY,
    "near": _NEAR,
    "plural": _PLURAL,
    "history": _HISTORY,
    "correct": _CORRECT,
}


@lru_cache(maxsize=32)
def cue(name: str, base: str) -> "re.Pattern[str]":
    """Return the expression for a kind of cue in a language."""
    source = _TABLES[name][base]
    bounded = name in ("refuse_before", "refuse_after")
    return re.compile(rf"\b(?:{source})\b" if bounded else source)
