"""What the columns of a frame hold, as declared; and what is never shown: persons, and the exports' own texts."""

import re
from collections.abc import Mapping
from functools import lru_cache

import pandas as pd

from bwk_analysis import periods
from bwk_analysis.data import Data
from bwk_analysis.door.schema import Schema, load_schema, schema_of
from bwk_analysis.steps import is_number, no_column

PERSONS, ROWS, HOURS, EURO, MARK, AGREED = "persons", "rows", "hours", "euro", "mark", "agreed"
WORD, DAY, FIGURE = "word", "day", "figure"  # a figure is the library's own, told as its unit says
SHARE, INTERVAL, SHARE_OF_EURO = "share of ", "interval of ", "share of euro"
CHOICE = (PERSONS, ROWS, HOURS, EURO, MARK, AGREED, SHARE_OF_EURO, WORD, DAY)
SCORECARD, MONEY = {"period", "room", "indicator", "value"}, {"period", "room", "kind", "item", "value", "unit"}
LABELS = (WORD, DAY, AGREED)
EXPORT_TEXT = ("text", "name", "key", "hashed")  # kinds of columns of the exports that hold what people wrote

# Words that the library's own frames have, whatever people wrote.
OWN_WORDS = frozenset(
    ["gehaald", "nabij", "achter", "onderweg", "geen gegevens", "geen streefwaarde", "niet te zeggen", "personen",
     "aantal", "uren", "euro", "aandeel", "cijfer", "oordeel", "ja", "nee", "Totaal", "niet toegewezen",
     "vrijwilligers", "populair", "afgesproken", "gerealiseerd", "helemaal mee oneens", "mee oneens", "neutraal",
     "mee eens", "helemaal mee eens"]
)  # fmt: skip

KINDS = {
    "persons": PERSONS, "numerator": PERSONS, "denominator": PERSONS, "n": PERSONS, "rows": ROWS, "hours": HOURS,
    "euro": EURO, "mark": MARK, "year": AGREED, "target": AGREED, "target_denominator": AGREED,
    "interim_target": AGREED, "answer": AGREED, "printed": AGREED, "computed": AGREED, "difference": AGREED,
    "share": f"{SHARE}numerator / n",
    "lower": f"{INTERVAL}numerator / n", "upper": f"{INTERVAL}numerator / n", "week": DAY, "month": DAY,
} | dict.fromkeys(
    ["room", "kamer", "period", "indicator", "name", "level", "unit", "status", "operator", "definition", "question",
     "text", "answer_text", "stage", "theme", "outcome", "table", "group", "post", "funder", "kind", "item",
     "uncertain", "day", "subject"], WORD,
)  # fmt: skip


class NotDeclared(ValueError):
    """Something that nobody declared safe to show; the text is Dutch and says how to declare it."""


def parts_of(kind: str) -> list[str]:
    """The columns of `share of A / B`; none for a kind that is no share of columns."""
    of = kind.removeprefix(SHARE).removeprefix(INTERVAL)
    return [] if of == kind or kind == SHARE_OF_EURO else [part.strip() for part in of.split(" / ")]


def kinds_of(frame: pd.DataFrame, kinds: Mapping[str, str] | str) -> dict[str, str]:
    """Column -> kind, as declared, else by its name or by its days. Raises NotDeclared where nothing says it."""
    found: dict[str, str] = {}
    own_figures = set(frame) >= SCORECARD or set(frame) >= MONEY
    for name, column in frame.items():
        number, name = holds_numbers(column), str(name)
        kind = (kinds if number else None) if isinstance(kinds, str) else kinds.get(name)
        kind = (
            kind
            or KINDS.get(name)
            or (WORD if name in _columns(load_schema(), "word", "yes_no") and not number else None)
        )
        if name == "value" and own_figures:
            kind = FIGURE
        elif pd.api.types.is_datetime64_any_dtype(column) or isinstance(column.dtype, pd.PeriodDtype):
            kind = DAY
        found[name] = _checked(name, kind, number, frame)
    if not isinstance(kinds, str) and (strange := [name for name in kinds if name not in set(frame)]):
        raise NotDeclared(no_column(strange[0], frame))
    return found


