"""The documents: what they name exists, what exists is named, and their examples work."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import click
import pytest
import typer.main

from desk.cli import app
from operators.profile import check, load, operators_root
from tests.fulfilment.adapter_contract import AdapterContract
from tests.house.test_floors import ROOT
from tests.house.test_words import tracked

DECISIONS = sorted((ROOT / "docs" / "decisions").glob("*.md"))
PROMISES = [name for name in dir(AdapterContract) if name.startswith("test_")]


def documents() -> list[Path]:
    """Every document of the project written for people, the companies' own terms apart."""
    return [path for path in tracked() if path.suffix == ".md" and "terms" not in path.parts]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def commands() -> Mapping[str, click.Command]:
    """Every command as it is typed after `rettsvar`, such as "operator list"."""
    found: dict[str, click.Command] = {}

    def walk(command: Any, words: str) -> None:
        inside = getattr(command, "commands", None)
        if inside is None:
            found[words.strip()] = command
            return
        if command.invoke_without_command:
            found[words.strip()] = command
        for one, below in inside.items():
            walk(below, f"{words} {one}")

    walk(typer.main.get_command(app), "")
    return found


def code(text: str) -> Iterator[str]:
    """The pieces of a document set as code: spans, and the lines of shell blocks."""
    blocks = re.compile(r"^```(\w*)\n(.*?)^```", re.M | re.S)
    for language, body in blocks.findall(text):
        if language in ("sh", "bash", ""):
            yield from (line.split(" #")[0].strip() for line in body.splitlines())
    yield from (re.sub(r"\s+", " ", span) for span in re.findall(r"`([^`]+)`", blocks.sub("", text)))


def typed(text: str) -> Iterator[tuple[str, str]]:
    """The commands a document tells to type: the words that name one, and the whole piece."""
    for piece in code(text):
        for words in re.findall(r"\brettsvar ([a-z][^`\n]*)", piece):
            plain = [word for word in re.split(r"\s+", words.strip()) if re.fullmatch(r"[a-z]+", word)]
            groups = {command.split()[0] for command in commands() if " " in command}
            yield " ".join(plain[: 2 if plain and plain[0] in groups else 1]), words


@pytest.mark.parametrize("path", documents(), ids=name)
def test_commands_that_are_told_exist(path: Path) -> None:
    """Whoever types what a document says reaches a command, with options it knows."""
    known = commands()
    for command, words in typed(path.read_text("utf-8")):
        assert command in known, f"rettsvar {words}"
        options = {flag for one in known[command].params for flag in one.opts}
        assert set(re.findall(r"(?<!\S)--[a-z-]+", words)) <= options, f"rettsvar {words}"


def test_every_command_is_told() -> None:
    """docs/operating.md names each command there is."""
    told = {command for command, _ in typed((ROOT / "docs" / "operating.md").read_text("utf-8"))}
    assert len(commands()) >= 15
    assert set(commands()) <= told


@pytest.mark.parametrize("path", documents(), ids=name)
def test_make_targets_that_are_told_exist(path: Path) -> None:
    """`make` knows what a document says it can make."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.M))
    told = {word for piece in code(path.read_text("utf-8")) for word in re.findall(r"\bmake ([a-z]+)", piece)}
    assert told <= targets


def test_the_readme_tells_how_to_start_and_to_test() -> None:
    """The two commands a newcomer needs stand in the README, and it stays short."""
    text = (ROOT / "README.md").read_text("utf-8")
    pieces = list(code(text))
    assert {"make run", "make test", "make run TERMS=folder"} <= set(pieces)
    assert len(text.splitlines()) < 150


@pytest.mark.parametrize("path", documents(), ids=name)
def test_links_lead_somewhere(path: Path) -> None:
    """A link to a file or a heading of ours finds it; pictures too."""
    text = re.sub(r"^```.*?^```", "", path.read_text("utf-8"), flags=re.M | re.S)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, heading = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.exists(), target
        if heading:
            assert heading in headings(there), target


def headings(path: Path) -> set[str]:
    """The anchors of a document's headings, as they are made from their words."""
    found = re.findall(r"^#+ (.+)$", path.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", one).strip().lower().replace(" ", "-") for one in found}


@pytest.mark.parametrize("path", documents(), ids=name)
def test_files_that_are_named_exist(path: Path) -> None:
    """A path of one of the packages, the tests or the documents set as code is there."""
    tops = "bot|desk|docs|fulfilment|intake|knowledge|law|operators|tests|verification|benchmarks|scripts"
    for piece in code(path.read_text("utf-8")):
        if re.fullmatch(rf"(?:{tops})/[\w./-]*", piece):
            assert (ROOT / piece).exists() or (path.parent / piece).exists(), piece


def test_decisions_are_numbered_without_a_gap() -> None:
    """0001, 0002, ...: a page can be cited by its number."""
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))


