"""Survey answers: words and numbers on their scale, in the long form and as Microsoft Forms and Google Forms export."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any

import numpy as np
import pandas as pd

from bwk_analysis.door import persons, values
from bwk_analysis.door.cells import Sheet, cell_name, is_blank
from bwk_analysis.door.header import Keys, Layout
from bwk_analysis.door.schema import Table
from bwk_analysis.door.spelling import fold, header_key
from bwk_analysis.door.values import EMPTY, Bad, bad

ANSWER = "antwoord:"  # begins the name of a column that holds the answers to one question
NO_ANSWER = frozenset({"weet niet", "weet ik niet", "geen mening", "n.v.t.", "nvt", "-"})
AGREE_WORDS = {
    "helemaal mee oneens": 1.0, "oneens": 2.0, "mee oneens": 2.0, "neutraal": 3.0, "niet eens, niet oneens": 3.0,
    "niet eens niet oneens": 3.0, "eens": 4.0, "mee eens": 4.0, "helemaal mee eens": 5.0,
}  # fmt: skip
_NUMBERED = re.compile(r"(?:[a-z]{0,8}\d{1,3}[a-z]{0,2}\d{0,3}[:)/]*)?")
_REPEATED = re.compile(r"\W*(?:[2-9]\W*)?")


@dataclass(frozen=True)
class Question:
    """A survey question: its code, the text above its column in a wide export, and its scale."""

    code: str
    text: str
    scale: str


def wide_names(
    survey: Table, questions: Iterable[Question], headers: Iterable[tuple[int, Keys]] = ()
) -> dict[str, str]:
    """Header key -> column name in a wide export: day, room, respondent, and the text of each question.

    headers : rows that may be the header; a question or room in them may have a number before or behind it.
    """
    beside = without_answers(survey).columns
    names = {key: name for key, name in survey.header_names().items() if name in beside}
    asked = {_bare(header_key(question.text)): ANSWER + question.code for question in questions}
    asked |= {key: name for key, name in names.items() if name == "kamer"}
    for key in {key for _, keys in headers for of_column in keys for key in of_column if key} - {*names}:
        found = {name for text, name in asked.items() if text and _is_asked(_bare(key), text)}
        if _bare(key) in asked:
            names[key] = asked[_bare(key)]
        elif len(found) == 1:
            names[key] = found.pop()
    return names


def _bare(key: str) -> str:
    return key.rstrip("?!.:")


def _is_asked(header: str, question: str) -> bool:
    """Whether a header is a question, also as `3. Question`, `Q3: Question`, `Grid [Question]`, `Question?2`."""
    before, found, behind = header.rpartition(question)
    if before.endswith("[") and behind == "]":
        return True
    return bool(found) and bool(_NUMBERED.fullmatch(before)) and bool(_REPEATED.fullmatch(behind))


def of_form(sheet: Sheet, header: Layout, survey: Table, names: Mapping[str, str]) -> Layout:
    """The header of a wide export as the form's program writes it.

    Its own day and number (`Voltooiingstijd`, `Id`) go before a question that is called `Datum` or `Respondent`. A
    question or room in two branches has two columns, of which the filled one counts.
    """
    keys = [header_key(cell) for cell in sheet.rows[header.header]]
    columns, also = dict(header.columns), {}
    for name, first in header.columns.items():
        if name in ("datum", "respondent"):
            of_program = [keys.index(key) for key in map(header_key, survey.columns[name].aliases) if key in keys]
            columns |= dict.fromkeys([name], of_program[0]) if of_program else {}
        elif name == "kamer" or name.startswith(ANSWER):
            same = [i for i, key in enumerate(keys) if i != first and names.get(key) == name]
            also[name] = [i for i in same if name != "kamer" or _is_asked(keys[i], keys[first])]
    return replace(header, columns=columns, also={name: others for name, others in also.items() if others})


def say_unasked(sheet: Sheet, where: Layout, questions: Iterable[Question]) -> None:
    """A warning per question that no column has and one looks like."""
    for code, near in _unasked(sheet, where, questions).items():
        sheet.say("question_missing", near, code, code=code, near=cell_name(*near))


def _unasked(sheet: Sheet, where: Layout, questions: Iterable[Question]) -> dict[str, tuple[int, int]]:
    """The questions that no column has, by code, with the cell of the header that is most like each."""
    used = {*where.columns.values(), *(index for found in where.also.values() for index in found)}
    free = {_bare(header_key(cell)): i for i, cell in enumerate(sheet.rows[where.header]) if i not in used}
    free.pop("", None)
    missing = [question for question in questions if ANSWER + question.code not in where.columns]
    near = {one.code: get_close_matches(_bare(header_key(one.text)), free, n=1, cutoff=0.6) for one in missing}
    return {code: (where.header, free[key[0]]) for code, key in near.items() if key}


def say_no_question(sheet: Sheet, where: Layout, questions: Iterable[Question]) -> bool:
    """An error where a sheet without a question is a survey, by a header that is like one; whether it is."""
    near = next(iter(_unasked(sheet, where, questions).values()), None) if "datum" in where.columns else None
    if near:
        sheet.say("no_question", near, hint=f"Is het de kolom van cel {cell_name(*near)}? ")
    return near is not None


def say_no_days(sheet: Sheet, where: Layout, days: "pd.Series[pd.Timestamp]") -> None:
    """A warning where every answer is of 1 January 1980, as LimeSurvey writes where no day was kept."""
    if len(days) and days.eq(pd.Timestamp(1980, 1, 1)).all():
        sheet.say("days_not_kept", where.cell(0, "datum"), "datum")


def without_answers(survey: Table) -> Table:
    """The columns that a wide export has beside its questions; the respondent may be the row itself."""
    kept = {name: c for name, c in survey.columns.items() if c.kind in ("day", "room", "person") or c.own}
    return replace(survey, columns={n: replace(c, required=c.kind == "day") for n, c in kept.items()})


def answer(value: Any, scale: str) -> Any:
    """A survey answer as a number on its scale; EMPTY for no answer, Bad when it is not on the scale."""
    if isinstance(value, str):
        value = values.chosen(value)
        word = fold(value)
        if word in NO_ANSWER:
            return EMPTY
        if scale == "eens5" and word in AGREE_WORDS:
            return AGREE_WORDS[word]
    found = values.number(value)
    low, high = values.SCALES[scale]
    if found is EMPTY or (isinstance(found, float) and low <= found <= high and not (scale == "eens5" and found % 1)):
        return found
    words = ", of eens/oneens in woorden." if scale == "eens5" else "."
    return bad("off_scale", low=low, high=high, words=words)


def _settled(cells: list[Any], scale: str, sheet: Sheet, places: list[tuple[int, int]], name: str) -> np.ndarray:
    """Answers as numbers; one off its scale is a warning and no answer. The cells stand at these places."""
    parsed = values.parse_column(cells, lambda value: answer(value, scale))
    for position, (place, found) in enumerate(zip(places, parsed, strict=True)):
        if isinstance(found, Bad):
            parsed[position] = EMPTY
            sheet.say("no_answer", place, name, wrong=found.problem, remedy=found.advice)
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
        places = [where.cell(position, "antwoord") for position in here.tolist()]
        found[here] = _settled(cells, question.scale, sheet, places, "antwoord")
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
    found = {}
    for one in questions:
        if (name := ANSWER + one.code) in where.columns:
            places = [where.cell(position, name, sheet) for position in range(len(where.data))]
            found[name] = _settled(where.cells(sheet, name), one.scale, sheet, places, one.code)
            for row, column in places if name in where.also else ():
                others = [c for c in where.also[name] if c != column and not is_blank(sheet.rows[row][c])]
                if any(sheet.rows[row][other] != sheet.rows[row][column] for other in others):
                    sheet.say("two_answers", (row, others[0]), one.code, read=cell_name(row, column))
    return found


def melt(rows: pd.DataFrame, source: list[str]) -> pd.DataFrame:
    """A wide survey as answers: one row is an answer of a respondent to a question."""
    questions = [name for name in rows if name.startswith(ANSWER)]
    beside = [name for name in rows if name not in (*questions, "row_key")]
    answers = rows.melt(beside, questions, "vraag", "antwoord")
    answers = answers.dropna(subset="antwoord")
    answers["vraag"] = answers["vraag"].str.removeprefix(ANSWER)
    return answers.sort_values(source, kind="stable")
