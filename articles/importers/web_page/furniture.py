"""What stands on a page but is not what the page says: menus, banners, hidden and repeated elements.

A class or an id tells what an element is where one of its words does and the rest are words of layout: "site-nav" is a
menu, "pain-related-questions" is no list of related pages.
"""

import re
from collections.abc import Iterator
from enum import Enum
from itertools import filterfalse, islice

from lxml import html

_SKIPPED = frozenset(
    {
        "audio", "canvas", "datalist", "embed", "frame", "frameset", "head", "iframe", "input", "link", "map", "meta",
        "meter", "noscript", "object", "optgroup", "option", "progress", "script", "select", "style", "svg",
        "template", "textarea", "title", "video", "amp-analytics", "amp-audio", "amp-iframe", "amp-video",
    }
)  # fmt: skip
_FURNITURE_TAGS = frozenset({"nav", "footer", "dialog", "search", "amp-sidebar"})
# In an article these introduce it or explain a part of it.
_FURNITURE_OUTSIDE_ARTICLES = frozenset({"aside", "header"})
_FURNITURE_ROLES = frozenset(
    {"alertdialog", "banner", "complementary", "contentinfo", "dialog", "menu", "menubar", "navigation", "search"}
)
_FURNITURE = frozenset(
    {
        "ad", "ads", "advert", "advertisement", "adverts", "breadcrumb", "breadcrumbs", "colophon", "comment",
        "comments", "footer", "lightbox", "login", "masthead", "menu", "menus", "modal", "nav", "navbar", "navigation",
        "newsletter", "offcanvas", "pager", "pagination", "popup", "related", "respond", "search", "searchform",
        "share", "sharedaddy", "sharing", "sidebar", "skip", "social", "socials", "sponsored", "submenu", "toolbar",
        "topbar",
    }
)  # fmt: skip
_LAYOUT = frozenset(
    {
        "area", "article", "articles", "bar", "blog", "block", "bottom", "box", "btn", "button", "buttons", "col",
        "container", "content", "desktop", "elementor", "form", "global", "header", "icon", "icons", "inner", "item",
        "items", "js", "left", "link", "links", "list", "main", "mobile", "module", "page", "post", "posts", "primary",
        "region", "right", "row", "secondary", "section", "site", "sticky", "the", "to", "top", "widget", "widgets",
        "wp", "wrap", "wrapper",
    }
)  # fmt: skip
_COOKIES = re.compile(
    r"cookie|\b(?:consent|gdpr|ccpa|onetrust|cky|cmplz|didomi|usercentrics|iubenda|truste|amp-consent)\b"
)
_HIDDEN_STYLE = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_HIDDEN = frozenset(
    {
        "d-none", "element-invisible", "hidden", "hide", "invisible", "is-hidden", "screen-reader-text", "slick-cloned",
        "sr-only", "swiper-slide-duplicate", "u-hidden", "visually-hidden",
    }
)  # fmt: skip
_SHOWN_WHERE_WIDE = re.compile(r"(?:d-\w+-|\w+:)(?:block|flex|inline\S*|grid|table\S*)")
# What a reader opens with a click belongs to the page.
_OPENED = frozenset(
    {
        "accordion", "accordions", "answer", "answers", "collapse", "collapsible", "expand", "expandable", "expander",
        "faq", "faqs", "pane", "panel", "panels", "tab", "tabs", "toggle",
    }
)  # fmt: skip
_OPENED_ROLES = frozenset({"tabpanel", "region"})
_WORDS = re.compile(r"[^a-z0-9]+")
_LONGEST_NAMES = 500
_HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})


class Place(Enum):
    """Where on a page an element stands."""

    TEXT = "text"
    FURNITURE = "furniture"
    COOKIES = "cookies"


