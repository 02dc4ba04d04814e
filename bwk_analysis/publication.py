"""What a page may show: the figures of a quarter for one edition, with names in place of codes.

Charts, tables, sentences and workbooks get these frames and nothing else.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from bwk_analysis import indicators, measures, periods, privacy, trends
from bwk_analysis.agreement import TOTAL, Agreement, Target
from bwk_analysis.door.schema import Schema, load_schema
from bwk_analysis.door.spelling import fold
from bwk_analysis.finance import PER_PERSON, PER_VISIT, REALISED, YEARLY
from bwk_analysis.measures import Measure, holds, in_time
from bwk_analysis.results import Results, of_indicators

VISITS, SURVEY, REFERRALS, HOURS = "deelnames", "enquete", "doorverwijzingen", "vrijwilligersuren"
AGREES_SCALE = "eens5"


@dataclass(frozen=True)
class Publication:
    """Frames that may be shown. Rooms go by their names; a hidden figure is empty and `hidden` says what to show.

    scorecard : indicator x room with name and definition. previous : the same for the quarter before, in the same year.
    weekly, hours, registrations, answers, answer_shares, referrals : see `trends`. targets_by_room : of the indicator
    that costs are divided by (`leading`). explanations : the rooms' own words for this quarter.
    """

    edition: str
    period: pd.Period
    agreement: Agreement
    leading: str
    scorecard: pd.DataFrame
    previous: pd.DataFrame
    finance: pd.DataFrame
    weekly: pd.DataFrame
    hours: pd.DataFrame
    registrations: pd.DataFrame
    answers: pd.DataFrame
    answer_shares: pd.DataFrame
    referrals: pd.DataFrame
    targets_by_room: dict[str, float]
    question_targets: dict[str, float]
    explanations: pd.DataFrame
    problems: pd.DataFrame
    accounting: pd.DataFrame
    printed_totals: pd.DataFrame
    observations: pd.DataFrame
    files: dict[str, str]

    @property
    def rooms(self) -> list[str]:
        """The rooms' names, in the order of the agreement."""
        return self.agreement.rooms["name"].tolist()

    @property
    def answers_by_question(self) -> list[pd.DataFrame]:
        """The answers of all rooms together, a frame per question that was answered."""
        overall = self.answers[self.answers["room"] == TOTAL]
        return [rows for _, rows in overall.groupby("question", sort=False) if rows["persons"].sum() > 0]

    @staticmethod
    def of_room(frame: pd.DataFrame, room: str) -> pd.DataFrame:
        """The rows of one room."""
        return frame[frame["room"] == room]

    @property
    def groups(self) -> dict[str, str]:
        """Groups of budget lines as in the agreement, and Totaal: item -> label."""
        groups = self.agreement.budget.drop_duplicates("group")
        names = (groups["group"] + " " + groups["group_name"].fillna("")).str.strip()
        return dict(zip(groups["group"], names, strict=True)) | {TOTAL: TOTAL}

    @property
    def posts(self) -> dict[str, str]:
        """Budget lines, each group below its own, and Totaal: item -> label."""
        names = self.groups
        labels: dict[str, str] = {}
        lines = self.agreement.budget.drop_duplicates("post")
        for group, posts in lines.groupby("group", sort=False):
            described = posts["description"].fillna("")
            labels |= dict(zip(posts["post"], (posts["post"] + " " + described).str.strip(), strict=True))
            labels[str(group)] = f"{names[str(group)]} samen"
        return labels | {TOTAL: TOTAL}

    @property
    def funders(self) -> list[str]:
        return list(self.agreement.funding["funder"].drop_duplicates())

    @property
    def kinds(self) -> list[str]:
        return list(self.agreement.funding["kind"].drop_duplicates())


