"""The nine rights and their words."""

import pytest

from law.language import LANGS, Lang, as_lang, as_words, say
from law.rights import Right, card, cards


def test_every_right_has_a_card_in_three_languages() -> None:
    """Nine cards in order, every text of each in nb, nn and en."""
    assert [found.right for found in cards()] == list(Right)
    for found in cards():
        texts = (found.name, found.ask, found.about, *found.answer)
        assert all(set(words) == set(LANGS) for words in texts)
        assert found.answer


def test_where_the_law_gives_no_ground_none_can_be_offered() -> None:
    """Arts. 7(3) and 77 know no refusal, no extension and no question of identity."""
    absolute = {found.right for found in cards() if not found.refusable}
    assert absolute == {Right.WITHDRAW_CONSENT, Right.COMPLAINT}
    assert not any(card(right).extendable or card(right).identity for right in absolute)


def test_doubt_about_identity_may_be_cleared_for_articles_15_to_21_only() -> None:
    """Art. 12(6) does not mention Art. 22."""
    assert {found.article for found in cards() if found.identity} == {"15", "16", "17", "18", "20", "21"}


def test_a_right_that_changes_systems_searches_them_first() -> None:
    """Find before erase; reading rights change nothing."""
    assert all(found.searches for found in cards() if found.changes)
    assert not card(Right.ACCESS).changes
    assert not card(Right.PORTABILITY).changes


def test_an_access_answer_covers_article_15() -> None:
    """Confirmation, (a) to (h), transfers and the copy: eleven rows."""
    assert len(card(Right.ACCESS).answer) == 11


def test_say_falls_back_to_bokmaal() -> None:
    """A text that lacks a language is still said."""
    assert [say({"nb": "ja", "en": "yes"}, lang) for lang in ("en", "nn")] == ["yes", "ja"]


@pytest.mark.parametrize(
    ("code", "lang"),
    [(None, "nb"), ("", "nb"), ("no", "nb"), ("nb-NO", "nb"), ("NN_no", "nn"), ("sv", "nb"), ("pl", "en")],
)
def test_a_language_tag_becomes_one_of_ours(code: str | None, lang: Lang) -> None:
    """Scandinavians get bokmål, others English, nobody nothing."""
    assert as_lang(code) == lang


@pytest.mark.parametrize("wrong", [{"nb": "a", "nn": "b"}, {"nb": "a", "nn": "b", "en": " "}, 1, None])
def test_a_text_in_fewer_than_three_languages_is_refused(wrong: object) -> None:
    """A catalogue cannot forget nynorsk."""
    with pytest.raises(ValueError, match="nb, nn and en"):
        as_words(wrong)
