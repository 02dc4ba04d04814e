"""Another cooperative, another year: four rooms, its own targets and indicators; a workbook, not code."""

import datetime
from typing import NamedTuple

import pandas as pd
import pytest
import xlsxwriter

from bwk_analysis import finance, indicators
from bwk_analysis.data import Data
from bwk_analysis.dataset import open_data
from bwk_analysis.disclosure import EDITIONS, Span, show

TOTAL = "Totaal"
ROOMS = ["NO", "OO", "ZU", "WE"]
NAMES = ["Het Noorderlicht", "De Oostpoort", "Zuiderzon", "Westwind"]
INDICATORS = [
    "code",
    "niveau",
    "indicator",
    "meetwijze",
    "tabel",
    "maat",
    "veld",
    "filter",
    "teller",
    "tijd",
    "gevoelig",
    "leeg_is_nul",
    "verloop",
]
AGREEMENT = {
    "kamers": [
        ["kamer", "naam", "buurt", "aliassen"],
        *([code, name, "Stad", f"kamer {code}"] for code, name in zip(ROOMS, NAMES, strict=True)),
    ],
    "indicatoren": [
        INDICATORS,
        ["T1", "proces", "Deelnemers", "Uniek", "deelnames", "uniek", "deelnemer", "", "", "datum", "nee", "", "recht"],
        [
            "T2",
            "proces",
            "Taal",
            "Uniek",
            "deelnames",
            "uniek",
            "deelnemer",
            "categorie = taal",
            "",
            "datum",
            "ja",
            "",
            "",
        ],
        ["T3", "input", "Geen tekort", "Begroting", "", "verdict", "saldo", "", "", "", "nee", "", ""],
        # one that nobody had before: the share of the jobs that was finished, and hours put in by the garden group
        [
            "T4",
            "output",
            "Klussen af",
            "Aandeel",
            "klussen",
            "aandeel",
            "klus",
            "",
            "afgerond = ja",
            "datum",
            "nee",
            "",
            "",
        ],
        [
            "T5",
            "output",
            "Uren in de tuin",
            "Som",
            "vrijwilligersuren",
            "som",
            "uren",
            "groep = tuin",
            "",
            "datum",
            "nee",
            "",
            "",
        ],
    ],
    "streefwaarden": [
        ["code", "kamer", "streefwaarde"],
        *(
            [code, room, target]
            for code, target in (("T1", "> 3"), ("T2", "2"), ("T3", "Positief"), ("T4", "> 40%"))
            for room in ROOMS
        ),
        ["T5", "NO", "10"],
        ["T5", TOTAL, "> 12"],
    ],
    "begroting": [
        ["post", "groep", "omschrijving", *ROOMS],
        ["L1", "L", "loon", 100, 200, 300, 400],
        ["H1", "H", "huur", 10, 20, 30, 40],
    ],
    "financiering": [["financier", "soort", *ROOMS], ["Provincie", "overheid", 110, 220, 330, 400]],
    "vrijwilligersinzet": [["kamer", "uren", "euro"], *([room, 100, 1000] for room in ROOMS)],
    "kengetallen": [["kengetal", "teller", "noemer", "toelichting"], ["Loon", "L", TOTAL, ""]],
    "rekeningen": [
        ["rekening", "naam", "post", "financier"],
        ["4000", "loon", "L1", ""],
        ["8000", "subsidie", "", "Provincie"],
    ],
    "instellingen": [
        ["sleutel", "waarde"],
        ["jaar", 2024],
        ["kosten_per", "T1"],
        ["betaalde_mensen", "L"],
        ["drempel", 3],
    ],
}
DAY = datetime.date(2024, 2, 29)
EXPORTS = {
    "deelnames": [
        ["Datum", "Kamer", "Deelnemer", "Categorie"],
        *([DAY, "Het Noorderlicht", f"{i:03d}", "taal"] for i in range(3)),
        *([DAY, "kamer OO", f"{i:03d}", "werk"] for i in range(2, 6)),
        [datetime.date(2024, 7, 1), "ZU", "009", "taal"],
        [DAY, "ZU", "007", "taal"],
    ],
    "klussen": [
        ["Datum", "Kamer", "Klus", "Afgerond"],
        *([DAY, "NO", f"K{i}", "ja" if i < 2 else "nee"] for i in range(4)),
    ],
    "vrijwilligersuren": [
        ["Datum", "Kamer", "Vrijwilliger", "Groep", "Uren"],
        [DAY, "NO", "V1", "Tuin", 4],
        [DAY, "WE", "V1", "tuin", 2.5],
        [DAY, "WE", "V2", "keuken", 9],
    ],
    "grootboek": [
        ["Datum", "Boekstuk", "Rekening", "Kostenplaats", "Bedrag"],
        [DAY, "B1", "4000", "NO", 55],
        [DAY, "B1", "8000", "NO", -60],
    ],
}