class Furniture:
    """Tells of the elements of one page what they are."""

    def __init__(self, root: html.HtmlElement) -> None:
        self._opened_ids = frozenset(_ids_opened(root))
        self._protected = _around_main_text(root)

    def is_skipped(self, element: html.HtmlElement) -> bool:
        """Whether nobody reads it: scripts, form fields, and what is hidden for good."""
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIPPED or (tag in ("button", "label") and not self.is_opener(element)):
            return True
        return _is_hidden(element) and not self._is_opened(element)

    def place(self, element: html.HtmlElement) -> Place:
        """Where the element puts what is inside it, unless it stands inside furniture itself."""
        if element in self._protected or element.tag in ("html", "body"):
            return Place.TEXT
        names = list(_names(element))
        if element.tag == "amp-consent" or any(_COOKIES.search(name) for name in names):
            return Place.COOKIES
        if element.tag in _FURNITURE_TAGS or element.get("role", "").lower() in _FURNITURE_ROLES:
            return Place.FURNITURE
        if element.tag in _FURNITURE_OUTSIDE_ARTICLES and not _is_in_article(element):
            return Place.FURNITURE
        return Place.FURNITURE if any(_says_furniture(name) for name in names) else Place.TEXT

    def is_opener(self, element: html.HtmlElement) -> bool:
        """Whether a click on it opens a part of the text, whose heading it is then."""
        if element.tag == "summary":
            return True
        words = _words_of(element)
        if element.tag not in ("button", "label") and element.get("role") != "button":
            return False
        # Inside a heading, a button is how that heading is made to open its part.
        is_in_heading = any(parent.tag in _HEADINGS for parent in _around(element, 3))
        return (is_in_heading or element.get("aria-expanded") is not None or bool(words & _OPENED)) and not (
            words & _FURNITURE
        )

    def _is_opened(self, element: html.HtmlElement) -> bool:
        by_reference = element.get("id", "") in self._opened_ids or element.get("role") in _OPENED_ROLES
        return by_reference or bool(_words_of(element) & _OPENED)


def _is_hidden(element: html.HtmlElement) -> bool:
    hidden = element.get("hidden")
    if hidden is not None and hidden.lower() != "until-found":
        return True
    if element.get("layout") == "nodisplay" or _HIDDEN_STYLE.search(element.get("style", "")[:_LONGEST_NAMES]):
        return True
    classes = element.get("class", "")[:_LONGEST_NAMES].lower().split()
    return not _HIDDEN.isdisjoint(classes) and not any(_SHOWN_WHERE_WIDE.fullmatch(name) for name in classes)


def _names(element: html.HtmlElement) -> Iterator[str]:
    written = f"{element.get('class', '')[:_LONGEST_NAMES]} {element.get('id', '')[:_LONGEST_NAMES]}"
    return (name.lower().replace("_", "-") for name in written.split())


def _words_of(element: html.HtmlElement) -> set[str]:
    return {word for name in _names(element) for word in _WORDS.split(name)}


def _says_furniture(name: str) -> bool:
    words = {word for word in _WORDS.split(name) if word and not word.isdigit()}
    return not words.isdisjoint(_FURNITURE) and words <= _FURNITURE | _LAYOUT


def _around(element: html.HtmlElement, most: int) -> Iterator[html.HtmlElement]:
    return islice(element.iterancestors(), most)


def _is_in_article(element: html.HtmlElement) -> bool:
    return any(parent.tag in ("article", "main") for parent in _around(element, 30))


def _is_in_furniture(element: html.HtmlElement) -> bool:
    return any(
        parent.tag == "aside" or parent.tag in _FURNITURE_TAGS or any(map(_says_furniture, _names(parent)))
        for parent in _around(element, 30)
    )


def _ids_opened(root: html.HtmlElement) -> Iterator[str]:
    """The ids that buttons and links on the page lead to."""
    for element in root.iter("a", "button", "label", "div", "summary"):
        for name in ("aria-controls", "data-target", "data-bs-target", "href"):
            target = element.get(name, "")
            if name == "aria-controls" or target.startswith("#"):
                yield from target.removeprefix("#").split()


def _around_main_text(root: html.HtmlElement) -> set[html.HtmlElement]:
    """The elements that hold what a page is about, which are no furniture whatever they are called."""
    main = [*root.iter("main"), *root.xpath("//*[@role='main']")]
    main = main or list(islice(filterfalse(_is_in_furniture, root.iter("article")), 1))
    protected: set[html.HtmlElement] = set()
    for element in (*main, *root.iter("h1")):
        for around in (element, *element.iterancestors()):
            if around in protected:
                break
            protected.add(around)
    return protected
