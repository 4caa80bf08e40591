"""Pages that stand in front of the page: cookie walls, logins, paywalls, checks for robots, errors, empty shells."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from articles.importers.record import ParseError

_FEW_WORDS = 25
_LONGEST_NOTICE = 60


@dataclass(frozen=True)
class Wall:
    """What stands in front; `words` are those by which it was known."""

    name: str
    words: str


@dataclass(frozen=True)
class _Sort:
    name: str
    advice: str
    words: re.Pattern[str]
    # A page that says more than this beside the words of a wall only mentions it.
    most_words: float
    only_in_title: bool = False
    # Whether the rest of the text may be a part of the document.
    has_part: bool = True

    def match(self, passages: Iterable[str]) -> re.Match[str] | None:
        """The first of its words in a passage short enough to be a notice."""
        short = (passage for passage in passages if len(passage.split()) <= _LONGEST_NOTICE)
        return next(filter(None, map(self.words.search, short)), None)


def _any(*words: str) -> re.Pattern[str]:
    return re.compile("|".join(words), re.IGNORECASE)


SAVE_AGAIN = "Open the page in a browser, wait until its text is there, and save it again."
_SORTS = (
    _Sort(
        "an error page",
        "Look for the page at another address or in a web archive.",
        _any(
            r"^\W*404\b",
            r"\bpage (?:was )?not found\b",
            r"^not found$",
            r"\bpage (?:does not|doesn't|cannot|can't) (?:exist|be found)\b",
            r"\b(?:500 |internal )server error\b",
            r"\bbad gateway\b",
            r"\bservice unavailable\b",
            r"\baccount suspended\b",
            r"\bdomain (?:name )?is for sale\b",
            r"\b410 gone\b",
        ),
        most_words=300,
        only_in_title=True,
        has_part=False,
    ),
    _Sort(
        "a refusal by the site",
        SAVE_AGAIN,
        _any(
            r"\baccess (?:to this page has been |is )?denied\b",
            r"\b403\b.{0,20}\bforbidden\b",
            r"^forbidden$",
            r"\byou (?:have been|are) blocked\b",
            r"\byou don't have permission to access\b",
        ),
        most_words=300,
        only_in_title=True,
        has_part=False,
    ),
    _Sort(
        "a check for robots",
        SAVE_AGAIN,
        _any(
            r"\bjust a moment\.\.\.",
            r"\bchecking your browser\b",
            r"\bverify(?:ing)? (?:that )?you are (?:a )?human\b",
            r"\battention required! \| cloudflare\b",
            r"\bare you a (?:ro)?bot\b",
            r"\bi'm not a robot\b",
            r"\benable javascript and cookies to continue\b",
            r"\bunusual traffic from your\b",
            r"\bcaptcha\b",
            r"\bpress (?:and|&) hold\b",
            r"\bddos protection by\b",
        ),
        most_words=60,
        has_part=False,
    ),
    _Sort(
        "a login page",
        "Log in and save the page again.",
        _any(
            r"^(?:log|sign) ?in$",
            r"\b(?:log|sign) ?in (?:to (?:continue|read|view|access|see)|first)\b",
            r"\b(?:log|sign) ?in or (?:register|sign up|subscribe) to (?:continue|read|view|access|see)\b",
            r"\b(?:please|you (?:must|need to|have to)) (?:be )?(?:log(?:ged)?|sign(?:ed)?) ?in\b",
            r"\bcreate (?:a free|an) account to (?:continue|read|view)\b",
        ),
        most_words=150,
    ),
    _Sort(
        "a paywall",
        "Save the page where you can read all of it.",
        _any(
            r"\bsubscribe (?:now )?(?:to|and) (?:continue|read|keep|unlock|get (?:full|unlimited))\b",
            r"\bto (?:continue|keep) reading\b",
            r"\bto read the (?:full|rest of the|rest of this|whole|complete) (?:story|article|text)\b",
            r"\b(?:article|story|content) is (?:only )?(?:for|available (?:only )?to) (?:subscribers|members)\b",
            r"\balready a (?:subscriber|member)\?",
            r"\bstart your free trial\b",
            r"\bunlock (?:this|the full) (?:article|story)\b",
            r"\bsubscribers only\b",
            r"\bmembers only\b",
            r"\bpurchase (?:instant )?access\b",
            r"\b(?:buy|rent) this article\b",
            r"\bget (?:full )?access to this article\b",
            r"\byou have (?:reached|read) your .{0,30}\bfree articles?\b",
        ),
        most_words=math.inf,
    ),
    _Sort(
        "a cookie wall",
        "Accept or refuse the cookies in a browser and save the page again.",
        _any(
            r"\b(?:accept|allow|consent to|agree to)(?: all| the use of| our| these)* cookies\b",
            r"\bwe (?:and our (?:\d+ )?partners )?(?:use|store) (?:and/or access )?cookies\b",
            r"\bcookie (?:settings|consent)\b",
            r"\bwe (?:value|care about|respect) your privacy\b",
            r"\bbefore you continue\b",
        ),
        most_words=_FEW_WORDS - 1,
    ),
    _Sort(
        "an empty shell that scripts fill",
        SAVE_AGAIN,
        _any(
            r"\b(?:enable|turn on|activate|requires?|needs?|without) javascript\b",
            r"\bjavascript (?:is |must be |to be )(?:required|disabled|enabled|turned off)\b",
            r"^loading\b",
        ),
        most_words=60,
    ),
)


def is_notice(passage: str) -> bool:
    """Whether a passage is no text of the document but the wall's own, such as "Subscribe to continue reading"."""
    return len(passage.split()) <= _LONGEST_NOTICE and any(
        sort.words.search(passage) for sort in _SORTS if not sort.only_in_title
    )


def find(*, titles: list[str], kept: list[str], seen: list[str], words_left: int) -> Wall | None:
    """The wall in front of a page of which a part can be read; None where there is none.

    `titles` are the page's titles and headings, `kept` its passages, `seen` everything on it, also what stands in
    banners or for browsers without scripts; `words_left` counts the words of its text without the wall's own. Raises
    `ParseError` where nothing of the document is there.
    """
    for sort in _SORTS:
        inside = kept if words_left >= _FEW_WORDS else seen
        match = sort.match(titles if sort.only_in_title else [*titles, *inside])
        if match is None or words_left > sort.most_words:
            continue
        if words_left < _FEW_WORDS or not sort.has_part:
            raise ParseError(f'The page is {sort.name}: it says "{match.group()}". {sort.advice}')
        return Wall(sort.name, match.group())
    return None