def publish(results: Results, edition: str, before: pd.DataFrame | None = None) -> Publication:
    """The figures of a quarter for an edition (`bestuur` or `openbaar`).

    before : the scorecard of the quarter before, for the changes since; None when there is none in the year.
    """
    agreement, period, names = results.agreement, results.period, results.agreement.room_names
    if edition == privacy.PUBLIC:
        cards = [_for_everyone(card, results) for card in (before, results.scorecard) if card is not None]
        frames = _public_frames(results, cards[-1])
    else:
        quarters = [*_earlier(results, before), results.scorecard]
        cards = privacy.for_board(
            quarters, _sensitive(results), measures.narrower(results.measures), agreement.settings.threshold, TOTAL
        )
        frames = _board_frames(results, cards)
        cards = [card.drop(columns=["concealed", "at_most"]) for card in cards]
    scorecard, previous = cards[-1], cards[-2] if before is not None else cards[-1].iloc[:0]
    named = {name: _with_names(frame, names) for name, frame in frames.items() if "room" in frame}
    leading = agreement.settings.cost_per
    has_target = (scorecard["indicator"] == leading) & scorecard["target"].map(lambda target: isinstance(target, float))
    explained = agreement.explanations[agreement.explanations["period"].str.upper() == str(period)]
    return Publication(
        edition=edition,
        period=period,
        agreement=agreement,
        leading=leading,
        scorecard=_described(scorecard, results),
        previous=_described(previous, results),
        targets_by_room={names[row.room]: row.target for row in scorecard[has_target].itertuples()},
        question_targets=_question_targets(results),
        explanations=_with_names(explained, names),
        printed_totals=_with_names(results.printed_totals, names),
        observations=_with_names(results.observations, names),
        files=results.files,
        **(frames | named),
    )


def _question_targets(results: Results) -> dict[str, float]:
    """Question -> the share of respondents that was agreed, where an indicator counts it and all rooms have the
    same.
    """
    overall = results.scorecard[(results.scorecard["room"] == TOTAL) & (results.scorecard["unit"] == "aandeel")]
    agreed = {row.indicator: row.target for row in overall.itertuples() if isinstance(row.target, float)}
    return {
        condition.wanted[0]: agreed[code]
        for code, measure in results.measures.items()
        for condition in measure.scope
        if condition.column == "vraag" and code in agreed and not np.isnan(agreed[code])
    }


