"""The counts of a scorecard: which may stand exact beside a sensitive one, and in which steps the others are told."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from bwk_analysis import indicators, periods
from bwk_analysis.agreement import TOTAL, once
from bwk_analysis.data import Data
from bwk_analysis.measures import Measure, holds, registered
from bwk_analysis.steps import STEP, Span, added, exact, explained, fives

ENOUGH = STEP - 1  # so many rows that are nobody's first hide how many persons there are
NUMERATOR, DENOMINATOR = "numerator", "denominator"

Key = tuple[str, str, str]  # indicator, numerator or denominator, room
Told = dict[Key, Span]


class Count(NamedTuple):
    """A number of a scorecard that counts people or rows: which rows of its table it counts, in all rooms."""

    code: str
    part: str
    measure: Measure
    rows: np.ndarray

    @property
    def field(self) -> str:
        """What is counted once; empty where rows are counted."""
        return self.measure.field if self.measure.kind in ("uniek", "aandeel") else ""

    def touches(self, other: "Count") -> bool:
        return bool((self.rows & other.rows).any())

    def of(self, room: str) -> Key:
        return self.code, self.part, room


@once
def scorecard(data: Data, period: pd.Period) -> pd.DataFrame:
    """The library's own, of all rooms."""
    return indicators.judge(indicators.counts(data, period), data.agreement)


@once
def counts_of(data: Data, table: str, period: pd.Period) -> list[Count]:
    """The counts that a period's scorecard takes from a table, those of fewest rows first."""
    rows, found = data.tables[table], []
    for code, measure in data.measures.items():
        if measure.table != table or measure.kind == "som":
            continue
        scope = registered(measure, rows, period) & holds(rows, measure.scope)
        if measure.kind != "gemiddelde":
            found.append(Count(code, NUMERATOR, measure, scope & holds(rows, measure.numerator)))
        if measure.numerator or measure.kind in ("aandeel", "gemiddelde"):
            found.append(Count(code, DENOMINATOR, measure, scope))
    return sorted(found, key=lambda count: count.rows.sum())


def sensitive(data: Data) -> set[str]:
    """The indicators of which a small number is nobody's business."""
    return set(data.agreement.indicators.query("sensitive == 'ja'")["code"])


@once
def told(data: Data, period: pd.Period, public: bool) -> Told:
    """Every count of a period's scorecard as an edition tells it; a key without a number is left out.

    public : for everyone, so that no number of persons is exact.
    """
    found: Told = {}
    rows = scorecard(data, period)
    keys = [*zip(rows["indicator"], rows["room"], strict=True)]
    counted = ((part, zip(keys, rows[part], strict=True)) for part in (NUMERATOR, DENOMINATOR))
    numbers = {(code, part, room): n for part, of in counted for (code, room), n in of if pd.notna(n)}
    hidden = sensitive(data)
    for table in data.delivered:
        counts, covers = counts_of(data, table, period), covers_of(data, table, period)
        secret = [count for count in counts if count.code in hidden]
        rough = _spans(covers, numbers, data.rooms, {})
        kept = {key: span for key, span in rough.items() if key[0] in hidden}
        for count in counts:
            groups = _could_tell_of(count, secret, period)
            if groups is None or count.code in hidden or (public and count.measure.of_persons):
                continue
            tells = {room for group in groups for room in _tells(count, group, data, period, numbers, rough)}
            rooms = [room for room in data.rooms if room not in tells] + ([] if tells else [TOTAL])
            kept |= {count.of(room): exact(numbers[count.of(room)]) for room in rooms if count.of(room) in numbers}
        found |= _spans(covers, numbers, data.rooms, kept)
    return found


# --- in steps ---------------------------------------------------------------------------------------------------------


Covers = Mapping[tuple[str, str], Sequence[Sequence[Count]]]  # of a count, smaller ones that have all of its rows


@once
def covers_of(data: Data, table: str, period: pd.Period) -> Covers:
    counts = counts_of(data, table, period)
    return {count[:2]: _covers(count, counts[:at]) for at, count in enumerate(counts)}


def wholes(data: Data, period: pd.Period) -> set[tuple[str, str]]:
    """The counts whose rows others have together."""
    return {key for of in data.delivered for key, covers in covers_of(data, of, period).items() if covers}


def _spans(covers: Covers, numbers: Mapping[Key, float], rooms: Sequence[str], kept: Told) -> Told:
    """All counts in steps but those that are kept; a whole, or Totaal, whose parts do not explain its step is told as
    the sum of their ends.
    """
    found = dict(kept)
    for (code, part), of_count in covers.items():
        for room in [*rooms, TOTAL]:
            key = (code, part, room)
            if key in found or key not in numbers:
                continue
            parts = [[one.of(room) for one in cover] for cover in of_count]
            parts += [[(code, part, one) for one in rooms]] if room == TOTAL else []
            found[key] = explained(fives(numbers[key]), [added(map(found.get, whole)) for whole in parts])
    return found


