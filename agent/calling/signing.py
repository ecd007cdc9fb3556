"""Twilio's request signature: who knows the auth token can show that a request is Twilio's."""

import base64
import hashlib
import hmac
from collections.abc import Mapping

HEADER = "X-Twilio-Signature"


def signature(auth_token: str, url: str, form: Mapping[str, str] | None = None) -> str:
    """Return the signature of a request: HMAC-SHA1 over the exact URL and the form's fields, sorted by name.

    Source: https://www.twilio.com/docs/usage/security

    >>> form = {"CallSid": "CA1", "From": "+12125550117"}
    >>> signature("12345", "https://careline.example/twilio/voice", form)
    '4UeGrQxmoQxf4OeCpUcqeMxP8EQ='
    """
    said = url + "".join(name + value for name, value in sorted((form or {}).items()))
    return base64.b64encode(hmac.new(auth_token.encode(), said.encode(), hashlib.sha1).digest()).decode()