@pytest.mark.parametrize("path", DECISIONS, ids=lambda path: str(path.name[:4]))
def test_a_decision_says_what_why_and_at_what_cost(path: Path) -> None:
    """One page, headed by its number, with the three parts in their order."""
    text = path.read_text("utf-8")
    assert text.startswith(f"# {int(path.name[:4])}. ")
    assert re.findall(r"^\*\*(\w+)\.\*\*", text, re.M) == ["Decision", "Because", "Cost"]
    assert len(text.splitlines()) <= 40


def blocks(path: Path, language: str) -> list[str]:
    """The code blocks of a document in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```", path.read_text("utf-8"), re.M | re.S)


def test_described_systems_of_the_documents_can_be_read(tmp_path: Path) -> None:
    """The examples in docs/adapters.md load beside the invented company's register, and check is content."""
    fjordlys = operators_root() / "fjordlys"
    for file in fjordlys.glob("*.toml"):
        (tmp_path / "fjordlys").mkdir(exist_ok=True)
        (tmp_path / "fjordlys" / file.name).write_bytes(file.read_bytes())
    examples = "\n".join(blocks(ROOT / "docs" / "adapters.md", "toml"))
    (tmp_path / "fjordlys" / "systems.toml").write_text(examples, "utf-8")
    company = load(tmp_path / "fjordlys")
    assert [system.adapter for system in company.systems] == ["sql", "manual"]
    assert not [one for one in check(company) if one.where.startswith("system")]


def test_every_key_of_a_description_is_explained() -> None:
    """Each key the reader of systems.toml asks for stands in a table of docs/adapters.md."""
    source = (ROOT / "operators" / "systems.py").read_text("utf-8")
    keys = set(re.findall(r'\b(?:row|said)\.\w+\(\s*"(\w+)"', source)) - {"holding"}
    lines = (ROOT / "docs" / "adapters.md").read_text("utf-8").splitlines()
    told = {word for line in lines if line.startswith("|") for word in re.findall(r"`(\w+)`", line)}
    assert len(keys) > 20
    assert keys <= told


@cache
def example() -> Mapping[str, Any]:
    """The names that the worked example of docs/adapters.md defines."""
    made: dict[str, Any] = {"__name__": "worked_example"}
    for block in blocks(ROOT / "docs" / "adapters.md", "python"):
        exec(compile(block, "docs/adapters.md", "exec"), made)
    return made


@pytest.mark.parametrize("promise", PROMISES)
async def test_the_worked_example_keeps_the_contract(promise: str, tmp_path: Path) -> None:
    """The adapter in docs/adapters.md keeps what every adapter must."""
    test = example()["TestCsv"]()
    await getattr(test, promise)(example()["planted"](tmp_path))


async def test_the_worked_example_names_its_faults(tmp_path: Path) -> None:
    """A share that is away is tried later, other columns are the engineer's; put right, it passes."""
    path = tmp_path / "subscribers.csv"
    adapter = example()["CsvAdapter"](path)
    with pytest.raises(example()["TryLater"]):
        await adapter.check()
    path.write_text("address,name\n", "utf-8")
    with pytest.raises(example()["Misconfigured"]):
        await adapter.check()
    await example()["planted"](tmp_path).check()


def test_tests_that_are_named_exist() -> None:
    """A claim that rests on a test names one that is there."""
    named = [
        piece.split("::")
        for path in documents()
        for piece in code(path.read_text("utf-8"))
        if re.fullmatch(r"tests/[\w/]+\.py::\w+", piece)
    ]
    assert len(named) >= 30
    missing = [f"{file}::{test}" for file, test in named if not _has_test(ROOT / file, test)]
    assert not missing


def _has_test(file: Path, test: str) -> bool:
    return file.is_file() and re.search(rf"def {test}\(", file.read_text("utf-8")) is not None
