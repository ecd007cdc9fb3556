"""E-mail addresses said aloud, as they are written."""


def written(spoken: str) -> str:
    """Return a spoken e-mail address as it is written.

    >>> written("ana dot ruiz at gmail dot com")
    'ana.ruiz@gmail.com'
    """
    signs = {
        "dot": ".",
        "punto": ".",
        "period": ".",
        "underscore": "_",
        "dash": "-",
        "hyphen": "-",
        "guion": "-",
        "plus": "+",
    }
    signs |= {"at": "@", "arroba": "@"}
    return "".join(signs.get(word, word) for word in spoken.lower().replace(",", " ").split())