def write(path, sheets):
    with xlsxwriter.Workbook(path, {"default_date_format": "dd-mm-yyyy"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for i, row in enumerate(rows):
                sheet.write_row(i, 0, row)


class Found(NamedTuple):
    data: Data
    scorecard: pd.DataFrame
    money: pd.DataFrame


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    folder = tmp_path_factory.mktemp("data") / "2024-stad"
    folder.mkdir()
    write(folder / "afspraak.xlsx", AGREEMENT)
    write(folder / "export.xlsx", EXPORTS)
    data = open_data(folder, folder.parent / "processed")
    quarter = data.quarter("2024Q2")
    counts = indicators.counts(data, quarter)
    return Found(data, indicators.judge(counts, data.agreement), finance.figures(data, quarter, counts))


def test_its_figures_are_counted_without_a_line_of_code(found):
    card = found.scorecard.set_index(["indicator", "room"])
    assert card.loc["T1"]["value"].fillna(-1).tolist() == [3, 4, 1, -1, 7]  # someone in two rooms counts once in all
    assert card.loc["T2"]["value"].fillna(-1).tolist() == [3, 0, 1, -1, 4]
    assert card.loc["T3"]["value"].tolist() == ["Positief", "Positief", "Positief", "Negatief", "Negatief"]
    assert card.loc[("T4", "NO"), ["value", "n", "status", "uncertain"]].tolist() == [0.5, 4, "gehaald", True]
    assert card.loc["T5"]["value"].fillna(-1).tolist() == [4, -1, -1, 2.5, 6.5]


def test_its_targets_are_its_own_and_the_year_is_a_leap_year(found):
    card = found.scorecard.set_index(["indicator", "room"])
    assert card.loc[("T1", "NO"), ["interim_target", "status"]].tolist() == [pytest.approx(3 * 182 / 366), "gehaald"]
    assert card.loc[("T1", TOTAL), "status"] == "geen streefwaarde"  # different people add up to no target
    assert card.loc[("T5", TOTAL), ["target", "operator", "status"]].tolist() == [12, ">", "gehaald"]
    assert card.loc[("T5", "WE"), "status"] == "geen streefwaarde"


def test_its_money_follows_its_own_posts_and_funders(found):
    money = found.money.set_index(["room", "kind", "item"])["value"]
    assert money[TOTAL, "budget", TOTAL] == 1100
    assert money["NO", "realised", "L"] == 55
    assert money["NO", "funding_realised", "Provincie"] == 60
    assert money[TOTAL, "ratio_budget", "Loon"] == pytest.approx(1000 / 1100)
    assert money["NO", "cost_per_result", "euro per deelnemer"] == 18.33


@pytest.mark.parametrize("edition", EDITIONS)
def test_both_its_editions_may_show_it(found, edition):
    card = show(found.scorecard, found.data, edition)
    assert card.frame["room"].unique().tolist() == [*NAMES, TOTAL]
    told = card.frame.set_index(["indicator", "room"])["value"]
    assert told["T2"].tolist()[:3] == [Span(1, 4), Span(0, 0), Span(1, 4)]
    exact = edition == "bestuur"
    assert told["T1", "De Oostpoort"] == (Span(4, 4) if exact else Span(1, 4))
    assert told["T4", "Het Noorderlicht"] == Span(0.5, 0.5)  # jobs are no persons
    assert told["T5", "Westwind"] == (Span(2.5, 2.5) if exact else Span(0, 10))
    money = show(found.money, found.data, edition).frame.set_index(["room", "kind", "item"])["value"]
    assert money["Het Noorderlicht", "realised", "L"] == Span(55, 55)
