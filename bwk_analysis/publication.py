"""What a page may show: the figures of a quarter for one edition, with names in place of codes.

Charts, tables, sentences and workbooks get these frames and nothing else.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from bwk_analysis import indicators, periods, privacy, trends
from bwk_analysis.agreement import TOTAL, Agreement, Target
from bwk_analysis.results import Results

YEARLY = "per vrijwilliger per jaar"
PER_PERSON = "euro per deelnemer"


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


def publish(results: Results, edition: str, before: pd.DataFrame | None = None) -> Publication:
    """The figures of a quarter for an edition (`bestuur` or `openbaar`).

    before : the scorecard of the quarter before, for the changes since; None when there is none in the year.
    """
    agreement, period, tables = results.agreement, results.period, results.tables
    rooms, names = agreement.room_codes, agreement.room_names
    leading = agreement.settings.cost_per
    measure = results.measures.get(leading)
    scorecard = protect(results.scorecard, results, edition)
    frames = {
        "weekly": trends.participants_by_week(measure, tables.get(measure.table), rooms, period)
        if measure
        else _no_weeks(),
        "hours": trends.hours_by_month(tables.get("vrijwilligersuren"), rooms, period),
        "registrations": trends.registrations_by_month(tables, rooms, period),
        "answers": trends.answers(agreement, tables.get("enquete"), period),
        "answer_shares": trends.answer_shares(agreement, tables.get("enquete"), period),
        "referrals": trends.referrals(tables.get("doorverwijzingen"), rooms, period),
    }
    if edition == privacy.PUBLIC:
        frames = _for_public(frames)
    else:
        few = privacy.is_small(frames["registrations"]["rows"], agreement.settings.threshold)
        frames["registrations"] = frames["registrations"].assign(rows=frames["registrations"]["rows"].mask(few))
    frames["finance"] = _public_finance(results, scorecard) if edition == privacy.PUBLIC else results.finance
    named = {name: _with_names(frame, names) for name, frame in frames.items()}
    leading_rows = scorecard[
        (scorecard["indicator"] == leading) & scorecard["target"].map(lambda t: isinstance(t, float))
    ]
    explained = agreement.explanations[agreement.explanations["period"].str.upper() == str(period)]
    return Publication(
        edition=edition,
        period=period,
        agreement=agreement,
        leading=leading,
        scorecard=_described(scorecard, agreement),
        previous=_described(protect(before, results, edition), agreement) if before is not None else scorecard.iloc[:0],
        targets_by_room={names[row.room]: row.target for row in leading_rows.itertuples()},
        explanations=_with_names(explained, names),
        problems=results.problems,
        accounting=results.accounting,
        printed_totals=_with_names(results.printed_totals, names),
        observations=_with_names(results.observations, names),
        files=results.files,
        **named,
    )


def _no_weeks() -> pd.DataFrame:
    return pd.DataFrame(columns=["room", "week", "persons"])


def _with_names(frame: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    return frame.assign(room=frame["room"].map(lambda code: names.get(code, code)))


def _described(scorecard: pd.DataFrame, agreement: Agreement) -> pd.DataFrame:
    """The scorecard with room names, and each indicator's name and definition."""
    about = agreement.indicators.set_index("code")
    definition = about["explanation"].where(about["explanation"].notna(), about["method"]).fillna("")
    described = _with_names(scorecard, agreement.room_names)
    return described.assign(
        name=described["indicator"].map(about["name"]), definition=described["indicator"].map(definition)
    )


def protect(scorecard: pd.DataFrame, results: Results, edition: str) -> pd.DataFrame:
    """A scorecard as an edition may show it."""
    if edition == privacy.PUBLIC:
        return privacy.for_public(scorecard, lambda row: _judge(row, results), TOTAL)
    chosen = results.agreement.indicators
    sensitive = chosen.loc[chosen["sensitive"] == "ja", "code"]
    return privacy.for_board(scorecard, sensitive, results.agreement.settings.threshold, TOTAL)


def _judge(row: pd.Series, results: Results) -> dict[str, object]:
    """Status and interval of a published figure, from its rounded parts."""
    value = row["value"]
    if not isinstance(value, (int, float)) or np.isnan(value):
        return {}
    found: dict[str, object] = {"status": indicators.NO_TARGET, "uncertain": False}
    if row["unit"] == "aandeel" and row["denominator"] > 0:
        numerator = min(row["numerator"], row["denominator"])
        found["lower"], found["upper"] = indicators.wilson(int(numerator), int(row["denominator"]))
    if isinstance(row["target"], (int, float)) and not np.isnan(row["target"]):
        measure = results.measures[row["indicator"]]
        target = Target(row["operator"], row["target"])
        found["status"] = indicators.judge(value, target, measure, results.period, results.agreement.settings)
        if "lower" in found:
            found["uncertain"] = found["lower"] <= row["target"] <= found["upper"]
    return found


def _for_public(frames: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """Counts of persons rounded, totals as the sum of the rounded rooms, shares from rounded counts."""
    public = frames | {"weekly": frames["weekly"][frames["weekly"]["room"] != TOTAL]}
    counts = {"weekly": "persons", "answers": "persons", "referrals": "persons", "registrations": "rows"}
    public |= {name: privacy.rounded_counts(public[name], column) for name, column in counts.items()}
    public["answers"] = _total_of_rooms(public["answers"], ["persons"])
    public["referrals"] = _total_of_rooms(public["referrals"], ["persons"])
    shares = privacy.rounded_counts(privacy.rounded_counts(frames["answer_shares"], "numerator"), "n")
    shares = _total_of_rooms(shares, ["numerator", "n"]).dropna(subset=["numerator", "n"])
    bounds = [indicators.wilson(int(min(row.numerator, row.n)), int(row.n)) for row in shares.itertuples()]
    shares[["lower", "upper"]] = pd.DataFrame(bounds, columns=["lower", "upper"], index=shares.index)
    public["answer_shares"] = shares.assign(share=(shares["numerator"] / shares["n"]).clip(upper=1.0))
    return public


def _total_of_rooms(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Totaal as the sum of what is shown of the rooms."""
    keys = [name for name in ("question", "answer", "stage") if name in frame]
    is_total = frame["room"] == TOTAL
    sums = frame[~is_total].groupby(keys)[columns].sum(min_count=1)
    totals = frame[is_total].drop(columns=columns).join(sums, on=keys)
    return pd.concat([frame[~is_total], totals])[frame.columns].reset_index(drop=True)


def _public_finance(results: Results, scorecard: pd.DataFrame) -> pd.DataFrame:
    """Finance without a figure that, multiplied back, gives an exact number of persons."""
    money = results.finance.copy()
    people = pd.to_numeric(
        scorecard[scorecard["indicator"] == results.agreement.settings.cost_per].set_index("room")["value"]
    )
    costs = money[(money["kind"] == "realised") & (money["item"] == TOTAL)].set_index("room")["value"]
    per_person = costs / people.mask(people == 0)
    money["value"] = money["value"].mask(money["item"] == PER_PERSON, money["room"].map(per_person))
    yearly = money["item"] == YEARLY
    hours = money[money["item"] == "gerealiseerd"].query("kind == 'volunteer_hours'").set_index("room")["value"]
    elapsed = float(periods.elapsed(results.period))
    volunteers = privacy.rounded((hours / money[yearly].set_index("room")["value"] / elapsed).round())
    money["value"] = money["value"].mask(yearly, money["room"].map(hours / volunteers / elapsed))
    return money
