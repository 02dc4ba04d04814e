"""Made-up frames for what readers see: plausible ones, and ones that try to break a chart or a table."""

import pandas as pd

from bwk_analysis.disclosure import Span

ROOMS = ["Kamer Noord", "De Werkplaats", "Zuiderhuis"]
NASTY = '<script>alert(1)</script><img src=x onerror=alert(2)> [klik](http://kwaad.example) $x^2$ & "q" \U0001f600 =1+1'
LONG = "Doorverwezen bewoners met een uitkering of beperkte loonwaarde"  # 62 characters

INDICATORS = [
    # code, level, name, unit, target, operator
    ("I1", "impact", "Vertrouwen in eigen kunnen", "aandeel", 0.5, ">"),
    ("I2", "impact", "Minder overlast", "aandeel", 0.02, ">"),
    ("O1", "output", "Sleutelbeheerders", "personen", 15.0, ">"),
    ("O5", "output", LONG, "personen", 10.0, ">"),
    ("P4", "proces", "Taal", "personen", 50.0, ">="),
    ("N1", "input", "Geen tekort in de financiering", "oordeel", "Positief", "="),
    ("N3", "input", "Inzet medewerkers en vrijwilligers", "cijfer", 8.0, ">"),
]
STATUSES = ["gehaald", "nabij", "achter"]


def scorecard(rooms: list[str] = ROOMS, indicators: list[tuple] = INDICATORS) -> pd.DataFrame:
    """Values just under, at and just over the interim target, in turn."""
    rows = []
    for r, room in enumerate([*rooms, "Totaal"]):
        for i, (code, level, name, unit, target, operator) in enumerate(indicators):
            status = STATUSES[(r + i) % 3]
            interim = target * 0.75 if unit == "personen" else target
            value = {"gehaald": 1.26, "nabij": 0.95, "achter": 0.4}[status]
            if unit == "oordeel":
                value = "Positief" if status == "gehaald" else "Negatief"
            else:
                value = round(value * interim) if unit == "personen" else value * interim
            share = unit == "aandeel"
            rows.append(
                {
                    "period": "2021Q3",
                    "room": room,
                    "indicator": code,
                    "name": name,
                    "level": level,
                    "value": value,
                    "numerator": None,
                    "denominator": 16.0 if code == "O5" else None,
                    "unit": unit,
                    "target": target,
                    "target_denominator": 20.0 if code == "O5" else None,
                    "interim_target": interim,
                    "operator": operator,
                    "status": status,
                    "lower": max(value - 0.1, 0.0) if share else None,
                    "upper": min(value + 0.1, 1.0) if share else None,
                    "n": 80.0 if share else None,
                    "uncertain": share,
                    "definition": f"Wat {name} telt.",
                }
            )
    return pd.DataFrame(rows)


