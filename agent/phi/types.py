"""Our kinds of value in the words of the `redact` probe (HIPAA's eighteen identifiers)."""

_TYPES = {
    "PERSON": "NAME", "BORN": "DATE", "ADDRESS": "LOC", "POSTCODE": "LOC", "PLACE": "LOC", "MEMBER": "HPID",
    "ACCOUNT": "ACCT", "LICENSE": "LIC", "PLATE": "VEH", "DEVICE": "DEV",
}  # fmt: skip


def type_of(kind: str) -> str:
    """Return the public type of a kind: NAME, DATE, PHONE, FAX, EMAIL, LOC, SSN, MRN, HPID, ACCT, ..."""
    return _TYPES.get(kind, kind)
