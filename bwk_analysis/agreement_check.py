"""What in an agreement does not add up: printed totals against their lines, and figures that cannot all be true."""

from collections.abc import Mapping
from itertools import product
from operator import attrgetter

import numpy as np
import pandas as pd

from bwk_analysis import periods
from bwk_analysis.agreement import POSITIVE, TOTAL, Agreement, once, round_half_up
from bwk_analysis.balance import closings, control_problems, controls, funding_minus_budget, without_any
from bwk_analysis.data import Data
from bwk_analysis.finance import CENT, agreed, euro_per_hour
from bwk_analysis.indicators import total_target
from bwk_analysis.measures import Measure
from bwk_analysis.problems import Problem, counted, frame, message

COLUMNS = ["table", "item", "room", "printed", "computed", "difference", "unit"]
KINDS = {
    "begroting": ("budget",),
    "financiering": ("funding_agreed", "share_agreed"),
    "kengetallen": ("ratio_budget",),
    "vrijwilligersinzet": ("volunteer_hours", "volunteer_value"),
}
VOLUNTEERS_COUNTED = ("vrijwilligersuren", "vrijwilliger", "uniek")  # table, field and kind of a measure
SUMMED = ("uniek", "aantal", "som")  # kinds of measures whose targets of the rooms can be added


def printed_totals(agreement: Agreement) -> tuple[pd.DataFrame, list[Problem]]:
    """Every printed total beside what its lines give. One row is a printed total; difference = printed - computed.

    Ratios are compared after rounding half up to the printed decimals. A total of nothing that is agreed is a problem,
    and so is one that differs: the lines count, nothing is repaired.
    """
    figures = agreed(agreement)
    of_volunteers = figures["kind"].isin(KINDS["vrijwilligersinzet"])  # printed as uren and euro
    figures = figures.assign(item=figures["item"].mask(of_volunteers, figures["unit"]))
    figures = figures.assign(item=figures["item"].map(str.casefold)).set_index(["kind", "room", "item"])["value"]
    rows, problems = [], []
    for printed in agreement.printed.itertuples():
        computed = _computed(figures, str(printed.table).casefold(), str(printed.item).casefold(), str(printed.room))
        place = [printed.file, printed.sheet, printed.cell, printed.column]
        if np.isnan(computed):
            problems.append(message("unknown_total", *place))
            continue
        shown = round_half_up(computed, printed.decimals + 2 * printed.percentage)
        difference = printed.printed - (shown if printed.percentage else computed)
        unit = "aandeel" if printed.percentage else "uren" if str(printed.item).casefold() == "uren" else "euro"
        difference = 0.0 if abs(difference) < CENT * (0.1 if printed.percentage else 1) else difference
        rows.append([printed.table, printed.item, printed.room, printed.printed, computed, difference, unit])
        if difference:
            said = {"table": printed.table, "item": printed.item, "room": printed.room}
            problems.append(message("misprint", *place, **said))
    return pd.DataFrame(rows, columns=COLUMNS), problems


def _computed(figures: pd.Series, table: str, item: str, room: str) -> float:
    """The sum of what an item, `A` or `A+B`, is made of; not a number where nothing is."""
    for kind, terms in product(KINDS.get(table, ()), ([item], item.split("+"))):
        found = sum(figures.get((kind, room, term.strip()), np.nan) for term in terms)
        if not np.isnan(found):
            return float(found)
    return np.nan


def observations(agreement: Agreement, measures: Mapping[str, Measure]) -> pd.DataFrame:
    """What cannot all be true at once, or is good to know. One row is an observation: subject, room, text (Dutch) and
    the figures it rests on (value, beside), in the unit named."""
    rows = [
        *_shortages(agreement, measures),
        *_unequal_hours(agreement),
        *_uniques(agreement, measures),
        *_hours_of_volunteers(agreement, measures),
        *_totals_of_targets(agreement, measures),
    ]
    return pd.DataFrame(rows, columns=["subject", "room", "text", "value", "beside", "unit"])


def _shortages(agreement: Agreement, measures: Mapping[str, Measure]) -> list[tuple]:
    promised = {code for code, measure in measures.items() if measure.field == "saldo"}
    targets = agreement.targets[agreement.targets["indicator"].isin(promised)]
    rooms = {row.room for row in targets.itertuples() if row.target.value == POSITIVE}
    text = "de financiering is lager dan de begroting, terwijl een positief saldo is afgesproken"
    found = funding_minus_budget(agreement) if promised else pd.Series(dtype=float)
    return [
        ("financiering min begroting", room, text, euro, 0.0, "euro")
        for room, euro in found.items()
        if euro < -CENT and room in rooms
    ]


