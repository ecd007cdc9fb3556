"""What a TwiML answer tells Twilio to do with a call, as far as a call to Careline needs it."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Mapping
from dataclasses import dataclass, field

from agent.calling.errors import NotAnswered


@dataclass(frozen=True, kw_only=True)
class Told:
    """A stream to connect to with its parameters; or what is said and who is dialled instead."""

    stream: str | None
    parameters: Mapping[str, str] = field(default_factory=dict)
    says: str = ""
    dials: str | None = None


def read_twiml(text: str) -> Told:
    """Read a TwiML document. NotAnswered: it is none."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise NotAnswered("the server's answer is not TwiML")
    try:
        response = ET.fromstring(text)  # noqa: S314 - entities were refused above
    except ET.ParseError:
        raise NotAnswered("the server's answer is not TwiML") from None
    stream = response.find("./Connect/Stream")
    dial = response.find("./Dial")
    return Told(
        stream=stream.get("url") if stream is not None else None,
        parameters={one.get("name", ""): one.get("value", "") for one in stream.iter("Parameter")}
        if stream is not None
        else {},
        says=" ".join(re.sub(r"\s+", " ", "".join(say.itertext())).strip() for say in response.iter("Say")),
        dials="".join(dial.itertext()).strip() if dial is not None else None,
    )
