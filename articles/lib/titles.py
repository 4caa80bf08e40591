"""Titles as they are compared: what two typists write differently does not count."""

import re
import unicodedata

_NO_WORD = re.compile(r"[\W_]+")
_LONGEST = 300


def key(title: str) -> str:
    """The title without case, accents, punctuation and spacing; at most 300 characters.

    A title of signs alone has no words to compare: it is its own key.
    """
    plain = "".join(sign for sign in unicodedata.normalize("NFKD", title.casefold()) if not unicodedata.combining(sign))
    return (_NO_WORD.sub(" ", plain).strip() or title)[:_LONGEST].strip()