def _unequal_hours(agreement: Agreement) -> list[tuple]:
    worth = euro_per_hour(agreement).dropna().map(lambda euro: round_half_up(euro, 2))
    if worth.nunique() < 2:
        return []
    text = (
        "een uur van een vrijwilliger is per kamer verschillend gewaardeerd; "
        "een vast bedrag per uur is niet afgesproken"
    )
    overall = agreement.volunteers["euro"].sum() / agreement.volunteers["hours"].sum()
    return [("euro per vrijwilligersuur", room, text, euro, overall, "euro per uur") for room, euro in worth.items()]


def _uniques(agreement: Agreement, measures: Mapping[str, Measure]) -> list[tuple]:
    """Uniques do not add up: someone who uses several services counts once in the whole."""
    found, agreed = [], _numbers(agreement)
    text = (
        "de streefwaarden van de onderdelen zijn samen hoger dan die van het geheel; "
        "wie meer diensten gebruikt telt daar één keer"
    )
    distinct = [measure for measure in measures.values() if measure.kind == "uniek" and not measure.numerator]
    alike = attrgetter("table", "field", "time", "begin")
    for whole, room in product(distinct, agreement.room_codes):
        same = [one for one in distinct if alike(one) == alike(whole) and set(one.scope) > set(whole.scope)]
        parts = [agreed[one.code, room] for one in same if (one.code, room) in agreed]
        total = agreed.get((whole.code, room), np.inf)
        if len(parts) > 1 and sum(parts) > total:
            found.append((f"streefwaarde {whole.code}", room, text, sum(parts), total, "personen"))
    return found


def _numbers(agreement: Agreement) -> dict[tuple[str, str], float]:
    """Indicator and room -> its target, where that is a number."""
    rows = agreement.targets.itertuples()
    return {(row.indicator, row.room): row.target.value for row in rows if isinstance(row.target.value, float)}


def _hours_of_volunteers(agreement: Agreement, measures: Mapping[str, Measure]) -> list[tuple]:
    """Targets of volunteers with hours, times the hours agreed for one, against the hours agreed for their room."""
    each, targets = agreement.settings.hours_per_volunteer or 0.0, _numbers(agreement)
    hours = agreement.volunteers[agreement.volunteers["room"] != TOTAL].groupby("room", sort=False)["hours"].sum()
    text = "zoveel vrijwilligers maal de uren die per vrijwilliger zijn afgesproken, zijn niet de afgesproken uren"
    codes = [code for code, one in measures.items() if (one.table, one.field, one.kind) == VOLUNTEERS_COUNTED]
    return [
        (f"streefwaarde {code}", room, text, targets[code, room] * each, agreed, "uren")
        for code, (room, agreed) in product(codes if each else [], hours.items())
        if (code, room) in targets and abs(targets[code, room] * each - agreed) >= CENT
    ]


def _totals_of_targets(agreement: Agreement, measures: Mapping[str, Measure]) -> list[tuple]:
    """Targets of the whole that are above the sum of the rooms' (of uniques), or are not that sum (of sums)."""
    found, targets = [], _numbers(agreement)
    for code, measure in measures.items():
        parts, whole = [targets.get((code, room)) for room in agreement.room_codes], targets.get((code, TOTAL))
        numbers = [part for part in parts if part is not None]
        if measure.kind not in SUMMED or whole is None or len(numbers) < len(parts):
            continue
        over, is_sum = whole - sum(numbers), measure.kind != "uniek" or measure.per_room
        if over >= CENT or (is_sum and over <= -CENT):
            text = "de streefwaarde van Totaal is " + ("niet" if is_sum else "hoger dan")
            found.append(
                (f"streefwaarde {code}", TOTAL, f"{text} de som van de kamers", whole, sum(numbers), measure.unit)
            )
    return found


def notes(agreement: Agreement, measures: Mapping[str, Measure]) -> list[Problem]:
    """A note per observation, with its figures."""
    file = next(iter(agreement.rooms["file"]), "")
    found = []
    for row in observations(agreement, measures).itertuples():
        both = (f"{round_half_up(number, 2):.2f}".removesuffix(".00") for number in (row.value, row.beside))
        value, beside = (number.replace(".", ",") for number in both)
        said = {"subject": row.subject, "room": row.room, "text": row.text, "value": value, "beside": beside}
        found.append(message("observed", file, **said))
    return found


