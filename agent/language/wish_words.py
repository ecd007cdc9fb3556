"""Words around times that turn a wish: refusals, hurry, references to what was offered. Folded, as expressions."""

import re
from functools import lru_cache
from importlib.resources import files

_REFUSE_BEFORE = {
    "en": r"anything but|any day but|any time but|anytime but|everything but|all but|but not|not on|not at|not in|not(?! (?:ever |yet )?(?:been|seen|visited|a patient|an established)\b)|no(?= (?:\w+days|mornings|afternoons|evenings|nights|weekends|early|earlier|later|weekdays))|never(?! (?:ever |once )?(?:been|gone|had|seen|visited|come|used)\b)|except(?: for)?|"
    r"other than|besides|apart from|aside from|can't do|cannot do|can't make(?: it)?|cannot make(?: it)?|can't come(?: in)?|can't|cannot|cant|won't|wont|"
    r"don't want|(?:don't|do not|dont|please don't) (?:give|put|book|schedule|make)|do not want|dont want|isn't|avoid|rather not|instead of|don't like|unavailable|busy|not available|away|out of town|"
    r"doesn't work|no good|excluding|nothing|without|rather than|in place of|in lieu of|don't do|i work|i'm working|i have work",
    "es": r"menos|excepto|salvo|no puedo|no podria|no me va(?: bien)?|pero no|y no|no quiero|no(?= (?:los|las|por la|en la|por el|muy))|nunca(?! (?:he|ha|hemos|han|habia)\b)|cualquier dia menos|cualquiera menos|que no sea|"
    r"aparte de|fuera de|en vez de|en lugar de|ni|tampoco|ocupad[oa]|evitar|nada",
}
_REFUSE_AFTER = {
    "en": r"(?:is|are|was|would be|'s|s)? ?(?:also )?(?:doesn't|does not|doesnt|don't|do not|won't|wont|isn't|aren't|is not|are not|not|no) ?(?:really |going to )?"
    r"(?:work|works|good|possible|great|an option|do|suit|fit|ok|okay|available|be good)|(?:is|are|'s|s)? ?(?:a |an )?(?:no[- ]go|off the table|out of the question)|(?:is|are) (?:bad|out|impossible|taken|busy|terrible|a problem|too (?:early|late|soon|far))|"
    r"i can't|i cannot|i'm busy|i am busy|i work|i'm away|i'm working|is too (?:early|late)|won't do|(?:is|'s|are) (?:a |an |my |our |his |her |the )?(?:\w+ )?(?:holiday|birthday|anniversary|wedding|funeral|graduation|recital)|(?:i have|i've got|we have|we've got|i got|there's) (?:the|a|an|my|our|another|class|school|court|plans|something|stuff|practice|training|visitors|guests)",
    "es": r"(?:no me|no) (?:va|viene|sirve|funciona|puedo|conviene|queda|es posible)|(?:me )?es imposible|estoy ocupad[oa]|trabajo|imposible|es muy (?:tarde|temprano|pronto)|no(?=\s*(?:[.,;!?]|$))",
}
_CLAUSE = {
    "en": r"[.;!?]|\bso\b|\bbut (?!not)|\bhowever\b|\bmaybe\b|\bhow about\b|\bwhat about\b|\binstead(?! of)\b|\brather(?! not)\b|\bcould\b|\bcan (?:i|you|we)\b|\bi can\b|\bi'd\b|"
    r"\bplease\b|\bonly\b|\blet's\b|\bi need\b|\bi want\b|\bi mean\b|\bactually\b|\bmake it\b|\bgive me\b|\b(?:move|change|switch|push|bump|reschedule) (?:it|that|this|them|my appointment|the appointment|my visit)?\b ?(?:to|for|until)\b|\bwant to\b|\bwould like\b|\b(?:is|are|would be|'s) (?:fine|good|great|ok|okay|best|better|perfect)\b",
    "es": r"[.;!?]|\bpero (?!no)|\basi que\b|\bpor eso\b|\bentonces\b|\bsino\b|\bmejor\b|\bprefiero\b|\bpodria\b|\bpuede\b|\bquisiera\b|\bquiero\b(?<!no quiero)|\bque tal\b|\bsolo\b|\bquiza\b|\btal vez\b|\bdigo\b",
}
_SOONEST = {
    "en": r"as soon as (?:possible|you can|i can|we can|you possibly can)|\basap\b|\bearliest\b|first (?:available|opening|slot|appointment)|soonest|next (?:available|opening|open)|"
    r"(?<!too )\bsoon\b|right away|immediately|as early as possible|sooner the better|at once|quickest|very next|(?:whatever|whichever|what|anything)(?: \w+){0,3} first\b|comes up first|fastest|sooner rather than later",
    "es": r"lo antes posible|cuanto antes|lo mas pronto(?: posible)?|primer[oa]? (?:hora|hueco|cita|turno|dia)? ?disponible|\bpronto\b|primera cita|la mas temprana|lo mas temprano|"
    r"primer hueco|lo mas cercano|enseguida|inmediatamente|la proxima disponible",
}
_LATEST = {
    "en": r"(?<!at the )\blatest\b(?! by)|as late as (?:possible|you can)|last (?:appointment|slot|available|opening)(?: of the day)?|end of (?:the )?day",
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
    "en": r"\b(?:around|(?<!how )(?<!what )about|approximately|roughly|close to|near|or so|circa)\b|(?<![a-z])ish\b",
    "es": r"\b(?:a eso de|alrededor de|sobre|tipo|cerca de|hacia|mas o menos|como a|aproximadamente)\b",
}
_PLURAL = {
    "en": r"(?:mon|tues|wednes|thurs|fri|satur|sun)days\b|weekends\b|(?:any|every|each|all) $",
    "es": r"\bfines de semana\b|\blos (?:lunes|martes|miercoles|jueves|viernes|sabados|domingos)\b|(?:cualquier|cada|todos los) $",
}
_CORRECT = {
    "en": r"\b(?:no wait|wait no|wait|i mean|scratch that|sorry|i meant|meant to say|make that|or rather|or no(?=,)|actually|(?<!but )(?<!and )(?<!or )no)\b",
    "es": r"\b(?:digo|perdon|mejor dicho|no espere|espere|quise decir|mejor|(?<!pero )(?<!y )(?<!o )(?<!que )no)\b",
}
_HISTORY = {
    "en": r"\b(?:since|born|birthday|birth|dob|was(?! wondering| hoping| thinking| looking)|were(?! wondering| hoping)|had(?! hoped)|started|began|took|fell|saw|"
    r"called(?! to| about)|came|went|happened|prescribed|diagnosed|years? old|expired|gets? off|gets? out|lets? out|finish|off at|class ends|starts? work|(?:note|letter|results?|message|call|email|bill|charge|voicemail) from|turning|turns|turned|live|lives|living|died|passed away|retired|woke|wakes?(?: up)?|hurts?|i take|i'm taking|takes|gets in|gets here|flying|fly out|leaving|i leave|we leave|traveling|travelling|going away|moving|wedding|trip is|vacation (?:starts|begins|is)|how are (?:you|things)(?: doing)?|how's it going|"
    r"did you|visited|received|my appointment is|have an appointment|have a appointment|appointment (?:i have|was|is)|my visit is|scheduled for|booked for|supposed to)\b[^.;!?]*$",
    "es": r"\b(?:desde|naci|nacio|nacimiento|nacida|nacido|cumpleanos|fue|tuve|empezo|comenzo|tengo (?:una |mi )?cita|llame|vine|vi a|cumple|vivo|vive|murio|fallecio|salgo|sale|entro|termino|tomo|toma|me duele|duele|programada|agendada|mi cita es|como esta)\b[^.;!?]*$",
}
_IDIOM = {
    "en": r"\bgood (?:morning|afternoon|evening|night|day)\b|\b(?:have|having|enjoy) (?:a|your|the)(?: very)? (?:nice|good|great|lovely|wonderful|blessed|safe|pleasant|fantastic|happy|beautiful|rest of your) (?:day|weekend|week|morning|afternoon|evening|night|one|monday|friday)\b|\benjoy your (?:day|weekend|week|evening|night)\b|"
    r"\b(?:happy|nice|great|lovely|merry) (?:new year|christmas|easter|holidays|thanksgiving|monday|tuesday|wednesday|thursday|friday|saturday|sunday|weekend)\b|"
    r"\bmorning[- ]after\b|\bmorning sickness\b|\bnight ?sweats?\b|\bnight shifts?\b|\bnight terrors?\b|\bday care\b|\b(?:my|the) name is \w+(?: \w+)?\b|\w+ (?:friday|monday|sunday|may|june|april) is my name\b|"
    r"\bwhat(?:'s| is)(?: it)? (?:today|tomorrow)(?:'s date)?(?:[, ]+(?:is it )?\w+day\b)?|\bis (?:it|today) \w+day today\b|\bsee you\b[^.;!?]*|\bfrom last \w+\b|\bone (?:at a time|day i)\b|\bthese days\b|\bthe other day\b|\bone day\b|\bday (?:one|\d+) of\b(?! (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))|\b\d{1,5} (?:\w+ ){1,3}(?:street|avenue|ave|road|rd|lane|boulevard|blvd)\b|\b(?:option|number|choice|room|suite|apartment|apt|unit|extension|ext|zip(?: code)?|member id|id|line|code|pin|po box|box|grade|level|step|page|question|stage|phase|size|type) (?:number |is |# ?)?(?:\d{1,5}(?![\d-]| \d)|one|two|three|four|five|six|seven|eight|nine|ten)\b|\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten) out of (?:\d+|ten|five)\b|\b(?:one|a|two|just a) (?:sec|secs|second|seconds|moment|minute|min)\b(?! (?:past|before|after|to|of))|\b(?:any|all|both|either|none|two|one) of the (?:two|three|four|\d)\b",
    "es": r"\bbuen[oa]s? (?:dias?|tardes?|noches?)\b|\bfeliz \w+\b|\b(?:lleg\w+|es|muy|demasiado|mas) tarde\b(?! del?\b)|\bhasta (?:manana|luego|pronto|la vista)\b(?=[^a-z]*$)|"
    r"\bme llamo \w+(?: \w+)?\b|\bmi nombre es \w+(?: \w+)?\b|\bsudores nocturnos\b|\bel otro dia\b|\bpildora del dia despues\b|\bun dia de estos\b|\besta(?:ria)? (?:bien|perfect[oa]|genial|disponible|libre|excelente|ok)\b|\b(?:opcion|numero|habitacion|cuarto|consultorio|oficina|piso|codigo|calle|linea|pagina|talla) (?:numero |es |# ?)?(?:\d{1,5}(?![\d-]| \d)|un[oa]|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez)\b|\bun (?:segundo|momento|minuto|momentito|minutito)\b|\b(?:la|el|las|los) (?:primer[oa]?|segund[oa]|tercer[oa]?|cuart[oa]|ultim[oa]|quint[oa])(?= (?:por favor|porfa|esta|opcion)\b|\s*[.,!?]|\s*$)",
}
_NUMBER_EN = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
_ARRIVE = {
    "en": r"\b(?:can|could|i'll|will|should|might) (?:be|get|make it|arrive|come)(?: (?:there|in|here|over|to you))?\s*$",
    "es": r"\b(?:puedo|podria) (?:estar|llegar)(?: (?:ahi|alli|alla))?\s*$",
}
_NO_SOONER = {
    "en": r"\b(?:earliest|soonest)(?: time| day)? (?:that )?(?:i|we|he|she|they)\b[^,.;!?]{0,24}?\b(?:is|would be|'s)\s+(?:like |probably |on |at |the )*",
    "es": r"\blo mas (?:temprano|pronto) que (?:puedo|podria|podemos)\b[^,.;!?]{0,20}?\b(?:es|seria)\s+(?:a |el )?",
}
_NO_LATER = {
    "en": r"\blatest(?: time| day)? (?:that )?(?:i|we|he|she|they)\b[^,.;!?]{0,24}?\b(?:is|would be|'s)\s+(?:like |probably |on |at |the )*",
    "es": r"\blo mas tarde que (?:puedo|podria|podemos)\b[^,.;!?]{0,20}?\b(?:es|seria)\s+(?:a |el )?",
}
_GLUED = {"en": rf"\b({_NUMBER_EN}|thirty|fifteen|forty|noon)-?(ish)\b", "es": r"\b(a)(las \d)"}
_SPLIT = {
    "en": rf"\b(or|and) (after|before)(?= (?:about |around |the )?(?:\d|noon|lunch|midday|work|school|{_NUMBER_EN})\b)",
    "es": r"\b(o|y) (despues|antes)(?= del? (?:las? )?(?:\d|\w+))",
}
_PRONOUN = {
    "en": r"(?=one)(?:(?<=\bthe )|(?<=\bthat )|(?<=\bthis )|(?<=\bany )|(?<=\bother )|(?<=\banother )|(?<=\bfirst )|(?<=\bsecond )|(?<=\bthird )|(?<=\bfourth )|(?<=\blast )|(?<=\bnext )|(?<=\bearly )|"
    r"(?<=\blate )|(?<=lier )|(?<=later )|(?<=est )|(?<=\bmiddle )|(?<=morning )|(?<=afternoon )|(?<=evening )|(?<= am )|(?<= pm )|(?<=\dam )|(?<=\dpm )|(?<=clock )|(?<=thirty )|(?<=fifteen )|(?<=forty five )|"
    r"(?<=\d\d )|(?<=yes )|(?<=yeah )|(?<=good )|(?<=only )|(?<=just )|(?<=there )|(?<=have )|(?<=got )|(?<=get )|(?<=book )|(?<=need )|(?<=want )|(?<=which )|(?<=make )|(?<=schedule )|(?<=find )|(?<=arrange )|(?<=reserve )|(?<=request )|(?<=set up )|(?<=\dth )|(?<=teenth )|(?<=the monday )|(?<=the tuesday )|"
    r"(?<=the wednesday )|(?<=the thursday )|(?<=the friday )|(?<=the saturday )|(?<=the sunday ))ones?\b(?! (?:o'?clock|thirty|fifteen|forty|p\.?m|pm))|(?<!\bat )(?<!\bby )(?<!around )(?<!about )(?<!before )(?<!after )(?<!from )(?<!until )(?<!\bto )(?<!\band )(?<!\bor )(?<!day )(?<!\bsay )(?<!\d\d )(?<!th )\bone(?= (?:for (?!me\b|us\b)|that|which|who|near)\b)|\bone(?= (?:more|thing|person|question|of the|of those|of them)\b)",
    "es": r"(?=un)(?:(?<=\bel )|(?<=\botro )|(?<=\botra )|(?<=\bsolo )|(?<=\bhay )|(?<=\btiene ))un[oa]\b(?! (?:y|de la|en punto))",
}
_OR_NEXT = {
    "en": r"\bor (?:maybe )?(?:the )?(?:day after(?: that)?|next day|following day)\b(?! tomorrow)",
    "es": r"\bo (?:tal vez )?(?:pasado(?! manana)|(?:el|al) (?:dia )?siguiente|(?:el|al) otro dia)\b",
}
_NEXT_DAY = {
    "en": r"\b(?:the )?(?:next|following) day\b(?! after)|\bthe day after(?: that| it)?\b(?! (?:tomorrow|the|my|next|\w+day))",
    "es": r"\b(?:el|al) (?:dia siguiente|siguiente dia|otro dia)\b|\bel dia despues\b",
}
_BIT_LATER = {
    "en": r"\b(?:a (?:bit|little|tad)(?: bit)?|slightly|somewhat|little|bit|anything|something|any) later(?! (?:this|next|in the (?:week|month)))\b",
    "es": r"\b(?:un (?:poco|poquito)|poquito|algo) (?:mas tarde|despues)\b",
}
_BIT_EARLIER = {
    "en": r"\b(?:a (?:bit|little|tad)(?: bit)?|slightly|somewhat|little|bit|anything|something|any) earlier(?! (?:this|next|in the (?:week|month)))\b",
    "es": r"\b(?:un (?:poco|poquito)|poquito|algo) (?:mas temprano|antes)\b(?! (?:de|del)\b)",
}
_WORKDAYS = {
    "en": r"\bweek ?days?\b(?! (?:from|after|ago))",
    "es": r"\bentre semana\b|\bdias? (?:de semana|laborables)\b|\bde lunes a viernes\b",
}
_COUNTED = {
    "en": r"\s*(?:\w+\s+)?(?:people|persons?|patients?|kids?|children|adults|of (?:us|them)|things?|questions?|years?|months?|weeks?|days?|hours?|minutes?|mins?|seconds?|secs?|dollars|bucks|cents|pills?|doctors?|"
    r"appointments?|visits?|insurances?|options?|times|more|others?|percent|degrees|pounds|miles|blocks|street|st|avenue|ave|road|rd|drive|lane|floors?|main|oak|sons?|daughters?|boys?|girls?)\b|\s*(?:and a half\s*$|out of\b|-year)",
    "es": r"\s*(?:\w+\s+)?(?:personas?|pacientes?|hijos?|hijas?|ninos?|ninas?|anos?|meses|mes|semanas?|dias?|horas?|minutos?|segundos?|dolares|pesos|pastillas?|preguntas?|citas?|cosas?|veces|piso|calle|opciones|mas)\b",
}
_ASKED_NUMBER = {
    "en": r"\b(?:do you have|have you got|do you have anything|is there|how about|what about|can you do|could you do|can we do|could we do|can i do|would|or maybe|maybe|make (?:it|that)|try|say|let's say|i said|rather|prefer|better)\s+$",
    "es": r"(?:¿|^|[,.;] ?)(?:tiene|tendria|hay|habria|y)(?: a)?(?: las?)?\s+$|\b(?:que tal|puede ser|podria ser|tal vez|mejor|prefiero|digamos)(?: a)?(?: las?)?\s+$",
}
_CHOSEN_NUMBER = {
    "en": r"\s*(?:it is|it'll be|it shall be|will do|works|sounds (?:good|great|fine|perfect)|is (?:good|fine|great|perfect|ok|okay|best|better)|would (?:work|be (?:good|great|fine|perfect|best)))\b",
    "es": r"\s*(?:esta bien|me (?:va|viene|queda) (?:bien|mejor|perfecto)|seria (?:ideal|perfecto|mejor)|entonces)\b",
}
_BEFORE_IT = {
    "en": r"\bbefore (?:that|then|i (?:go|leave|fly)|we (?:go|leave|fly)|my (?:trip|flight))\b",
    "es": r"\bantes(?: de (?:eso|esa fecha|ese dia|irme|salir))?\b(?! del? (?!eso|ese|esa))",
}
_INSTEAD_IT = {
    "en": r"\b(?:make (?:it|that)|let's (?:do|say|make it)|put me down for|how about) (?:(?:on|for|the) )*$",
    "es": r"\b(?:mejor|que sea|pongamos|hagamosl[ao]|dejemosl[ao]) (?:(?:el|la|para) )*$",
}
_TABLES = {
    "instead_it": _INSTEAD_IT,
    "asked_number": _ASKED_NUMBER,
    "before_it": _BEFORE_IT,
    "chosen_number": _CHOSEN_NUMBER,
    "arrive": _ARRIVE,
    "no_sooner": _NO_SOONER,
    "no_later": _NO_LATER,
    "glued": _GLUED,
    "split": _SPLIT,
    "pronoun": _PRONOUN,
    "or_next": _OR_NEXT,
    "next_day": _NEXT_DAY,
    "bit_later": _BIT_LATER,
    "bit_earlier": _BIT_EARLIER,
    "workdays": _WORKDAYS,
    "counted": _COUNTED,
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


@lru_cache(maxsize=2)
def plain_words(base: str) -> frozenset[str]:
    """Return the words that may stand beside a bare number that is a time."""
    text = (files("agent.language") / "words" / "plain_words.txt").read_text(encoding="utf-8")
    rows = (line.split(":", 1) for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for lang, words in rows if lang == base for word in words.split())
