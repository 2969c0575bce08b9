"""How often and how fast the right passage is found: `Knowledge.ask` beside bm25s, SQLite FTS5 and rapidfuzz.

With the labelled questions beside the project the four are scored; without, only their time is compared. Then the
search is timed over a hundred thousand passages.
"""

import gc
import importlib.util
import json
import resource
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import bm25s
import Stemmer
from rapidfuzz import fuzz, process

from knowledge.answers import Answer, Knowledge
from knowledge.documents import Passage
from knowledge.search import Search
from knowledge.shelf import load_knowledge
from operators.profile import load_all

SHARED = Path(__file__).resolve().parents[2] / "shared"
LONGEST = 400  # characters of a quotation
MANY = 100_000  # passages
T = TypeVar("T")
Question = Mapping[str, Any]
Asked = Callable[[Question], Sequence[str]]  # what is quoted first; any of it may be right


@dataclass(frozen=True, slots=True)
class Measured:
    """Milliseconds a question, half of them and 99 of 100 below; the share answered right first, if it is known."""

    half: float
    nearly_all: float
    right: float | None


def main() -> None:
    """Print one line for each way, and the ratios."""
    operators = load_all()
    cold, knowledge = timed(lambda: indexed(operators))
    warm, knowledge = timed(lambda: indexed(operators))
    passages = {name: tuple(passages_of(one)) for name, one in knowledge.items()}
    count = sum(map(len, passages.values()))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(
        f"{count} passages of {len(knowledge)} companies: {cold:.2f} s cold, {warm:.2f} s warm, {peak:.0f} MB in all"
    )
    labelled = SHARED / "devset" / "questions.jsonl"
    questions = labelled_questions(labelled) if labelled.is_file() else headings(passages)
    hit = scorer() if labelled.is_file() else None

    def ours(question: Question) -> Sequence[str]:
        reply = knowledge[question["operator"]].ask(question["question"], question.get("lang"))
        return [one.quote for one in reply.citations[:1]] if isinstance(reply, Answer) else []

    ways: dict[str, Asked] = {
        "Knowledge.ask": ours,
        "bm25s, stemmed": by_bm25s(passages),
        "SQLite FTS5": by_fts5(passages),
        "rapidfuzz token_set": by_rapidfuzz(passages),
    }
    results = {name: measure(ask, questions, hit) for name, ask in ways.items()}
    mine = results["Knowledge.ask"]
    for name, one in results.items():
        right = "" if one.right is None else f"{one.right:6.1%} right first  "
        times = "" if one is mine else f"  ours takes {mine.half / one.half:.1f} times as long"
        often = (
            f", is right {mine.right / one.right:.2f} times as often"
            if times and mine.right and one.right
            else ""
        )
        say(f"{name:20} {right}p50 {one.half:6.2f} ms  p99 {one.nearly_all:6.2f} ms{times}{often}")
    over_many(tuple(one for many in passages.values() for one in many), questions)


def over_many(passages: Sequence[Passage], questions: Sequence[Question]) -> None:
    """The same passages many times over, as one company's."""
    many = [replace(passages[i % len(passages)], position=i) for i in range(MANY)]
    seconds, search = timed(lambda: Search(many))
    took = sorted(timed(lambda q=one: search.find(search.query(q["question"])))[0] for one in questions)  # type: ignore[misc]
    say(
        f"{MANY} passages: indexed in {seconds:.0f} s, a question p50 {1000 * took[len(took) // 2]:.1f} ms,"
        f" p99 {1000 * took[int(0.99 * len(took))]:.1f} ms,"
        f" {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB in all"
    )


def indexed(operators: Mapping[str, Any]) -> dict[str, Knowledge]:
    """Every company's documents, read and ready."""
    return {name: load_knowledge(one, (SHARED / "seeds",)) for name, one in operators.items()}


def timed(do: Callable[[], T]) -> tuple[float, T]:
    """Seconds of computing, and what came of it."""
    started = time.process_time()
    made = do()
    return time.process_time() - started, made


