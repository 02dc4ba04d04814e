"""A frame of an analyst's own, told: each number by its kind, totals by their parts, and no part by its total."""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations
from typing import Any

import pandas as pd

from bwk_analysis import steps
from bwk_analysis.agreement import TOTAL
from bwk_analysis.declared import DAY, HOURS, LABELS, MARK, PERSONS, ROWS, SHARE, WORD, NotDeclared, parts_of
from bwk_analysis.indicators import wilson
from bwk_analysis.steps import STEP, Span, added, exact, explained, fives, is_exact, is_number, outward, tens

MANY_ANSWERS = 50
Loose = Mapping[str, Sequence[Span]]  # room -> how wholes are told whose own step would say more than their parts


def in_steps(
    raw: pd.DataFrame, kinds: Mapping[str, str], public: bool, loose: Loose, few_repeat: Sequence[bool]
) -> pd.DataFrame:
    """Each number of a frame by its kind; people and rows in steps in both editions.

    raw : cells as objects, None where there is nothing, rows counted from nought. few_repeat : the rows of which no
    number of rows is told.
    """
    hours: Callable[[float], Span] = tens if public else exact
    cells = raw.copy()
    for name, kind in kinds.items():
        tell = {PERSONS: fives, ROWS: fives, HOURS: hours}.get(kind, exact)
        cells[name] = column_of([tell(cell) if is_number(cell) else cell for cell in raw[name]], raw)
        if kind == PERSONS:
            cells[name] = _no_more_than_wholes(cells[name], raw, loose)
            cells[name] = _blurred(cells[name], raw[name], raw, kinds)
            if public and "answer" in raw:
                cells[name] = _many_answers(cells[name], raw[name], raw, kinds)
        if kind == ROWS:
            cells[name] = cells[name].mask(pd.Series(few_repeat, raw.index, dtype=bool), None)
        if kind in (PERSONS, ROWS):
            cells[name] = _explain_totals(cells[name], raw, kinds)
    for kind in (PERSONS, ROWS):  # and where a pivot has its rooms or words as columns
        parts = [name for name in kinds if kinds[name] == kind and name != TOTAL]
        if parts and kinds.get(TOTAL) == kind:
            sums = [added(row) for row in cells[parts].itertuples(index=False)]
            pairs = zip(cells[TOTAL], sums, strict=True)
            cells[TOTAL] = column_of([own and explained(own, [of_parts]) for own, of_parts in pairs], raw)
    people = [name for name in kinds if kinds[name] == PERSONS]
    for name, kind in kinds.items():
        if kind == MARK and not people:
            raise NotDeclared(f"kolom '{name}' is een gemiddelde; zet ernaast van hoeveel mensen (een kolom persons)")
        if kind == MARK:
            cells[name] = column_of([steps.mean(*pair) for pair in zip(raw[name], cells[people[0]], strict=True)], raw)
        if parts_of(kind):
            pairs = zip(*(cells[part] for part in parts_of(kind)), strict=True)
            cells[name] = column_of([_ratio(name, kind, *pair) for pair in pairs], raw)
    return cells


def column_of(cells: list[Any], frame: pd.DataFrame) -> pd.Series:
    return pd.Series(cells, frame.index, dtype=object)


def _ratio(name: str, kind: str, part: Span | None, whole: Span | None) -> Span | None:
    if kind.startswith(SHARE):
        return percent(steps.share(part, whole))
    ends = interval(part, whole)
    return ends and exact(ends.high if name == "upper" else ends.low)


def percent(found: Span | None) -> Span | None:
    """Exact, or outward in whole per cents."""
    return found and (found if is_exact(found) else outward(found, 100))


def interval(part: Span | None, whole: Span | None) -> Span | None:
    """The widest 95% interval of the shares that two spans allow; exact where they are, else in whole per cents.

    One more of the part raises both ends of a Wilson interval, one more of the rest lowers them.
    """
    if part is None or whole is None or whole.high <= 0:
        return None
    low, _ = wilson(int(part.low), int(whole.high))
    _, high = wilson(int(part.high), int(max(whole.low, part.high, 1)))
    return Span(low, high) if is_exact(part) and is_exact(whole) else outward(Span(low, high), 100)


def _groups(frame: pd.DataFrame, labels: list[str]) -> list[list[int]]:
    """The rows that have the same labels."""
    return [list(at) for at in frame.groupby(labels, dropna=False).indices.values()] if labels else [list(frame.index)]


def _explain_totals(told: pd.Series, raw: pd.DataFrame, kinds: Mapping[str, str]) -> pd.Series:
    found = list(told)
    for column in [word for word, kind in kinds.items() if kind == WORD and (raw[word] == TOTAL).any()]:
        is_total = (raw[column] == TOTAL).tolist()
        others = [name for name, kind in kinds.items() if kind in LABELS and name != column]
        one = raw.groupby(column, dropna=False)
        free = [name for name in others if one[name].nunique(dropna=False).max() > 1]  # not what goes with the column
        for group in [*_groups(raw, others), *_groups(raw, free)]:
            parts = [found[at] for at in group if not is_total[at] and found[at]]
            for at in group if parts else []:
                if is_total[at] and found[at]:
                    found[at] = explained(found[at], [added(parts)])
    return column_of(found, raw)


def _blurred(told: pd.Series, numbers: pd.Series, raw: pd.DataFrame, kinds: Mapping[str, str]) -> pd.Series:
    """Where the step of all parts together leaves them one value each, the few among them are told as 0-9.

    Parts are the rows of any margin of the table, but for the rooms' and the days'.
    """
    found, exactly = list(told), list(numbers)
    labels = [name for name, kind in kinds.items() if kind in LABELS]
    words = [name for name in labels if kinds[name] != DAY and name not in ("room", "kamer", "period")]
    for over in (over for size in range(len(words)) for over in combinations(words, size + 1)):
        is_part = [TOTAL not in row for row in raw[list(over)].itertuples(index=False)]
        for group in _groups(raw, [name for name in labels if name not in over]):
            parts = [at for at in group if is_part[at] and is_number(exactly[at])]
            own, together = fives(float(sum(exactly[at] for at in parts))), added(told[at] for at in parts)
            if len(parts) > 1 and (together.low >= own.high or together.high <= own.low):
                for at in parts:
                    found[at] = steps.FEW if 0 < told[at].low < STEP else found[at]
    return column_of(found, raw)


def _many_answers(told: pd.Series, numbers: pd.Series, raw: pd.DataFrame, kinds: Mapping[str, str]) -> pd.Series:
    """For everyone no single answers of fewer than fifty people: their mean would say how few gave each."""
    found = list(told)
    labels = [name for name, kind in kinds.items() if kind in LABELS and name not in ("answer", "answer_text")]
    for group in _groups(raw, labels):
        if sum(number for number in numbers[group] if is_number(number)) < MANY_ANSWERS:
            for at in group:
                found[at] = None
    return column_of(found, raw)


def _no_more_than_wholes(told: pd.Series, raw: pd.DataFrame, loose: Loose) -> pd.Series:
    """A number that may be of a whole, told as the scorecard tells that where its parts do not explain its step."""
    column = next((name for name in ("room", "kamer") if name in raw), None)
    rooms = raw[column] if column else [str(told.name) if told.name in loose else TOTAL] * len(raw)
    found = []
    for own, room in zip(told, rooms, strict=True):
        found.append(own and explained(own, [span for span in loose.get(room, ()) if own.low <= span.high]))
    return column_of(found, raw)
