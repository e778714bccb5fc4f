"""The pictures of the handbook show what the commands still print and write, and are small."""

from __future__ import annotations

from pathlib import Path

from docs.handbook_pictures import FOLDER, pictures
from docs.palette import told_in

MOST = 150_000


def test_a_picture_shows_what_is_still_printed() -> None:
    made = pictures()
    assert len(made) == 9
    stale = [name for name, each in made.items() if told_in(FOLDER / f"{name}.png") != each.told]
    assert stale == [], "draw them anew: PYTHONPATH=. python docs/handbook_pictures.py"


def test_a_picture_of_the_handbook_is_small_and_in_the_handbook() -> None:
    handbook = (FOLDER.parent / "handbook.md").read_text("utf-8")
    shown = [each for each in FOLDER.glob("*.png") if f"(pictures/{each.name})" in handbook]
    assert len(shown) == 9
    assert {each.name: size for each in shown if (size := Path(each).stat().st_size) > MOST} == {}
