"""Answer a question from a company's documents, in their own words, or say honestly that they do not answer
it."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from knowledge.asides import aside
from knowledge.asked import Asked
from knowledge.citing import MOST_CITATIONS, citations, cite, cite_from_the_start, near_the_best, sides
from knowledge.confidence import Model, default_model, figures
from knowledge.documents import Document, Passage
from knowledge.lawful import Statute, by_law, told_instead, touching
from knowledge.likeness import Likeness
from knowledge.notes import spoken_of, told_by
from knowledge.question import Query
from knowledge.reading import TOLD_ALONE, Reading, worth
from knowledge.replies import Answer, Citation, NoAnswer, Why
from knowledge.reviewed import Reviewed, answering, clause_of, fingerprints
from knowledge.search import Found, Search
from knowledge.topics import topics
from knowledge.views import Weights
from knowledge.wording import clause, sentence, where
from law.language import LANGS, Lang, as_lang, say
from law.rights import Right
from operators.languages import detect
from operators.profile import Conflict, Operator

__all__ = ["Answer", "Citation", "Knowledge", "NoAnswer", "Why"]

SURE: Final = 0.75
"""Confidence from which a document is quoted alone although the law answers the question by itself; below it the
law is told first."""

PLAINLY: Final = 0.75
"""Probability from which the law is told first, however sure it is that the document answers too."""

PLAIN: Final = 0.7
"""Square root of the probability of a topic from which a question without any telling word is one all the same."""

ALL_LITTLE: Final = 6
"""Words that make a question even where each is a little one («where do you have what you have about me from»)."""

RIGHT_ENOUGH: Final = 0.6
"""Square root of the probability from which a question suggests that the person may want a right carried out."""


class Knowledge:
    """What one company's documents and profile say, ready to be asked."""

    def __init__(
        self,
        operator: Operator,
        documents: Sequence[Document],
        asked: Asked | None = None,
        model: Model | None = None,
        weights: Weights | None = None,
    ) -> None:
        self.operator = operator
        self.documents = tuple(documents)
        self._told = told_by(operator)
        self._spoken = spoken_of(self._told)
        self.fingerprints = fingerprints(documents)
        self._telling = Likeness([(told.id, words) for told in self._told for words in told.words.values()])
        self._model = model or default_model(asked=asked is not None)
        self._readings = {
            lang: Reading(operator, self._told, self._in(lang), asked, weights) for lang in self._langs()
        }

    def ask(
        self, question: str, lang: str | None = None, *, reviewed: Sequence[Reviewed] = ()
    ) -> Answer | NoAnswer:
        """Answer one question; `lang` (nb, nn, en) where the conversation has one, else the question's own.

        A company that has its documents in several languages is read in the asker's. One of the `reviewed`
        answers, which people there wrote, goes first where it surely answers just this; the newest first.
        """
        said = spoken(question, lang)
        reading = self._reading(said)
        query = reading.search.query(question)
        beside = aside(question)
        if len(query.words) < ALL_LITTLE and not _is_telling(query):
            why = Why.CHIT_CHAT if beside == Why.CHIT_CHAT else Why.EMPTY
            return NoAnswer(why, sentence(said, "no_answer", why), said, handoff=False)
        if beside == Why.INJECTION:
            return NoAnswer(Why.INJECTION, sentence(said, "no_answer", "injection"), said, handoff=False)
        written = answering(question, said, reviewed, self.fingerprints)
        if written is not None:
            return self._by_person(written, question, query, said)
        right = self._right(query)
        found = reading.search.find(query, MOST_CITATIONS)
        if not found:
            return self._from_register(query, said, right, beside)
        model = self._model
        sure = model.confidence(
            figures(reading.search, query, found, self._spoken, is_aside=beside is not None)
        )
        statute = None if beside else by_law(query, said)
        right = right or (statute.right if statute else None)
        if statute and sure < model.threshold:
            nearest = cite(self.operator.id, reading.search, query, found[0])
            return _answered_by_law(statute, said, right, sure=sure, nearest=nearest)
        if sure < model.threshold or self._is_silent_on(query):
            return self._decline(reading, query, said, found, sure, right, beside)
        first = statute if statute and (sure < SURE or statute.probability >= PLAINLY) else None
        return self._answer(reading, query, said, found, sure, right, first)

    @property
    def threshold(self) -> float:
        """The confidence from which the documents are taken to answer, 0 to 1."""
        return self._model.threshold

    def passages(self, lang: Lang) -> tuple[Passage, ...]:
        """Return every passage of the documents that are read for a question in `lang`."""
        return self._reading(lang).search.passages

    def nearest(self, question: str, lang: Lang, top: int) -> tuple[Passage, ...]:
        """Return the `top` passages that fit a question best, best first, whether or not they answer it."""
        search = self._reading(lang).search
        return tuple(found.passage for found in search.find(search.query(question), top))

    def conflict(self, question: str, lang: Lang, passage: Passage) -> Conflict | None:
        """Return the conflict with the law, or with another clause, that quoting a passage runs into."""
        query = self._reading(lang).search.query(question)
        return touching(self.operator.conflicts, passage, query.topics)

    def _by_person(self, written: Reviewed, question: str, query: Query, lang: Lang) -> Answer:
        """What a person at the company wrote, the clause it rests on, and what the law says where that goes first."""
        parts = [written.text_in(lang) or "", sentence(lang, "answer", "by_person")]
        citation, conflict, id = None, None, self.operator.id
        for search in (reading.search for reading in self._readings.values() if written.bound):
            among = [p for p in search.passages if written.bound and clause_of(p) == written.bound.clause]
            if among:
                asked = search.query(question)
                found = next(iter(search.find(asked, 1, among=among)), None)
                citation = (
                    cite(id, search, asked, found) if found else cite_from_the_start(id, search, among[0])
                )
                near = (touching(self.operator.conflicts, p, query.topics) for p in among)
                conflict = next((one for one in near if one), None)
                break
        if conflict:
            parts.append(told_instead(conflict, lang))
        return Answer(
            text=" ".join(parts),
            lang=lang,
            confidence=1.0,
            citations=(citation,) if citation else (),
            suggests=self._right(query) or (conflict.right if conflict else None),
            handoff=bool(conflict and conflict.against),
            reviewed=written.id,
        )

    def _reading(self, lang: str) -> Reading:
        return self._readings.get(lang) or next(iter(self._readings.values()))

    def _langs(self) -> tuple[str, ...]:
        """Return the languages that all documents can be read in; "" alone where they are read as they
        come."""
        counts = Counter(document.lang for document in self.documents)
        whole = max(counts.values(), default=0)
        if len(counts) > 1 and min(counts.values()) == whole:
            return tuple(counts)
        return ("",)

    @property
    def search(self) -> Search:
        """The documents, in the first of the languages they can be read in."""
        return next(iter(self._readings.values())).search

    def _in(self, lang: str) -> tuple[Document, ...]:
        return tuple(document for document in self.documents if not lang or document.lang == lang)

    def _answer(
        self,
        reading: Reading,
        query: Query,
        lang: Lang,
        found: Sequence[Found],
        sure: float,
        right: Right | None,
        statute: Statute | None,
    ) -> Answer:
        best = found[0]
        near = near_the_best(found)
        likeness = self._telling.of(query.words)
        told = reading.sentence(query, likeness, [f.passage for f in near])
        parts = (
            [say(told.words, lang)]
            if told
            else [sentence(lang, "answer", "found", where=where(lang, best.passage))]
        )
        said = dict.fromkeys(told.topics, 1.0) if told else {}
        conflict = touching(self.operator.conflicts, best.passage, {**query.topics, **said})
        both = sides(reading.search, query, conflict) if conflict and conflict.against else []
        if both:
            near, parts = both, []
        if conflict:
            parts.append(told_instead(conflict, lang))
        if statute:
            parts.insert(0, sentence(lang, "answer", "law", text=statute.text, article=statute.article))
        return Answer(
            text=" ".join(parts),
            lang=lang,
            confidence=round(sure, 3),
            citations=citations(self.operator.id, reading, query, near, likeness),
            suggests=right or (conflict.right if conflict else None),
            handoff=bool(conflict and conflict.against),
            law=statute.id if statute else None,
        )

    def _decline(
        self,
        reading: Reading,
        query: Query,
        lang: Lang,
        found: Sequence[Found],
        sure: float,
        right: Right | None,
        beside: str | None,
    ) -> NoAnswer:
        nearest = cite(self.operator.id, reading.search, query, found[0])
        if beside:
            why = Why(beside)
            text = sentence(lang, "no_answer", why)
            return NoAnswer(why, text, lang, round(sure, 3), nearest, right, handoff=False)
        silence = reading.sentence(query, self._telling.of(query.words), (), stated=False)
        why = Why.SILENT if silence or sure < self._model.threshold / 2 else Why.UNSURE
        text = say(silence.words, lang) if silence else sentence(lang, "no_answer", why)
        return NoAnswer(why, text, lang, round(sure, 3), nearest, right)

    def _from_register(
        self, query: Query, lang: Lang, right: Right | None, beside: str | None
    ) -> Answer | NoAnswer:
        """Answer without any document: from our record, naming the clause, and saying so."""
        likeness = self._telling.of(query.words)
        told = max(self._told, key=lambda t: worth(t, likeness, query), default=None)
        value = worth(told, likeness, query) if told else 0.0
        if told is None or beside or value < TOLD_ALONE:
            statute = None if beside else by_law(query, lang)
            if statute:
                return _answered_by_law(statute, lang, right)
            why = Why(beside) if beside else Why.SILENT
            return NoAnswer(why, sentence(lang, "no_answer", why), lang, suggests=right, handoff=not beside)
        if not told.stated:
            return NoAnswer(Why.SILENT, say(told.words, lang), lang, suggests=right)
        unseen = sentence(lang, "answer", "not_loaded", clause=clause(lang, told.clause))
        conflict = next(
            (c for c in self.operator.conflicts if c.clause == told.clause and c.topic in told.topics), None
        )
        instead = [told_instead(conflict, lang)] if conflict else []
        return Answer(
            text=" ".join([say(told.words, lang), *instead, unseen]),
            lang=lang,
            confidence=round(min(1.0, value), 3),
            citations=(),
            suggests=right,
            from_register=True,
        )

    def _is_silent_on(self, query: Query) -> bool:
        """Whether a question is plainly about what the profile calls the documents silent on."""
        plainest = max(query.topics, key=lambda t: query.topics[t], default=None)
        return plainest in self._spoken.silent and query.topics[plainest] >= RIGHT_ENOUGH

    @staticmethod
    def _right(query: Query) -> Right | None:
        """Return the right that the person may want carried out who asks this."""
        known = topics().topics
        best = max(query.topics, key=lambda t: query.topics[t], default=None)
        return known[best].right if best and query.topics[best] >= RIGHT_ENOUGH else None


def spoken(question: str, lang: str | None = None) -> Lang:
    """Return the language to answer in: `lang` where it is one of ours, else the question's own."""
    return as_lang(lang if lang in LANGS else detect(question))


def _is_telling(query: Query) -> bool:
    """Whether a question holds a word that carries meaning, or is plainly about something all the same."""
    return any(w.telling for w in query.words) or max(query.topics.values(), default=0.0) >= PLAIN


def _answered_by_law(
    statute: Statute, lang: Lang, right: Right | None, *, sure: float = 0.0, nearest: Citation | None = None
) -> NoAnswer:
    """What the law says where the documents do not."""
    text = sentence(lang, "no_answer", "law", text=statute.text, article=statute.article)
    return NoAnswer(Why.LAW, text, lang, round(sure, 3), nearest, right, law=statute.id)
