"""Read an HTML body as a person sees it: lines of text, what is quoted or signature among them, and a clean copy."""

import re
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import nh3
from lxml import etree

from intake.email import charsets
from intake.email.html_walk import Line, Walk
from intake.email.styles import sheet

HTML_AT_MOST: Final = 600_000
"""Characters that are read; newsletters have a tenth of that."""

_TOO_DEEP: Final = object()
_MARKUP = re.compile(r"<[^<>]{0,2000}>")
_TAGS: Final = frozenset((
    "a", "b", "blockquote", "br", "caption", "code", "dd", "div", "dl", "dt", "em", "h1", "h2",
    "h3", "h4", "h5", "h6", "hr", "i", "li", "ol", "p", "pre", "s", "span", "strong", "sub", "sup",
    "table", "tbody", "td", "tfoot", "th", "thead", "tr", "u", "ul",
))  # fmt: skip
_ATTRIBUTES: Final = {"a": {"href"}, "td": {"colspan", "rowspan"}, "th": {"colspan", "rowspan"}}


@dataclass(frozen=True, slots=True)
class Html:
    """What is seen of an HTML body, and its copy for an officer: no remote content, no styles, nothing active."""

    lines: tuple[Line, ...]
    shown: str


def read_html(source: str) -> Html:
    """Return what a reader of `source` would see. Hidden text is left out of both; nothing is fetched.

    Letters in the colour of their ground are hidden too, unless the whole mail is written so: then it was a
    dark screen and no trick.
    """
    found = _read(source, colours=True)
    return found if any(line.text for line in found.lines) else _read(source, colours=False)


def _read(source: str, *, colours: bool) -> Html:
    root = _tree(source)
    if root is None:
        return Html((), "")
    if root is _TOO_DEEP:
        rows = _MARKUP.sub("\n", source[:HTML_AT_MOST]).split("\n")
        return Html(tuple(Line(row.strip()) for row in rows if row.strip()), "")
    walk = Walk(colours, _sheets(root))
    walk.run(root)
    markup = etree.tostring(root, encoding="unicode", method="html")
    shown = _cleaner().clean(markup)
    return Html(tuple(walk.lines), charsets.clean(shown).strip())


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(_TAGS),
        attributes={name: set(allowed) for name, allowed in _ATTRIBUTES.items()},
        clean_content_tags={"script", "style", "title", "iframe", "svg", "math", "object", "noscript"},
        url_schemes={"http", "https", "mailto", "tel"},
        url_relative="deny",
        link_rel="noopener nofollow noreferrer",
    )


def _tree(source: str) -> Any:
    """The tree; None where there is no element at all, `_TOO_DEEP` where the parser gave up.

    The size is bounded here, so that the parser need not do it (`huge_tree`: 2048 levels instead of 256).
    """
    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    try:
        root = etree.fromstring(source[:HTML_AT_MOST].encode("utf-8", errors="replace"), parser)
    except etree.LxmlError:  # nothing in it, or not to be read at all
        return None
    return (
        _TOO_DEEP
        if any("depth" in error.message for error in parser.error_log.filter_from_fatals())
        else root
    )


def _sheets(root: Any) -> dict[str, dict[str, str]]:
    css = "\n".join(element.text or "" for element in list(root.iter("style"))[:50])
    return sheet(css) if css else {}
