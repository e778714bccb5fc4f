"""How texts are compared and marked, and by which pairs of characters they are found: the pure functions of search."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.searching import Line, SearchPlace, folded, gram, grams, lines, searched, spans
from tests.sample_rows import CASE, case_row, letter_row
from tests.test_search import party


def test_pairs_are_told_apart_and_pairs_of_ascii_are_left_out() -> None:
    assert grams("a1村b") == {gram("1", "村"), gram("村", "b")}
    assert grams("1村\n\n𬒈") == {gram("1", "村"), gram("村"), gram("𬒈")}
    assert gram("村") < gram("村", "\x01") < gram("村", "\U0010fffe") < gram(chr(ord("村") + 1)) < 2**63
    assert grams("") == frozenset()


@given(st.text(max_size=40))
def test_a_folded_text_holds_nothing_that_a_database_could_trip_over(text: str) -> None:
    assert not set(folded(text)) & set("\0\n\r \u3000\U0010ffff")
    assert searched([Line(SearchPlace.TITLE, text)] * 2) == folded(text)


@pytest.mark.parametrize(
    ("text", "words", "stood"),
    [
        ("永检行监〔2025〕3号", ["永检行监[2025]3号"], ["永检行监〔2025〕3号"]),
        ("占 地 1200㎡", ["地12", "2"], ["地 12", "㎡"]),
        ("甲乙甲乙甲", ["甲乙甲"], ["甲乙甲乙甲"]),
        ("甲村 乙村", ["村"], ["村", "村"]),
        ("甲乙丙", ["丙甲"], []),
    ],
)
def test_a_match_is_marked_in_the_text_as_it_was_written(
    text: str, words: list[str], stood: list[str]
) -> None:
    found = spans(text, [folded(word) for word in words])
    assert [text[first:behind] for first, behind in found] == stood


def test_a_text_is_searched_once() -> None:
    letters = (letter_row("L1"), letter_row("L2"))
    told = lines(case_row(place="", county_name=""), letters, (party(CASE, "大田县自然资源局"),), (), "")
    assert [line.text for line in told] == [CASE, "督促整改占用耕地案", "大田县自然资源局"]
