"""Every sentence of the ten articles and of the covering notice has a scenario that shows it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from models.articles import sentences
from tests.scenarios.shows import shown_by

FOLDER = Path(__file__).parent


def scenarios() -> dict[str, list[str]]:
    """For each sentence the scenarios that show it, as `module::function`."""
    found: dict[str, list[str]] = {each.id: [] for each in sentences()}
    for module in iter_modules([str(FOLDER)]):
        if module.name.startswith("test_"):
            for name, function in vars(import_module(f"tests.scenarios.{module.name}")).items():
                for id in shown_by(function) if name.startswith("test_") else ():
                    assert id in found, f"{module.name}::{name} shows a sentence that is none: {id}"
                    found[id].append(f"{module.name}::{name}")
    return found


def test_every_sentence_has_its_scenario() -> None:
    assert [id for id, shown in scenarios().items() if not shown] == []


def test_the_sentences_are_those_of_the_document() -> None:
    """Put together they are the document's own words, in its order: nothing was left out on the way."""
    ids = [each.id for each in sentences()]
    assert ids == sorted(ids, key=lambda id: tuple(map(int, id.split(".")))) and len(
        dict.fromkeys(ids)
    ) == len(ids)
    assert [each.article for each in sentences() if each.id.endswith(".1")] == [
        "印发通知",
        *(f"第{number}条" for number in "一二三四五六七八九十"),
    ]
