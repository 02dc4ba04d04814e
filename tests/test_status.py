"""What a status is to a reader: every status of the csv has a word, every word a sign, and a course its own words."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwk_analysis import status
from bwk_analysis.pages.block import TEMPLATES
from bwk_analysis.status import STATUS, WORDS, seen
from bwk_analysis.steps import Span


def row(code, value=60.0, interim=50.0, target=50.0, operator=">="):
    cells = [Span(cell, cell) if isinstance(cell, float) else cell for cell in (value, interim, target)]
    return SimpleNamespace(status=code, value=cells[0], interim_target=cells[1], target=cells[2], operator=operator)


@pytest.mark.parametrize(
    ("of", "word"),
    [
        (row("gehaald"), "gehaald"), (row("nabij"), "bijna"), (row("achter"), "niet gehaald"), (row("onderweg", interim=None), "onderweg"),
        (row("gehaald", interim=None), "gehaald"), (row("gehaald", 40.0, 37.5), "op schema"), (row("gehaald", 50.0, 37.5), "gehaald"),
        (row("gehaald", 50.0, 37.5, operator=">"), "op schema"), (row("gehaald", 51.0, 37.5, operator=">"), "gehaald"),
        (row("gehaald", 0.0, 0.0), "op schema"), (row("achter", 20.0, 37.5), "achter op schema"), (row("nabij", 35.0, 37.5), "bijna"),
        (row("gehaald", Span(45.0, 49.0), 37.5), "op schema"), (row("gehaald", Span(50.0, 54.0), 37.5), "gehaald"),
        (row("niet te zeggen", Span(35.0, 39.0), 37.5), "niet te zeggen"), (row("niet te zeggen", None, 37.5), "niet getoond"),
        (row("gehaald", None), "niet getoond"), (row("geen gegevens", None), "geen gegevens"), (row("geen gegevens", None, None), "geen gegevens"),
        (row("geen streefwaarde", 9.0, None, None), "geen streefwaarde"), (row("geen streefwaarde", None, None, None), "geen streefwaarde"),
        (row("gehaald", "Positief", "Positief", "Positief", "="), "gehaald"), (row("achter", "Negatief", "Positief", "Positief", "="), "niet gehaald"),
    ],
)  # fmt: skip
def test_a_reader_sees_the_word_of_a_status_and_while_a_course_runs_that_of_the_course(of, word):
    assert seen(of) == word


NUMBERS = st.one_of(st.none(), st.sampled_from([0.0, 20.0, 37.5, 50.0, 60.0]), st.just(Span(45.0, 54.0)))


@given(code=st.sampled_from(sorted(WORDS)), value=NUMBERS, interim=NUMBERS, operator=st.sampled_from([">", ">="]))
def test_every_row_has_a_word_with_a_look_and_only_a_running_course_has_words_of_its_own(
    code, value, interim, operator
):
    word = seen(row(code, value, interim, operator=operator))
    assert word in STATUS
    if interim is None or interim == 50.0:
        assert word in {*WORDS.values(), status.HIDDEN}
    if word == "gehaald" and interim == 37.5:
        assert value[0] >= 50.0 if isinstance(value, Span) else value >= 50.0


def test_every_status_of_the_csv_has_a_word_and_every_word_a_look_of_its_own():
    constants = {
        status.MET,
        status.UNDERWAY,
        status.NEAR,
        status.BEHIND,
        status.UNTOLD,
        status.NO_DATA,
        status.NO_TARGET,
    }
    assert set(WORDS) == constants
    assert {*WORDS.values(), status.ON_COURSE, status.LATE, status.HIDDEN} == set(STATUS)
    missed = {"niet gehaald", status.LATE}  # look the same: neither was reached
    looks = [(look.sign, look.letter, look.marker) for word, look in STATUS.items() if word != status.LATE]
    assert len({*looks}) == len(looks) == len(STATUS) - len(missed) + 1
    assert STATUS["niet gehaald"] == STATUS[status.LATE]


def test_every_sign_is_drawn():
    drawn = (TEMPLATES / "symbols.html.j2").read_text(encoding="utf-8")
    assert [look.sign for look in STATUS.values() if look.sign and f'id="s-{look.sign}"' not in drawn] == []
    assert STATUS["geen streefwaarde"].sign == ""
