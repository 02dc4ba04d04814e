"""Survey answers: words and numbers on their scale, in the long form and as Microsoft Forms and Google Forms export."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from bwk_analysis.door import persons, values
from bwk_analysis.door.cells import Sheet, is_blank
from bwk_analysis.door.header import Layout
from bwk_analysis.door.schema import Table
from bwk_analysis.door.spelling import fold, header_key
from bwk_analysis.door.values import EMPTY, Bad, bad

ANSWER = "antwoord:"  # begins the name of a column that holds the answers to one question
NO_ANSWER = frozenset({"weet niet", "weet ik niet", "geen mening", "n.v.t.", "nvt", "-"})
AGREE_WORDS = {
    "helemaal mee oneens": 1.0, "oneens": 2.0, "mee oneens": 2.0, "neutraal": 3.0, "niet eens, niet oneens": 3.0,
    "niet eens niet oneens": 3.0, "eens": 4.0, "mee eens": 4.0, "helemaal mee eens": 5.0,
}  # fmt: skip
SCALES = {"eens5": (1, 5), "cijfer10": (1, 10)}


@dataclass(frozen=True)
class Question:
    """A survey question: its code, the text above its column in a wide export, and its scale."""

    code: str
    text: str
    scale: str


def wide_names(survey: Table, questions: Iterable[Question]) -> dict[str, str]:
    """Header key -> column name in a wide export: day, room, respondent, and the text of each question."""
    beside = without_answers(survey).columns
    names = {key: name for key, name in survey.header_names().items() if name in beside}
    return names | {header_key(question.text): ANSWER + question.code for question in questions}


def without_answers(survey: Table) -> Table:
    """The columns that a wide export has beside its questions; the respondent may be the row itself."""
    kept = {name: c for name, c in survey.columns.items() if c.kind in ("day", "room", "person") or c.own}
    return replace(survey, columns={n: replace(c, required=c.kind == "day") for n, c in kept.items()})


def answer(value: Any, scale: str) -> Any:
    """A survey answer as a number on its scale; EMPTY for no answer, Bad when it is not on the scale."""
    if isinstance(value, str):
        word = fold(value)
        if word in NO_ANSWER:
            return EMPTY
        if scale == "eens5" and word in AGREE_WORDS:
            return AGREE_WORDS[word]
    found = values.number(value)
    low, high = SCALES[scale]
    if found is EMPTY or (isinstance(found, float) and low <= found <= high and not (scale == "eens5" and found % 1)):
        return found
    words = ", of eens/oneens in woorden." if scale == "eens5" else "."
    return bad("off_scale", low=low, high=high, words=words)


def _settled(cells: list[Any], scale: str, sheet: Sheet, rows: Iterable[int], column: int, name: str) -> np.ndarray:
    """Answers as numbers; one off its scale is a warning and no answer. The cells stand in these rows of a column."""
    parsed = values.parse_column(cells, lambda value: answer(value, scale))
    for position, (row, found) in enumerate(zip(rows, parsed, strict=True)):
        if isinstance(found, Bad):
            parsed[position] = EMPTY
            sheet.say("no_answer", (row, column), name, wrong=found.problem, remedy=found.advice)
    return np.array(parsed, dtype=float)


def long_answers(
    rows: pd.DataFrame, sheet: Sheet, where: Layout, questions: Iterable[Question]
) -> tuple["pd.Series[str]", np.ndarray]:
    """The questions by their code and the answers on their scale; an unknown question gets a warning and no answer."""
    codes, found = rows["vraag"].copy(), np.full(len(rows), np.nan)
    asked = codes.map(lambda text: fold(text), na_action="ignore")
    known = codes.isna().to_numpy(copy=True)
    for question in questions:
        here = np.flatnonzero(asked.isin([fold(question.code), fold(question.text)]))
        known[here] = True
        cells = rows["antwoord"].iloc[here].tolist()
        places = [where.data[position] for position in here]
        column = where.columns.get("antwoord", 0)
        found[here] = _settled(cells, question.scale, sheet, places, column, "antwoord")
        codes.iloc[here] = question.code
    for position in np.flatnonzero(~known).tolist():
        sheet.say("unknown_question", where.cell(position, "vraag"), "vraag")
    return codes, found


def respondents(sheet: Sheet, where: Layout, key: bytes) -> dict[str, Any]:
    """`respondent`, a pseudonym of the Id within its file, else of the row; and `row_key`, to know a row again."""
    keys = _row_keys(sheet, where, key)
    ids = values.parse_column(where.cells(sheet, "respondent"), values.person)
    who = (
        "\n".join((sheet.file, sheet.name, found)) if isinstance(found, str) else row
        for found, row in zip(ids, keys, strict=True)
    )
    pseudonyms = [persons.pseudonym(key, text) for text in who]
    return {"respondent": pd.array(pseudonyms, dtype="str"), "row_key": pd.array(keys, dtype="str")}


def _row_keys(sheet: Sheet, where: Layout, key: bytes) -> "pd.Series[str]":
    """A keyed hash of each whole row, so that the same row in two exports is recognised without keeping it."""
    headers = [header_key(cell) for cell in sheet.rows[where.header]]
    pairs = ([(h, c) for h, c in zip(headers, sheet.rows[row], strict=True) if not is_blank(c)] for row in where.data)
    texts = ("\n".join(sorted(f"{header}={cell!r}" for header, cell in filled)) for filled in pairs)
    return pd.Series([persons.pseudonym(key, text) for text in texts], dtype="str")


def wide_answers(sheet: Sheet, where: Layout, questions: Iterable[Question]) -> dict[str, np.ndarray]:
    """One column of numbers per question that the export has."""
    return {
        name: _settled(where.cells(sheet, name), one.scale, sheet, where.data, where.columns[name], one.code)
        for one in questions
        if (name := ANSWER + one.code) in where.columns
    }


def melt(rows: pd.DataFrame, source: list[str]) -> pd.DataFrame:
    """A wide survey as answers: one row is an answer of a respondent to a question."""
    questions = [name for name in rows if name.startswith(ANSWER)]
    beside = [name for name in rows if name not in (*questions, "row_key")]
    answers = rows.melt(beside, questions, "vraag", "antwoord")
    answers = answers.dropna(subset="antwoord")
    answers["vraag"] = answers["vraag"].str.removeprefix(ANSWER)
    return answers.sort_values(source, kind="stable")
