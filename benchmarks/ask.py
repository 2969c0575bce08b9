"""How often and how fast the right passage is found: `Knowledge.ask` against rapidfuzz over the same passages.

With the labelled questions beside the project the two are scored; without, only their time is compared.
"""

import importlib.util
import json
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz, process

from knowledge.answers import Answer, Knowledge
from knowledge.documents import Passage
from knowledge.shelf import load_shelf
from operators.profile import load_all

SHARED = Path(__file__).resolve().parents[2] / "shared"
LONGEST = 400  # characters of a quotation
Question = Mapping[str, Any]
Asked = Callable[[Question], Sequence[str]]  # what is quoted first; any of it may be right


def main() -> None:
    """Print one line for each way, and the ratios."""
    started = time.process_time()
    knowledge = {
        name: Knowledge(operator, load_shelf(operator, (SHARED / "seeds",)))
        for name, operator in load_all().items()
    }
    passages = {name: tuple(passages_of(one)) for name, one in knowledge.items()}
    count = sum(map(len, passages.values()))
    say(f"{count} passages of {len(knowledge)} companies indexed in {time.process_time() - started:.2f} s")
    labelled = SHARED / "devset" / "questions.jsonl"
    questions = labelled_questions(labelled) if labelled.is_file() else headings(passages)
    hit = scorer() if labelled.is_file() else None

    def ours(question: Question) -> Sequence[str]:
        reply = knowledge[question["operator"]].ask(question["question"], question.get("lang"))
        return [one.quote for one in reply.citations[:1]] if isinstance(reply, Answer) else []

    def baseline(question: Question) -> Sequence[str]:
        """The whole passage in quotable pieces: it need not find the place in it, which is in its favour."""
        texts = [passage.text for passage in passages[question["operator"]]]
        found = process.extractOne(question["question"], texts, scorer=fuzz.token_set_ratio)
        text = found[0] if found else ""
        return [text[start : start + LONGEST] for start in range(0, len(text), LONGEST // 2)]

    mine, theirs = measure(ours, questions, hit), measure(baseline, questions, hit)
    for name, (seconds, rate) in (("Knowledge.ask", mine), ("rapidfuzz token_set", theirs)):
        right = "" if rate is None else f"{rate:6.1%} right first  "
        say(f"{name:22}{right}{1000 * seconds / len(questions):7.2f} ms a question")
    if mine[1] is not None and theirs[1]:
        say(
            f"{'ratio':22}{mine[1] / theirs[1]:6.2f} times as often, {mine[0] / theirs[0]:.2f} times the time"
        )
    else:
        say(f"{'ratio':22}{mine[0] / theirs[0]:.2f} times the time (no labelled questions here)")


def measure(
    ask: Asked, questions: Sequence[Question], hit: Callable[[Any, Any], bool] | None
) -> tuple[float, float | None]:
    """Seconds of computing for all questions, and the share of the answerable ones whose first quotation is right."""
    ask(questions[0])
    started = time.process_time()
    quoted = [ask(question) for question in questions]
    seconds = time.process_time() - started
    if hit is None:
        return seconds, None
    asked = [(one, quotes) for one, quotes in zip(questions, quoted, strict=True) if one["answerable"]]
    right = sum(any(hit({"quote": quote}, one["gold"]) for quote in quotes) for one, quotes in asked)
    return seconds, right / len(asked)


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