def _covers(whole: Count, smaller: Sequence[Count]) -> list[list[Count]]:
    """Sets of smaller counts, of the same thing, that together have every row of a whole."""
    parts = [part for part in smaller if part.field == whole.field and part.touches(whole)]
    which = sum((part.rows[whole.rows] * 2**at for at, part in enumerate(parts)), np.zeros(whole.rows.sum(), dtype=int))
    held = [frozenset(at for at in range(len(parts)) if row >> at & 1) for row in np.unique(which).tolist()]
    chosen = [frozenset[int]()] if held else []
    for options in sorted(held, key=len):
        chosen = list(dict.fromkeys(sets if sets & options else sets | {one} for sets in chosen for one in options))
    return [[parts[at] for at in sets] for sets in chosen]


# --- exact beside a sensitive figure ----------------------------------------------------------------------------------

Days = Mapping[str, np.ndarray]  # room (or Totaal) -> the day on which each person came first, in order


def _could_tell_of(count: Count, secret: Sequence[Count], period: pd.Period) -> list[list[Count]] | None:
    """The sensitive counts, each and all together, of which a count could say too much if it were exact; None where it
    is never exact.

    In a table that holds a sensitive figure no rows are counted exactly. Of what shares rows with it only a whole, that
    has all of its rows, may be exact: not where the latest row of a person counts, nor in a month that ends no quarter,
    so that what is exact grows by quarters alone.
    """
    touching = [one for one in secret if one.touches(count)]
    whole = all(one.field == count.field and not (one.rows & ~count.rows).any() for one in touching)
    growing = periods.reference_day(period).is_quarter_end and not count.measure.latest_per
    if (secret and not count.field) or (touching and not (whole and growing)):
        return None
    together = list({one.code: one for one in touching}.values())  # of a share the denominator, which comes last
    return [[one] for one in touching] + ([together] if len(together) > 1 else [])


def _tells(
    count: Count, group: Sequence[Count], data: Data, period: pd.Period, numbers: Mapping[Key, float], rough: Told
) -> Iterator[str]:
    """The rooms in which a count, exact, would say more of sensitive ones than their steps do.

    It says how many came for those alone, now or since the end of an earlier quarter: they are at least so many more.
    rough : every count in steps.
    """
    rows = data.tables[count.measure.table]
    alone = _first_days(rows, count, np.logical_or.reduce([one.rows for one in group]))
    came = [_first_days(rows, one, one.rows) for one in group]
    growing = all(one.measure.time != "peildatum" for one in (count, *group))
    ends = pd.date_range(periods.start(period), periods.reference_day(period), freq="QE")[:-1] if growing else []
    for room in [*data.rooms, TOTAL]:
        now = added(rough.get(one.of(room)) for one in group)
        tells = len(group) == 1 and numbers.get(count.of(room), now.high) < now.high
        for end in [pd.Timestamp.min, *ends]:
            before = added(_until(end, days, room, data.rooms) for days in came)
            since = len(alone[room]) - np.searchsorted(alone[room], end.to_datetime64(), side="right")
            tells |= bool(before.low + since > now.low or now.high - since < before.high)
        if tells:
            yield room


def _first_days(rows: pd.DataFrame, count: Count, inside: np.ndarray) -> Days:
    """When those came first of whom every counted row is inside."""
    day = "datum" if count.measure.time == "datum" else count.measure.begin
    columns = {"room": rows["kamer"].astype("str"), "person": rows[count.field], "day": rows[day], "inside": inside}
    counted = pd.DataFrame(columns)[count.rows].dropna(subset="person")
    both = pd.concat([counted.dropna(subset="room"), counted.assign(room=TOTAL)])
    persons = both.groupby(["room", "person"], observed=True, sort=False).agg({"day": "min", "inside": "all"})
    found = persons[persons["inside"]].sort_values("day").groupby("room")["day"]
    return defaultdict(lambda: np.array([], "datetime64[ns]"), {room: days.to_numpy() for room, days in found})


def _until(end: pd.Timestamp, came: Days, room: str, rooms: Sequence[str]) -> Span:
    """How many had come by a day, as it was told then."""
    told_then = fives(int(np.searchsorted(came[room], end.to_datetime64(), side="right")))
    return explained(told_then, [added(_until(end, came, one, ()) for one in rooms)] if room == TOTAL else [])


# --- rows -------------------------------------------------------------------------------------------------------------


@once
def sparse(data: Data, period: pd.Period, table: str) -> set[str]:
    """The rooms (and then Totaal too) where a number of rows, even in steps, would say who came how often.

    That is where in some month nearly every row is the first of another person for another indicator.
    """
    rows = data.tables[table]
    counts = [count for count in counts_of(data, table, period) if count.measure.of_persons and count.field]
    if not counts or "datum" not in rows:
        return set()
    last, field = periods.reference_day(period), counts[0].field
    columns = {"room": rows["kamer"].astype("str"), "person": rows[field], "day": rows["datum"]}
    columns |= {str(at): count.rows for at, count in enumerate(counts)}
    here = pd.DataFrame(columns)[rows["datum"].between(periods.start(period), last)].sort_values("day", kind="stable")
    again = here["person"].isna() | here.duplicated([name for name in here if name != "day"])
    repeats = again.groupby([here["room"], here["day"].dt.month]).sum()
    found = set(repeats.index[repeats < ENOUGH].get_level_values(0))
    return found | {TOTAL} if found else found
