"""The house's words: module docstrings, names that say something, catalogues in three languages."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

from tests.house.test_floors import ROOT, modules, name

EMPTY_NAMES = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "manager",
    "managers",
    "service",
    "services",
    "base",
    "misc",
}


def tracked() -> list[Path]:
    """The files of the project as git knows them, with new ones that are not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [ROOT / line for line in listed.stdout.splitlines() if (ROOT / line).is_file()]


def test_no_module_has_an_empty_name() -> None:
    """A file called utils tells nobody what may go in it."""
    assert not [name(path) for path in modules() if path.stem in EMPTY_NAMES]


def test_every_module_opens_with_a_sentence() -> None:
    """What the module is for, in its first line."""
    silent = [name(path) for path in modules() if not ast.get_docstring(ast.parse(path.read_text("utf-8")))]
    assert not silent


def test_catalogues_have_the_same_keys_in_every_language() -> None:
    """A sentence missing in nynorsk would be an error at the worst moment."""
    groups: dict[tuple[Path, str], dict[str, set[str]]] = {}
    for path in tracked():
        match = re.fullmatch(r"(.+)\.(nb|nn|en)\.toml", path.name)
        if match and "operators" not in path.parts and path.parent.name != "phrases":
            keys = _keys(tomllib.loads(path.read_text("utf-8")))
            groups.setdefault((path.parent, match[1]), {})[match[2]] = keys
    assert groups
    for (folder, stem), languages in groups.items():
        assert set(languages) == {"nb", "nn", "en"}, f"{name(folder)}/{stem}"
        assert languages["nb"] == languages["nn"] == languages["en"], f"{name(folder)}/{stem}"


def _keys(table: object, before: str = "") -> set[str]:
    if not isinstance(table, dict):
        return {before}
    return set().union(*(_keys(value, f"{before}.{key}") for key, value in table.items())) if table else set()


def test_letters_exist_in_every_language_and_form() -> None:
    """Each letter has subject, text and HTML in nb, nn and en."""
    folders = [
        one
        for one in (ROOT / "intake" / "letters").iterdir()
        if one.is_dir() and not one.name.startswith("_")
    ]
    assert len(folders) >= 9
    for folder in folders:
        expected = {
            f"{part}.{lang}"
            for part in ("subject.txt", "body.txt", "body.html")
            for lang in ("nb", "nn", "en")
        }
        assert {one.name for one in folder.iterdir()} == expected, folder.name


def test_no_file_names_a_machine_or_a_registry() -> None:
    """Locks and texts stay free of addresses that are true in one place only."""
    pattern = re.compile(r"/work/|files\.pythonhosted|pypi\.org/simple|registry\.npmjs", re.I)
    wrong = []
    for path in tracked():
        if path == Path(__file__).resolve() or path.suffix in {".woff2", ".png", ".jpg"}:
            continue
        if pattern.search(path.read_text("utf-8", errors="replace")):
            wrong.append(name(path))
    assert not wrong


def test_companies_sentences_are_not_in_the_repository(shared: Path) -> None:
    """The five companies' documents are loaded, never copied: no sentence over 60 characters of them is here."""

    def fold(text: str) -> str:
        return re.sub(r"\s+", " ", text).strip().casefold()

    sentences = {
        fold(part)
        for seed in (shared / "seeds").glob("*.txt")
        for part in re.split(r"(?<=[.!?])\s+|\n", seed.read_text("utf-8"))
        if len(fold(part)) > 60
    }
    assert len(sentences) > 200
    found = []
    for path in tracked():
        if path.suffix in {".woff2", ".png", ".lock", ".css"} or path.stat().st_size > 400_000:
            continue
        text = fold(path.read_text("utf-8", errors="replace"))
        found += [f"{name(path)}: {one[:60]}" for one in sentences if one in text]
    assert not found