def holds_numbers(column: pd.Series) -> bool:
    if isinstance(column.dtype, pd.CategoricalDtype) or column.dtype == object:
        return any(map(is_number, column.unique()))
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _checked(name: str, kind: str | None, number: bool, frame: pd.DataFrame) -> str:
    if kind is None:
        declared = f'show(..., kinds={{"{name}": "{PERSONS if number else WORD}"}})'
        raise NotDeclared(f"kolom '{name}' heeft geen soort; zeg wat het is: {declared}")
    parts = parts_of(kind)
    if kind not in (*CHOICE, FIGURE) and len(parts) != 2:
        raise NotDeclared(f"'{kind}' is geen soort; kies uit: {', '.join(CHOICE)}, share of A / B")
    if number and kind in (WORD, DAY) and frame[name].notna().any():
        raise NotDeclared(f"kolom '{name}' bevat getallen; een getal is geen {kind}: zeg wat het telt")
    missing = [part for part in parts if part not in frame]
    if missing:
        raise NotDeclared(f"kolom '{name}' is '{kind}', maar kolom '{missing[0]}' staat er niet bij")
    return kind


# --- never shown ------------------------------------------------------------------------------------------------------


def _columns(schema: Schema, *kinds: str) -> frozenset[str]:
    """The names of the columns of these kinds, in whichever table of the exports."""
    tables = schema.tables.values()
    return frozenset(column.name for table in tables for column in table.columns.values() if column.kind in kinds)


def refuse_persons(frame: pd.DataFrame, data: Data) -> None:
    """Raises NotDeclared for a column, or a head of one, that holds persons; numbers of them are no persons."""
    persons = _cells(data, "person")
    for name, column in frame.items():
        texts = set() if holds_numbers(column) else set(column.dropna().astype("str").unique())
        if (
            str(name) in persons
            or not persons.isdisjoint(texts)
            or (texts and str(name) in _columns(load_schema(), "person"))
        ):
            where = "een kolomkop" if str(name) in persons else f"kolom '{name}'"
            raise NotDeclared(f"{where} bevat personen; die worden nooit getoond")


def refuse_texts(frame: pd.DataFrame, data: Data, kinds: Mapping[str, str]) -> None:
    """Raises NotDeclared for what people wrote in the exports, unless the agreement or a list has the word too."""
    written = _cells(data, *EXPORT_TEXT) - _agreed_words(data)
    if not written.isdisjoint(set(frame) - set(KINDS)):
        raise NotDeclared(
            "een kolomkop is een tekst uit de exports; alleen woorden van de afspraak en de lijsten mogen"
        )
    for name in [name for name, kind in kinds.items() if kind == WORD]:
        words = {*frame[name].dropna().astype("str").unique()}
        if name == "answer_text":  # an answer is its own text
            words -= {f"{mark:g}" for mark in frame.get("answer", ()) if is_number(mark)}
        if any(_tells_number(word, data) for word in words):
            raise NotDeclared(f"kolom '{name}' bevat een getal als tekst; laat het een getal en zeg wat het telt")
        if not written.isdisjoint(words):
            raise NotDeclared(
                f"kolom '{name}' bevat tekst uit de exports; alleen woorden van afspraak en lijsten mogen"
            )


@lru_cache(maxsize=4096)  # the same words come back in every frame
def _tells_number(word: str, data: Data) -> bool:
    """Whether a word holds a digit that is of no year, period or text of the agreement."""
    if not re.search(r"\d", word) or word in _agreed_words(data):
        return False
    known = [text for text in _agreed_words(data) if re.search(r"\d", text) and re.search(r"[^\W\d]", text)]
    for text in sorted(known, key=len, reverse=True):
        word = word.replace(text, " ")
    return bool(re.search(r"\d", re.sub(rf"\b{periods.WRITTEN}\b", " ", word)))


@lru_cache(maxsize=16)
def _cells(data: Data, *kinds: str) -> frozenset[str]:
    """What stands in the columns of these kinds."""
    named = _columns(schema_of(data.agreement.aliases, data.agreement.own_columns), *kinds)
    columns = [rows[name] for rows in data.tables.values() for name in named if name in rows]
    return frozenset(str(cell) for column in columns for cell in column.dropna().unique())


@lru_cache(maxsize=16)
def _agreed_words(data: Data) -> frozenset[str]:
    """Every text of the agreement, and the listed words of the exports."""
    frames = [part for part in vars(data.agreement).values() if isinstance(part, pd.DataFrame)]
    listed = (words for table in load_schema().tables.values() for words in table.words.values())
    agreed = {cell for frame in frames for name in frame for cell in frame[name] if isinstance(cell, str)}
    return frozenset(OWN_WORDS | agreed | {word for words in listed for word in words.values()})
