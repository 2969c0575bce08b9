"""The pages' words: none is missing, none is left over from another language, none forgets a value."""

import re
import string

import pytest

from desk.rendering import HERE, TEMPLATES, catalogue, text
from desk.versions import Standing
from fulfilment.adapter import Action
from fulfilment.decisions import Flaw
from fulfilment.plan import Remark
from fulfilment.records import StepState
from intake.case import Act, State
from intake.email.mail import Authentic
from intake.email.placing import Reason
from intake.email.tricks import Trick
from law.language import LANGS, Lang
from operators.profile import Severity

FAMILIES = {
    "state.": State,
    "status.state.{}.title": State,
    "status.state.{}.body": State,
    "status.after.": State,
    "console.case.act.": Act,
    "console.mail.reason.": Reason,
    "console.case.actions.": Action,
    "console.case.remark.": Remark,
    "console.case.steps_state.": StepState,
    "console.case.flaw.": Flaw,
    "console.documents.standing.": Standing,
    "console.documents.severity.": Severity,
    "console.trust.authentic.": Authentic,
    "console.trust.trick.": Trick,
}


def values_of(entry: object) -> set[str]:
    """The names a text leaves open."""
    texts = [entry] if isinstance(entry, str) else list(entry.values()) if isinstance(entry, dict) else []
    return {name for one in texts for _, name, _, _ in string.Formatter().parse(one) if name}


@pytest.mark.parametrize("lang", LANGS)
def test_every_closed_set_has_its_words(lang: Lang) -> None:
    """A state, act, action, remark or flaw added without words would break a page."""
    for pattern, members in FAMILIES.items():
        for member in members:
            key = pattern.format(member.value) if "{}" in pattern else pattern + member.value
            assert key in catalogue(lang), (lang, key)


def test_a_text_leaves_the_same_values_open_in_every_language() -> None:
    """Else a name or a date would be missing in one of them, or be an error."""
    for key, entry in catalogue("nb").items():
        for lang in LANGS:
            given, wanted = values_of(catalogue(lang)[key]), values_of(entry)
            assert given <= wanted <= given | {"n"}, (lang, key)


def test_every_key_that_a_page_names_exists() -> None:
    """In the templates and in the code beside them."""
    named: set[str] = set()
    for path in TEMPLATES.rglob("*.html"):
        named |= set(re.findall(r"\bt\('([a-z_.]+[a-z_])'", path.read_text("utf-8")))
    for folder in ("console", "pages"):
        for path in (HERE / folder).glob("*.py"):
            named |= set(re.findall(r"\.say\(\s*\"([a-z_.]+)\"", path.read_text("utf-8")))
    assert len(named) > 150
    assert not {key for key in named if key not in catalogue("nb")}


def test_a_plural_follows_its_number() -> None:
    """One day, two days."""
    assert text("nb", "console.left", n=1) == "1 dag igjen"
    assert text("nn", "console.left", n=2) == "2 dagar igjen"


def test_no_template_holds_style_or_script() -> None:
    """The content security policy would refuse it, in silence."""
    for path in TEMPLATES.rglob("*.html"):
        source = path.read_text("utf-8")
        assert not re.search(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=", source), path.name