def missing_targets(agreement: Agreement) -> list[Problem]:
    """A warning per room that lacks targets which other rooms have, with the indicators whose total has none by it."""
    chosen = {row.code: row for row in agreement.indicators.itertuples()}
    by_room = {
        code: dict(zip(rows["room"], rows["target"], strict=True))
        for code, rows in agreement.targets.groupby("indicator")
    }
    problems = []
    for room in agreement.room_codes:
        lacking = [code for code, targets in by_room.items() if TOTAL not in targets and room not in targets]
        others = {code: [one for one in by_room[code] if one in agreement.room_codes] for code in lacking}
        without = [code for code, rooms in others.items() if total_target(by_room[code], chosen[code], rooms)]
        if lacking:
            text = f"; Totaal heeft er dan ook geen voor {', '.join(map(str, without))}" if without else ""
            file, codes = next(iter(agreement.targets["file"]), ""), ", ".join(map(str, lacking))
            problems.append(message("targets_lacking", file, "streefwaarden", room=room, codes=codes, without=text))
    return problems


def beyond_funding(agreement: Agreement) -> list[Problem]:
    """A warning per funder whose earmarks are more than it agreed, in a room or in all, at the last of them."""
    given = agreement.funding[agreement.funding["room"] != TOTAL].groupby(["funder", "room"])["euro"].sum()
    found = []
    for funder, marks in agreement.earmarks.groupby("funder", sort=False):
        of_rooms = given.xs(funder) if funder in given.index else pd.Series(dtype=float)
        for room, part in [*marks.groupby("room"), ("alle kamers", marks)]:
            over = part["euro"].sum() - (of_rooms.sum() if part is marks else of_rooms.get(room, 0.0))
            if over > CENT:
                last = part.iloc[-1]
                said = {"funder": funder, "room": room, "over": f"{over:.2f}".replace(".", ",")}
                found.append(
                    message("earmark_beyond", last["file"], last["sheet"], f"A{last['row']}", "bedrag", **said)
                )
                break
    return found


def silent(data: Data, period: pd.Period) -> list[str]:
    """The tables with rows in every earlier quarter of the year, and none in that of the period."""
    last, found = periods.reference_day(period), []
    for name in data.delivered if last.quarter > 1 else ():
        days = data.tables[name].get("datum", pd.Series(dtype="datetime64[ns]"))
        if set(days[days <= last].dt.quarter) == set(range(1, last.quarter)):
            found.append(name)
    return found


def unanswered(data: Data) -> list[Problem]:
    """A warning with the questions of the survey that nobody answered, where there is a survey."""
    asked = data.agreement.questions["question"].tolist()
    given = [rows["vraag"] for name, rows in data.tables.items() if name in data.delivered and "vraag" in rows]
    without = [question for question in asked if given and not any(of.eq(question).any() for of in given)]
    return [message("unanswered", questions=", ".join(map(str, without)))] if without else []


def while_closed(data: Data) -> list[Problem]:
    """A warning per sheet and room with rows before the room opened or after it closed. Costs may come before."""
    rooms, found = data.agreement.rooms.set_index("room"), []
    registered = [rows for rows in data.tables.values() if {"kamer", "datum"} <= {*rows} and "bedrag" not in rows]
    for rows in registered if rooms[["opens", "closes"]].notna().any(axis=None) else []:
        code = rows["kamer"].astype("str")
        closed = (rows["datum"] < code.map(rooms["opens"])) | (rows["datum"] > code.map(rooms["closes"]))
        for (file, sheet, room), lines in rows[closed].groupby(["source_file", "source_sheet", "kamer"], observed=True):
            numbers = counted(len(lines), "regel", "regels")
            cell = f"A{lines['source_row'].min()}"
            found.append(message("room_closed", file, sheet, cell, "kamer", room=room, lines=numbers))
    return found


@once
def problems(data: Data, period: pd.Period) -> pd.DataFrame:
    """Everything that is wrong, or good to know: of the files, the ledger's controls and the agreement itself.

    One row is a problem, the most harmful first.
    """
    failing = controls(data, period)[1]
    whole = without_any(data)
    found = [
        *(Problem(*row) for row in data.problems.itertuples(index=False)),
        *whole.values(),
        *control_problems(failing[~failing["control"].isin(list(whole))]),
        *closings(data),
        *printed_totals(data.agreement)[1],
        *missing_targets(data.agreement),
        *beyond_funding(data.agreement),
        *unanswered(data),
        *while_closed(data),
        *(message("silent", "", table=name, period=period) for name in silent(data, period)),
        *notes(data.agreement, data.measures),
    ]
    return frame(found)