def measure(ask: Asked, questions: Sequence[Question], hit: Callable[[Any, Any], bool] | None) -> Measured:
    """Every question once to warm up and once timed."""
    quoted = [ask(question) for question in questions]
    gc.collect()
    took = sorted(timed(lambda q=one: ask(q))[0] for one in questions)  # type: ignore[misc]
    half, nearly_all = (1000 * took[int(share * len(took))] for share in (0.5, 0.99))
    if hit is None:
        return Measured(half, nearly_all, None)
    asked = [(one, quotes) for one, quotes in zip(questions, quoted, strict=True) if one["answerable"]]
    right = sum(any(hit({"quote": quote}, one["gold"]) for quote in quotes) for one, quotes in asked)
    return Measured(half, nearly_all, right / len(asked))


def by_bm25s(passages: Mapping[str, Sequence[Passage]]) -> Asked:
    """bm25s with the Norwegian Snowball stemmer."""
    stemmer = Stemmer.Stemmer("norwegian")

    def tokens(texts: Sequence[str]) -> Any:
        return bm25s.tokenize(list(texts), stemmer=stemmer, stopwords=None, show_progress=False)

    found = {}
    for name, many in passages.items():
        found[name] = bm25s.BM25()
        found[name].index(tokens([one.text for one in many]), show_progress=False)

    def ask(question: Question) -> Sequence[str]:
        places, _ = found[question["operator"]].retrieve(
            tokens([question["question"]]), k=1, show_progress=False
        )
        return pieces(passages[question["operator"]][int(places[0, 0])].text)

    return ask


def by_fts5(passages: Mapping[str, Sequence[Passage]]) -> Asked:
    """SQLite's own full-text search, any word of the question."""
    database = sqlite3.connect(":memory:")
    for name, many in passages.items():
        database.execute(f'CREATE VIRTUAL TABLE "{name}" USING fts5(text)')
        database.executemany(f'INSERT INTO "{name}" VALUES (?)', [(one.text,) for one in many])  # noqa: S608

    def ask(question: Question) -> Sequence[str]:
        words = "".join(c if c.isalnum() else " " for c in question["question"]).split()
        match = " OR ".join(f'"{word}"' for word in words)
        query = f'SELECT text FROM "{question["operator"]}" WHERE text MATCH ? ORDER BY rank LIMIT 1'  # noqa: S608
        found = database.execute(query, (match,)).fetchone()
        return pieces(found[0]) if found else []

    return ask


def by_rapidfuzz(passages: Mapping[str, Sequence[Passage]]) -> Asked:
    """The likeness of sets of words."""

    def ask(question: Question) -> Sequence[str]:
        texts = [passage.text for passage in passages[question["operator"]]]
        found = process.extractOne(question["question"], texts, scorer=fuzz.token_set_ratio)
        return pieces(found[0]) if found else []

    return ask


def pieces(text: str) -> Sequence[str]:
    """A passage in quotable pieces: the others need not find the place in it, which is in their favour."""
    return [text[start : start + LONGEST] for start in range(0, len(text), LONGEST // 2)]


def passages_of(knowledge: Knowledge) -> Iterator[Passage]:
    """Every passage of a company's documents."""
    for document in knowledge.documents:
        yield from document.passages


def labelled_questions(path: Path) -> list[Question]:
    """The labelled questions."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def headings(passages: Mapping[str, Sequence[Passage]]) -> list[Question]:
    """Headings as questions, where there are no others."""
    found = [(name, one.heading) for name, many in passages.items() for one in many if one.heading]
    return [{"operator": name, "question": heading} for name, heading in dict.fromkeys(found)]


def scorer() -> Callable[[Any, Any], bool]:
    """What decides whether a quotation is right: the scorer that lies beside the labels."""
    file = SHARED / "devset" / "score_questions.py"
    spec = importlib.util.spec_from_file_location("score_questions", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    hit: Callable[[Any, Any], bool] = module.hit
    return hit


def say(line: str) -> None:
    """One line of the result."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