def in_steps(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    """The frame with the numbers of these columns in steps of five."""
    return frame.assign(**{column: frame[column].map(_step) for column in columns})


def _step(number: float) -> Span:
    low = number // 5 * 5
    return Span(low, low + 4) if number >= 5 else Span(min(number, 1), min(number * 4, 4))


def many_indicators(count: int = 30) -> list[tuple]:
    levels = ["impact", "output", "proces", "input"]
    return [(f"X{i}", levels[i * 4 // count], f"{i} {LONG}"[:60], "personen", 10.0 * i, ">=") for i in range(count)]


def weekly(rooms: list[str] = ROOMS, weeks: int = 39) -> pd.DataFrame:
    ends = pd.date_range("2021-01-10", periods=weeks, freq="W")
    rows = [(room, week, 10.0 * (i + 1) + r) for r, room in enumerate(rooms) for i, week in enumerate(ends)]
    return pd.DataFrame(rows, columns=["room", "week", "persons"])


def hours(rooms: list[str] = ROOMS, hours: float = 812.0) -> pd.DataFrame:
    months = pd.date_range("2021-01-01", periods=9, freq="MS")
    rows = [(room, month, hours + i) for room in rooms for i, month in enumerate(months) if i != 3]
    return pd.DataFrame(rows, columns=["room", "month", "hours"])


def answer_shares(rooms: list[str] = ROOMS) -> pd.DataFrame:
    texts = {"vertrouwen": "Ik heb meer vertrouwen in wat ik kan", "wonen": "Ik woon prettiger in de buurt"}
    rows = [(room, code, text, 0.58, 0.47, 0.68, 80.0) for code, text in texts.items() for room in [*rooms, "Totaal"]]
    return pd.DataFrame(rows, columns=["room", "question", "text", "share", "lower", "upper", "n"])


def answers() -> pd.DataFrame:
    scale = ["helemaal mee oneens", "oneens", "neutraal", "eens", "helemaal mee eens"]
    rows = [("Totaal", "wonen", "Ik woon prettiger", i, text, 12.0 * i) for i, text in enumerate(scale, 1)]
    return pd.DataFrame(rows, columns=["room", "question", "text", "answer", "answer_text", "persons"])


GROUPS = {"A": "A Mensen", "B": "B Mensen, social return", "C": "C Huisvesting"}


def finance(rooms: list[str] = ROOMS) -> pd.DataFrame:
    rows = []
    for room in [*rooms, "Totaal"]:
        for i, item in enumerate([*GROUPS, "Totaal"]):
            rows += [(room, "budget", item, 50000.0 * (i + 1), "euro"), (room, "realised", item, 35460.0 * i, "euro")]
        for item, share in {"SROI": 0.42, "Overhead": 0.07}.items():
            rows += [
                (room, "ratio_budget", item, share, "aandeel"),
                (room, "ratio_realised", item, share + 0.02, "aandeel"),
            ]
        for i in range(11):
            rows.append((room, "share_agreed", f"Financier {i} / euro", (i + 1) / 66, "aandeel"))
            rows.append((room, "funding_agreed", f"Financier {i}", 1000.0 * (i + 1), "euro"))
        rows.append((room, "cost_per_result", "euro per deelnemer", 312.456, "euro per persoon"))
        rows.append((room, "volunteer_hours", "gerealiseerd", 20717.0, "uren"))
    return pd.DataFrame(rows, columns=["room", "kind", "item", "value", "unit"])


def referrals(rooms: list[str] = ROOMS) -> pd.DataFrame:
    stages = {"aangemeld": 44.0, "doet mee": 26.0, "gestopt": 5.0}
    rows = [(room, stage, persons) for room in rooms for stage, persons in stages.items()]
    return pd.DataFrame(rows, columns=["room", "stage", "persons"])


def registrations(rooms: list[str] = ROOMS) -> pd.DataFrame:
    months = pd.date_range("2021-01-01", periods=12, freq="MS")
    tables = ["Deelnames", "Klussen", "Vrijwilligersuren"]
    rows = [(table, room, m, 150 * i) for table in tables for room in rooms for i, m in enumerate(months)]
    return pd.DataFrame(rows, columns=["table", "room", "month", "rows"])


def problems(count: int = 25) -> pd.DataFrame:
    columns = ["file", "sheet", "cell", "column", "severity", "problem", "advice"]
    row = (
        "deelnames_kwartaal_3.xlsx",
        "Deelnames",
        "B5",
        "categorie",
        "warning",
        "De categorie staat niet in de lijst.",
        "Kies er een.",
    )
    return pd.DataFrame([row] * count, columns=columns)


def accounting() -> pd.DataFrame:
    columns = ["file", "sheet", "rows_read", "rows_accepted", "rows_rejected", "rows_duplicate", "rows_outside_year"]
    return pd.DataFrame(
        [("q1.xlsx", "Deelnames", 6012, 5990, 4, 18, 0), ("q2.xlsx", "Deelnames", 10, 10, 0, 0, 0)], columns=columns
    )


def printed_totals() -> pd.DataFrame:
    columns = ["table", "item", "room", "printed", "computed", "unit"]
    return pd.DataFrame([("begroting", "A", "De Werkplaats", 52532.0, 53532.0, "euro")], columns=columns)
