"""Which elements of a web page belong to the document, and which to the site around it."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any, Final, get_args

from operators.languages import SPOKEN, Spoken, evidence

Element = Any
"""An element of lxml's tree, which has no types of its own."""

MOSTLY: Final = 0.5
"""Share of an element's text in links from which it leads elsewhere."""

ONLY: Final = 0.95
"""Share from which a list holds nothing but links."""

LEAST_LINKS: Final = 3


class Page:
    """A page's tree with what must be known of the whole to judge an element."""

    def __init__(self, root: Element) -> None:
        self.root = root
        self._controlled = {
            one for element in root.iter() for one in (element.get("aria-controls") or "").split()
        }
        self._lengths, self._links = _measured(root)
        self._titled = _above(root.iter("main", "h1"))
        self._asking = _above(
            one for one in root.iter("button", "input", "a") if one.tag != "a" or one.get("role") == "button"
        )
        self.main, self._chosen = self._main()
        self._length = self._lengths[self.main]

    def leaves_out(self, element: Element) -> bool:
        """Whether an element is no part of the document."""
        tag, words = element.tag, page_words()
        if not isinstance(tag, str) or tag in words["tags"]:
            return True
        if element.get("role") in words["roles"] or self._is_hidden(element):
            return True
        if set((element.get("class") or "").split()) & set(words["unseen"]):
            return True
        if (
            tag in words["around"]
            and not self._in_main(element)
            and self._lengths[element] < self._length * MOSTLY
        ):
            return True
        if tag in words["around"] and self._linked(element) > MOSTLY:
            return True
        if tag == "form":
            return self._lengths[element] < self._length * MOSTLY
        return self._is_site(element) or self._is_menu(element)

    def _main(self) -> tuple[Element, bool]:
        """Return the element that holds the document, and whether the page says that it does."""
        bodies = self.root.xpath("//body")
        body = bodies[0] if bodies else self.root
        marked = self.root.xpath("//main | //*[@role='main']")
        if marked:
            best = max(marked, key=self._lengths.__getitem__)
            if self._lengths[best]:
                return best, True
        articles = self.root.xpath("//article")
        if articles:
            best = max(articles, key=self._lengths.__getitem__)
            if self._lengths[best] >= self._lengths[body] * MOSTLY:
                return best, True
        return body, False

    def _in_main(self, element: Element) -> bool:
        """Whether an element stands in a part of the page that is content, where `header` heads a part."""
        if self._chosen:
            return True
        return any(above.tag in ("article", "section") for above in element.iterancestors())

    def _is_hidden(self, element: Element) -> bool:
        """Whether an element is never shown; what a button unfolds is."""
        if element.get("id") in self._controlled or element.get("role") in ("tabpanel", "region"):
            return False
        above = element.getprevious()
        if above is not None and any(unfolds(one) for one in above.iter("button")):
            return False
        style = re.sub(r"\s", "", element.get("style") or "").casefold()
        return (
            element.get("hidden") not in (None, "until-found")
            or element.get("aria-hidden") == "true"
            or "display:none" in style
            or "visibility:hidden" in style
        )

    def _is_site(self, element: Element) -> bool:
        named = _names(element)
        if not named or element.tag in ("html", "body", "main", "article", "h1"):
            return False
        words = page_words()
        if self._lengths[element] >= self._length * MOSTLY or element in self._titled:
            return False
        if named & set(words["asks_consent"]):
            return element in self._asking
        return bool(named & set(words["leads_elsewhere"])) and self._linked(element) > MOSTLY

    def _is_menu(self, element: Element) -> bool:
        """Whether a list holds nothing but links: to this page, or, where no main content is marked, away."""
        if element.tag not in ("ul", "ol"):
            return False
        if self._linked(element) < ONLY:
            return False
        links = [one for one in element.iter("a") if one.get("href")]
        if len(links) < LEAST_LINKS:
            return False
        return not self._chosen or all(link.get("href").startswith("#") for link in links)

    def _linked(self, element: Element) -> float:
        whole = self._lengths[element]
        return self._links[element] / whole if whole else 0.0


def _above(elements: Iterable[Element]) -> set[Element]:
    """Return the elements and all that stand around them."""
    found: set[Element] = set()
    for element in elements:
        for one in (element, *element.iterancestors()):
            if one in found:
                break
            found.add(one)
    return found


def _measured(root: Element) -> tuple[dict[Element, int], dict[Element, int]]:
    """Return how many characters of text each element holds, and how many of them are links."""
    lengths: dict[Element, int] = defaultdict(int)
    links: dict[Element, int] = defaultdict(int)
    for element in reversed(list(root.iter())):
        silent = element.tag in ("script", "style", "template", "noscript")
        own = 0 if silent else lengths[element] + len((element.text or "").strip())
        lengths[element] = own
        links[element] = own if element.tag == "a" else links[element]
        above = element.getparent()
        if above is not None:
            lengths[above] += own + len((element.tail or "").strip())
            links[above] += links[element]
    return lengths, links


def language(root: Element, main: Element, text: str) -> Spoken | None:
    """Return the language the page says it is in, of those we know; «no» is told by the text."""
    said = next(
        (
            code
            for element in (main, *main.iterancestors())
            if (code := element.get("lang") or element.get("{http://www.w3.org/XML/1998/namespace}lang"))
        ),
        "",
    )
    code = re.split(r"[-_]", said.strip().casefold())[0]
    if code in ("no", "nor"):
        scores = evidence(text)
        return "nn" if scores["nn"] > scores["nb"] else "nb"
    code = page_words()["languages"].get(code, code)
    return next((one for one in get_args(Spoken) if one == code), None) if code in SPOKEN else None


def is_own_link(element: Element) -> bool:
    """Whether a link is the sign beside a heading that leads to that heading."""
    return element.tag == "a" and "".join(element.itertext()).strip() in page_words()["own_link"]


def unfolds(element: Element) -> bool:
    """Whether a button shows and hides the text below it, and so heads it."""
    return element.tag == "button" and (
        element.get("aria-expanded") is not None or element.get("aria-controls") is not None
    )


@cache
def page_words() -> dict[str, Any]:
    """Return the words of page.toml."""
    return tomllib.loads(Path(__file__).with_name("page.toml").read_text(encoding="utf-8"))


def _names(element: Element) -> set[str]:
    """Return the words that an element's class and id are made of, in small letters."""
    said = f"{element.get('class') or ''} {element.get('id') or ''}"
    return {word.casefold() for word in re.findall(r"[A-ZÆØÅ]?[a-zæøå]+|[A-ZÆØÅ]+(?![a-zæøå])", said)}