def _with_names(frame: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    return frame.assign(room=frame["room"].map(lambda code: names.get(code, code)))


def _described(scorecard: pd.DataFrame, results: Results) -> pd.DataFrame:
    """The scorecard with room names, and each indicator's name, definition and unit, with or without data."""
    agreement = results.agreement
    about = agreement.indicators.set_index("code")
    units = scorecard["indicator"].map({code: measure.unit for code, measure in results.measures.items()})
    definition = about["explanation"].where(about["explanation"].notna(), about["method"]).fillna("")
    described = _with_names(scorecard, agreement.room_names)
    return described.assign(
        name=described["indicator"].map(about["name"]),
        definition=described["indicator"].map(definition),
        unit=described["unit"].where(described["unit"].notna(), units).fillna(""),
    )


def _exact_frames(results: Results) -> dict[str, pd.DataFrame]:
    """What stands beside the scorecard, as it is: not to be shown."""
    agreement, tables, period = results.agreement, results.tables, results.period
    rooms, measure = agreement.room_codes, results.measures.get(agreement.settings.cost_per)
    return {
        "weekly": participants_by_week(measure, tables.get(measure.table) if measure else None, rooms, period),
        "hours": hours_by_month(tables.get(HOURS), rooms, period),
        "registrations": registrations_by_month(tables, rooms, period),
        "answers": trends.answers(results.data, period),
        "answer_shares": trends.answer_shares(results.data, period),
        "referrals": trends.stages(results.data, period),
    }


# --- for the board ----------------------------------------------------------------------------------------------------


def _sensitive(results: Results) -> list[str]:
    chosen = results.agreement.indicators
    return [code for code in chosen.loc[chosen["sensitive"] == "ja", "code"] if code in results.measures]


def _earlier(results: Results, before: pd.DataFrame | None) -> list[pd.DataFrame]:
    """The scorecards of the year's earlier quarters, as the data are now; `before` is the last where it is given.

    The others hold what matters to what is hidden: the indicators of the tables that sensitive ones count.
    """
    measures, tables = results.measures, {results.measures[code].table for code in _sensitive(results)}
    chosen = results.agreement.indicators
    chosen = chosen[[code in measures and measures[code].table in tables for code in chosen["code"]]]
    quarters = [results.period - back for back in range(results.period.quarter - 1, 0, -1)]
    missing = [] if chosen.empty else quarters if before is None else quarters[:-1]
    found = [of_indicators(results, chosen, quarter) for quarter in missing]
    return found if before is None else [*found, before]


def _board_frames(results: Results, cards: list[pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """What stands beside the scorecard, without what would give a hidden figure away.

    cards : the protected scorecards of the year's quarters. Where a figure of a room is hidden, no other counts of its
    table are shown, and rows only where they are so many that they do not say how few persons there are.
    """
    now, measures, sensitive = periods.reference_day(results.period), results.measures, _sensitive(results)
    rows = registrations_by_month(results.tables, results.agreement.room_codes, results.period)
    tables = dict.fromkeys(measures[code].table for code in sensitive)
    codes = {table: [code for code, measure in measures.items() if measure.table == table] for table in tables}
    hidden = {table: _hidden_until(cards, codes[table]) for table in tables}
    telling = {table: _hidden_until(cards, codes[table], rows[rows["table"] == table]) for table in tables}

    frames = _exact_frames(results)
    leading = results.agreement.settings.cost_per
    until = _hidden_until(cards, [leading])
    weekly = frames["weekly"] if leading not in sensitive else frames["weekly"].iloc[:0]  # every week adds a few
    hidden_week = weekly["week"] <= pd.to_datetime(weekly["room"].map(until))
    frames["weekly"] = weekly.assign(persons=weekly["persons"].mask(hidden_week))
    for name, table in (("answers", SURVEY), ("answer_shares", SURVEY), ("referrals", REFERRALS)):
        frames[name] = _without_rooms(frames[name], _rooms_at(now, hidden.get(table, {})))
    small = privacy.is_small(rows["rows"], results.agreement.settings.threshold) & rows["table"].isin(list(tables))
    last_hidden = [telling.get(row.table, {}).get(row.room) for row in rows.itertuples()]
    past = rows["month"] <= pd.to_datetime(pd.Series(last_hidden, index=rows.index, dtype=object))
    frames["registrations"] = in_words(rows.assign(rows=rows["rows"].mask((small | past) & (rows["rows"] > 0))))
    frames["finance"] = _without_items(
        results.finance,
        {
            PER_PERSON: _rooms_at(now, until),
            PER_VISIT: _rooms_at(now, telling.get(VISITS, {})),
            YEARLY: _rooms_at(now, hidden.get(HOURS, {})),
        },
    )
    incomplete = [table for table in tables if telling[table] or small[rows["table"] == table].any()]
    return frames | {"problems": results.problems, "accounting": _without_sheets(results, incomplete)}


def _hidden_until(
    cards: list[pd.DataFrame], codes: Collection[str], rows: pd.DataFrame | None = None
) -> dict[str, pd.Timestamp]:
    """Room -> the end of the last quarter in which something of these indicators was hidden there.

    rows : per room and month; then only where there were fewer than the indicators can have persons.
    """
    until: dict[str, pd.Timestamp] = {}
    for card in cards:
        day = periods.reference_day(pd.Period(card["period"].iloc[0], freq="Q"))
        of_table = card[card["indicator"].isin(list(codes))]
        rooms = set(of_table.loc[of_table["concealed"], "room"])
        if rows is not None and len(rows):
            counted = rows[rows["month"] <= day].groupby("room")["rows"].sum()
            counted[TOTAL] = counted.sum()
            most = of_table.groupby("room")["at_most"].sum()
            rooms &= set(most.index[counted.reindex(most.index, fill_value=0) < most])
        until |= dict.fromkeys([*rooms, TOTAL] if rooms else [], day)
    return until


def _rooms_at(day: pd.Timestamp, until: Mapping[str, pd.Timestamp]) -> list[str]:
    return [room for room, last in until.items() if last == day]


def _without_rooms(frame: pd.DataFrame, rooms: list[str]) -> pd.DataFrame:
    """The frame with the figures of some rooms left empty."""
    gone = frame["room"].isin(rooms)
    figures = [name for name in ("persons", "numerator", "share", "lower", "upper", "n") if name in frame]
    shown = frame.assign(hidden=np.where(gone, privacy.NOT_SHOWN, ""))
    return shown.assign(**{name: frame[name].mask(gone) for name in figures})


def _without_items(money: pd.DataFrame, rooms_of: Mapping[str, Collection[str]]) -> pd.DataFrame:
    gone = pd.Series(False, money.index)
    for item, rooms in rooms_of.items():
        gone |= (money["item"] == item) & money["room"].isin(list(rooms))
    return money.assign(value=money["value"].mask(gone))


def _without_sheets(results: Results, tables: Collection[str]) -> pd.DataFrame:
    """The accounting without the counts of the sheets that hold these tables."""
    held = [results.tables[name][["source_file", "source_sheet"]] for name in tables if name in results.tables]
    sheets = {tuple(map(str, pair)) for frame in held for pair in frame.drop_duplicates().itertuples(index=False)}
    accounting = results.accounting
    gone = pd.Series([pair in sheets for pair in zip(accounting["file"], accounting["sheet"], strict=True)], dtype=bool)
    return _without_counts(accounting, gone.set_axis(accounting.index))


def _without_counts(accounting: pd.DataFrame, gone: pd.Series) -> pd.DataFrame:
    counts = accounting.filter(regex="^rows_")
    return accounting.assign(**counts.mask(gone))


# --- for everyone -----------------------------------------------------------------------------------------------------


def _for_everyone(scorecard: pd.DataFrame, results: Results) -> pd.DataFrame:
    of_persons = [code for code, measure in results.measures.items() if measure.of_persons]
    parts = divided(results.measures, load_schema())
    return privacy.for_public(scorecard, of_persons, parts, lambda row: _judge(row, results), TOTAL)


def _judge(row: pd.Series, results: Results) -> dict[str, Any]:
    """Status and interval of a published figure, from its rounded parts."""
    value = row["value"]
    if not isinstance(value, (int, float)) or np.isnan(value):
        return {}
    found: dict[str, Any] = {"status": indicators.NO_TARGET, "uncertain": False}
    if row["unit"] == "aandeel" and row["denominator"] > 0:
        found["lower"], found["upper"] = indicators.wilson(int(row["numerator"]), int(row["denominator"]))
    if isinstance(row["target"], (int, float)) and not np.isnan(row["target"]):
        measure = results.measures[row["indicator"]]
        target = Target(row["operator"], row["target"])
        statuses = {_status(may_be, target, measure, results) for may_be in _may_be(row)}
        found["status"] = statuses.pop() if len(statuses) == 1 else privacy.HIDDEN
        if "lower" in found:
            found["uncertain"] = found["lower"] <= row["target"] <= found["upper"]
    return found


def _status(value: float, target: Target, measure: Measure, results: Results) -> str:
    over_time = measure.time == "datum" and measure.kind in indicators.ADDED
    interim = indicators._exact(target.value) * (periods.elapsed(results.period) if over_time else 1)
    return indicators.status(indicators._exact(value), interim, target.operator, results.agreement.settings.near)


def _may_be(row: pd.Series) -> tuple[float, float]:
    """The least and the most that a rounded figure may stand for; a status that differs between them is not told."""
    value, half = float(row["value"]), privacy.PUBLIC_ROUNDING // 2
    if row["unit"] == "cijfer":
        return value, value
    if row["unit"] == "personen" or not row["denominator"] > half:
        return (value - half, value + half) if value else (value, value)
    least = (row["numerator"] - half) / (row["denominator"] + half)
    return max(0.0, least), min(1.0, (row["numerator"] + half) / (row["denominator"] - half))


def _public_frames(results: Results, scorecard: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """What stands beside the scorecard, from rounded counts alone.

    Not for everyone are numbers of rows, counts per week and per answer: each is a sum of persons, or a part of one,
    that held against the rounded numbers would say what they were rounded from.
    """
    exact = _exact_frames(results)
    asked = results.agreement.questions
    of_agreement = asked.loc[asked["scale"] == AGREES_SCALE, "question"]  # of marks, the mean is in the scorecard
    shares = exact["answer_shares"]
    last_day = pd.Timestamp(periods.reference_day(results.period))
    leading = scorecard[(scorecard["indicator"] == results.agreement.settings.cost_per) & (scorecard["room"] != TOTAL)]
    leading = leading[leading["value"].notna() | (leading["hidden"] != "")]
    counts = results.accounting
    return exact | {
        "weekly": leading.assign(week=last_day, persons=leading["value"].astype(float))[["room", "week", "persons"]],
        "referrals": privacy.shown_totals(exact["referrals"], "persons", ["stage"], TOTAL),
        "answers": exact["answers"].iloc[:0],
        "answer_shares": _public_shares(shares[shares["question"].isin(of_agreement)]),
        "registrations": exact["registrations"].iloc[:0],
        "finance": _public_finance(results, scorecard),
        "accounting": _without_counts(counts, pd.Series(True, counts.index)),
        "problems": _without_places(results.problems),
    }


def _public_shares(shares: pd.DataFrame) -> pd.DataFrame:
    """Shares from rounded counts; Totaal from the rooms, when all of them are shown."""
    parts = ["numerator", "n"]
    rooms = shares[shares["room"] != TOTAL]
    rooms = rooms.assign(**{name: privacy.rounded(rooms[name]) for name in parts})
    complete = rooms[parts].notna().all(axis=1).groupby(rooms["question"]).all()
    sums = rooms.groupby("question")[parts].sum()[complete]
    totals = shares[shares["room"] == TOTAL].drop(columns=parts).join(sums, on="question")
    shown = pd.concat([rooms, totals])[shares.columns].dropna(subset=parts).reset_index(drop=True)
    bounds = [indicators.wilson(int(row.numerator), int(row.n)) for row in shown.itertuples()]
    shown[["lower", "upper"]] = pd.DataFrame(bounds, columns=["lower", "upper"], index=shown.index, dtype=float)
    return shown.assign(share=shown["numerator"] / shown["n"])


def _public_finance(results: Results, scorecard: pd.DataFrame) -> pd.DataFrame:
    """Finance without a figure that, multiplied back, gives an exact number of persons or visits."""
    money = results.finance
    persons = scorecard[scorecard["indicator"] == results.agreement.settings.cost_per].set_index("room")["value"]
    hours = _of_item(money, "volunteer_hours", REALISED)
    elapsed = float(periods.elapsed(results.period))
    volunteers = privacy.rounded((hours / _of_item(money, "volunteer_hours", YEARLY) / elapsed).round())
    volunteers[TOTAL] = volunteers.drop(TOTAL).sum(min_count=1)
    figures = {
        PER_PERSON: _of_item(money, "realised", TOTAL) / pd.to_numeric(persons).replace(0, np.nan),
        PER_VISIT: pd.Series(dtype=float),
        YEARLY: hours / volunteers.replace(0, np.nan) / elapsed,
    }
    value = money["value"]
    for item, by_room in figures.items():
        value = value.mask(money["item"] == item, money["room"].map(by_room))
    return money.assign(value=value)


def _of_item(money: pd.DataFrame, kind: str, item: str) -> pd.Series:
    """Room -> value."""
    return money[(money["kind"] == kind) & (money["item"] == item)].set_index("room")["value"]


def _without_places(problems: pd.DataFrame) -> pd.DataFrame:
    """Problems without rows and their numbers, which say how many rows there are."""
    texts = problems["problem"]
    nowhere = dict.fromkeys(["file", "sheet", "cell", "column", "advice"], "")
    return problems.assign(problem=texts.mask(texts.str.contains(r"\d"), ""), **nowhere)


# --- frames of before ---

TABLES_IN_WORDS = {"vrijwilligersuren": "uren vrijwilligers", "enquete": "enquête"}


def participants_by_week(
    measure: Measure | None, table: pd.DataFrame | None, rooms: list[str], period: pd.Period
) -> pd.DataFrame:
    """Distinct persons since 1 January, week by week. One row is a room (or Totaal) and the last day of a week."""
    columns = ["room", "week", "persons"]
    if measure is None or table is None or measure.kind != "uniek" or measure.time != "datum":
        return pd.DataFrame(columns=columns)
    counted = in_time(table, measure, period) & holds(table, (*measure.scope, *measure.numerator))
    rows = table.loc[counted, ["datum", "kamer", measure.field]].dropna()
    weeks = pd.date_range(periods.start(period), periods.reference_day(period), freq="W-SUN")
    weeks = weeks.union([periods.reference_day(period)])
    rows = rows.sort_values("datum", kind="stable")
    parts = []
    for room in [*rooms, TOTAL]:
        here = rows if room == TOTAL else rows[rows["kamer"] == room]
        first = here.drop_duplicates(measure.field)["datum"].to_numpy()
        if len(first):
            persons = np.searchsorted(first, weeks.to_numpy(), side="right")
            parts.append(pd.DataFrame({"room": room, "week": weeks, "persons": persons.astype(float)}))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _months(period: pd.Period) -> pd.DatetimeIndex:
    return pd.date_range(periods.start(period), periods.reference_day(period), freq="MS")


def _per_month(rows: pd.DataFrame, rooms: list[str], period: pd.Period, column: str = "") -> pd.Series:
    """Rows, or the sum of a column, per room and month of the window; a month without rows is 0."""
    month = rows["datum"].dt.to_period("M").dt.to_timestamp()
    grouped = rows.groupby([rows["kamer"].astype("str"), month])
    found = grouped[column].sum() if column else grouped.size()
    every = pd.MultiIndex.from_product([rooms, _months(period)], names=["room", "month"])
    return found.rename_axis(["room", "month"]).reindex(every, fill_value=0)


def hours_by_month(table: pd.DataFrame | None, rooms: list[str], period: pd.Period) -> pd.DataFrame:
    """Volunteers' hours. One row is a room and a month."""
    if table is None:
        return pd.DataFrame(columns=["room", "month", "hours"])
    return _per_month(periods.in_window(table, period), rooms, period, "uren").rename("hours").reset_index()


def registrations_by_month(tables: Mapping[str, pd.DataFrame], rooms: list[str], period: pd.Period) -> pd.DataFrame:
    """What was registered when. One row is a table, a room and a month; the ledger and registers without dates left
    out.
    """
    parts = [
        _per_month(periods.in_window(rows, period), rooms, period).rename("rows").reset_index().assign(table=name)
        for name, rows in tables.items()
        if {"datum", "kamer"} <= set(rows)
    ]
    columns = ["table", "room", "month", "rows"]
    return pd.concat(parts, ignore_index=True)[columns] if parts else pd.DataFrame(columns=columns)


def in_words(registrations: pd.DataFrame) -> pd.DataFrame:
    """Registrations with the names of tables as a reader knows them."""
    return registrations.assign(table=registrations["table"].replace(TABLES_IN_WORDS))


def divided(found: Mapping[str, Measure], schema: Schema) -> dict[str, list[str]]:
    """Measure -> narrower measures that together leave none of its rows out: each has other words of one column, and
    all its listed words are there. Together these are never fewer than the whole.
    """
    whole_and_parts: dict[str, list[str]] = {}
    for whole, parts in measures.narrower(found).items():
        for column, words in schema.tables[found[whole].table].words.items():
            one_more = {
                part: extra[0].wanted
                for part in parts
                if len(extra := [c for c in found[part].scope if c not in found[whole].scope]) == 1
                and (extra[0].column, extra[0].operator) == (column, "=")
            }
            if {word for wanted in one_more.values() for word in wanted} >= set(map(fold, words.values())):
                whole_and_parts[whole] = list(one_more)
    return whole_and_parts
