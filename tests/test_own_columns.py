"""An agreement that bends: a column and a category of its own, counted as worked out by hand, and shown nowhere."""

import datetime as dt

import pandas as pd
import pytest
from workbooks import write

from bwk_analysis import dataset, disclosure, indicators
from bwk_analysis.declared import KINDS, PERSONS, ROWS, WORD, NotDeclared
from bwk_analysis.door.agreed import load_agreement
from bwk_analysis.door.forms import write_templates
from bwk_analysis.door.schema import load_schema
from bwk_analysis.door.spelling import header_key

MEASURES = [
    ["code", "niveau", "indicator", "tabel", "maat", "veld", "filter", "teller", "tijd"],
    ["V1", "proces", "Sport", "deelnames", "uniek", "deelnemer", "categorie = SPORT", None, "datum"],
    ["V2", "proces", "In de tuin", "deelnames", "uniek", "deelnemer", "Soort project = tuin", None, "datum"],
    ["V3", "proces", "Projecten", "deelnames", "uniek", "Soort project", None, None, "datum"],
    ["V4", "proces", "Bijdrage", "deelnames", "som", "bijdrage", "betaald = x", None, "datum"],
    ["V5", "proces", "Nieuw", "deelnames", "aantal", None, "sinds >= 01-02-2023", None, "datum"],
    ["V6", "proces", "Elders", "deelnames", "aandeel", "deelnemer", None, "soort_project <> tuin", "datum"],
    [
        "V7",
        "impact",
        "Cijfer",
        "enquete",
        "gemiddelde",
        "antwoord",
        "vraag = Welk cijfer?; taal = Engels",
        None,
        "datum",
    ],
]
COLUMNS = [
    ["tabel", "kolom", "soort", "aliassen"],
    ["deelnames", "Soort project", "woord", "project; projectnaam"],
    ["Deelnames", "bijdrage", "getal", None],
    ["deelnames", "betaald", "Ja/Nee", None],
    ["deelnames", "sinds", "dag", None],
    ["enquete", "taal", "woord", None],
]
AGREED = {
    "kamers": [["kamer", "naam", "aliassen"], ["NO", "Noord", "De Noord"], ["ZU", "Zuid", None]],
    "indicatoren": MEASURES,
    "kolommen": COLUMNS,
    "aliassen": [["tabel", "kolom", "waarde", "alias"], ["deelnames", "categorie", "Sport", "gym"]],
    "vragen": [["vraag", "tekst", "schaal"], ["inzet", "Welk cijfer?", "cijfer10"]],
    "instellingen": [["sleutel", "waarde"], ["jaar", 2023]],
}
D = dt.date
VISITS = [
    ["Datum", "Kamer", "Deelnemer", "Categorie", "Projectnaam", "Bijdrage", "Betaald", "Sinds"],
    [D(2023, 3, 1), "NO", "1", "sport", "Tuin", "2,50", "ja", D(2023, 1, 31)],
    [D(2023, 3, 2), "NO", "1", "Gym", "tuin", 3, "waar", "1-2-2023"],
    [D(2023, 3, 3), "NO", "2", "taal", "Koor", 4, "nee", None],
    [D(2023, 3, 4), "ZU", "2", "SPORT", "TUIN", 5, "x", D(2023, 5, 1)],
    [D(2023, 3, 5), "ZU", "3", "werk", None, "veel", None, None],
]
ANSWERS = [
    ["Id", "Voltooiingstijd", "Kamer", "Taal", "Welk cijfer?"],
    [1, D(2023, 3, 1), "NO", "engels", 6],
    [2, D(2023, 3, 1), "NO", "Engels", 9],
    [3, D(2023, 3, 1), "NO", "Nederlands", 1],
]
# By hand, NO, ZU and all. V2: person 1 in NO, 2 in ZU. V3: Tuin and Koor; Tuin. V4: 2.50 + 3; 5. V5: rows of 1 and 2.
# V6: of who has a project only 2 in NO has another; of 1, 2 and 3 that is one third in all. V7: (6 + 9) / 2.
BY_HAND = {"V1": [1, 1, 2], "V2": [1, 1, 2], "V3": [2, 1, 2], "V4": [5.5, 5, 10.5], "V5": [1, 1, 2],
           "V6": [0.5, 0, 1 / 3], "V7": [7.5, None, 7.5]}  # fmt: skip


def opened(folder, **files):
    for name, sheets in ({"afspraak": AGREED} | files).items():
        write(folder / f"{name}.xlsx", sheets)
    return dataset.read(folder)


def values(data):
    found = indicators.counts(data, pd.Period("2023Q2"))
    return {code: rows["value"].tolist() for code, rows in found.groupby("indicator")}


@pytest.fixture
def data(tmp_path):
    return opened(tmp_path, bezoeken={"deelnames": VISITS}, enquete={"Sheet1": ANSWERS})


def test_own_columns_and_an_own_category_are_counted_as_by_hand(data):
    assert values(data) == {code: pytest.approx(figures, nan_ok=True) for code, figures in by_hand().items()}


def by_hand():
    return {code: [float("nan") if f is None else f for f in figures] for code, figures in BY_HAND.items()}


def test_a_new_word_is_a_note_and_a_bad_number_in_an_own_column_a_warning(data):
    said = data.problems[["severity", "sheet", "cell", "problem"]].to_numpy().tolist()
    about = [row for row in said if row[1] in ("aliassen", "deelnames", "Sheet1")]
    assert about == [
        ["warning", "deelnames", "F6", "verwacht een getal, gevonden andere tekst; de cel is leeg gelaten"],
        ["note", "aliassen", "C2", "Sport is een nieuw woord van categorie"],
    ]


def test_own_columns_are_kept_with_the_tables(data, tmp_path):
    dataset._save(data, tmp_path / "bewaard")
    kept = dataset._load(tmp_path / "bewaard", data.key)
    pd.testing.assert_frame_equal(kept.deelnames, data.deelnames)
    assert kept.deelnames["Soort project"].dropna().tolist() == ["TUIN", "TUIN", "Koor", "TUIN"]
    assert kept.measures == data.measures


def test_a_second_delivery_before_the_column_was_there_counts_nothing_twice(tmp_path, data):
    before = [row[:4] for row in VISITS]
    both = opened(tmp_path, a={"deelnames": before}, zz={"deelnames": before[:3]})
    missed = both.problems.loc[both.problems["file"] == "zz.xlsx", ["severity", "cell", "column"]].iloc[:4]
    assert missed.to_numpy().tolist() == [
        ["warning", "A1", name] for name in ("Soort project", "betaald", "bijdrage", "sinds")
    ]
    assert values(both) == values(data) | {"V7": pytest.approx(by_hand()["V7"], nan_ok=True)}
    assert len(both.deelnames) == len(data.deelnames) == 5


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
@pytest.mark.parametrize(("second", "stay"), [([None], ["koor", "tuin"]), ([], ["koor"])])
def test_rows_that_differ_in_an_own_column_alone_are_the_same_rows_and_names_do_not_decide_which_stay(
    second, stay, order, tmp_path
):
    header, row = VISITS[0][:5], [D(2023, 3, 1), "NO", None, "taal"]
    bare = [header[:4], *[row] * len(stay)]
    files = [[header, [*row, "tuin"], *([*row, each] for each in second)], [header, [*row, "koor"]], bare]
    found = opened(tmp_path, **{f"b{nth}": {"deelnames": files[of]} for nth, of in enumerate(order)})
    assert sorted(found.deelnames["Soort project"].fillna("").tolist()) == stay


# --- shown nowhere ----------------------------------------------------------------------------------------------------


def test_the_texts_of_an_own_column_are_shown_nowhere_and_its_numbers_have_no_kind(data):
    projects = data.deelnames.groupby("Soort project", observed=True)["deelnemer"].nunique().rename("persons")
    with pytest.raises(NotDeclared, match="tekst uit de exports"):
        disclosure.show(projects, data, disclosure.BOARD, {"Soort project": WORD})
    with pytest.raises(NotDeclared, match="geen soort"):
        disclosure.show(data.deelnames[["kamer", "bijdrage"]], data, disclosure.BOARD)
    paid = data.deelnames.groupby("betaald", observed=True).size().rename("rows")
    assert len(disclosure.show(paid, data, disclosure.BOARD, {"betaald": WORD}).frame) == 2


def test_an_own_column_that_holds_a_word_of_the_reports_stops_none(tmp_path):
    visits = [VISITS[0], *([*VISITS[1][:4], word, 1, "ja", None] for word in ("gehaald", "Totaal", "mee eens", "8"))]
    data = opened(tmp_path, bezoeken={"deelnames": visits})
    answers = pd.DataFrame({"answer": [8.0], "answer_text": ["8"], "persons": [60]})
    assert len(disclosure.show(answers, data, disclosure.BOARD).frame) == 1
    card = indicators.judge(indicators.counts(data, pd.Period("2023Q2")), data.agreement)
    assert len(disclosure.show(card, data, disclosure.BOARD).frame) == len(card)


def test_no_own_column_can_be_called_what_shows_its_numbers():
    numbers = {name for name, kind in KINDS.items() if kind not in (WORD, PERSONS, ROWS)} | {"persons", "rows"}
    assert set(map(header_key, numbers)) <= load_schema().taken


# --- what is wrong with an own column ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "cell"),
    [(["bezoek", "project", "woord", None], "A2"), (["deelnames", "Achternaam", "tekst", None], "B2"),
     (["deelnames", "vrijwilligernummer", "tekst", None], "B2"), (["deelnames", "project", "tekst", "x; e-mail"], "D2"),
     (["deelnames", "Categorie", "woord", None], "B2"), (["deelnames", "dienst", "woord", None], "B2"),
     (["deelnames", "project", "woord", "activiteit"], "D2"), (["deelnames", "a = b", "woord", None], "B2"),
     (["deelnames", "euro", "getal", None], "B2"), (["deelnames", "project", "bedrag", None], "C2")],
)  # fmt: skip
def test_a_column_that_cannot_be_an_own_one_is_a_problem_with_its_cell_and_not_read(row, cell, tmp_path):
    agreed = {**AGREED, "kolommen": [COLUMNS[0], row], "indicatoren": MEASURES[:2]}
    found, problems = load_agreement([write(tmp_path / "a.xlsx", agreed)])
    wrong = [(p.sheet, p.cell) for p in problems if p.severity == "error"]
    assert wrong == [("kolommen", cell)]
    assert found.own_columns.empty


def test_an_own_column_listed_twice_is_a_problem(tmp_path):
    rows = [COLUMNS[0], ["deelnames", "project", "woord", None], ["deelnames", "PROJECT", "getal", None]]
    found, problems = load_agreement([write(tmp_path / "a.xlsx", {**AGREED, "kolommen": rows})])
    assert [(p.cell, p.severity) for p in problems if p.sheet == "kolommen"] == [("B3", "error")]
    assert found.own_columns["kind"].tolist() == ["woord"]


def test_a_template_has_the_own_columns(data, tmp_path):
    again = dataset.read_folder([*write_templates(tmp_path / "leeg", data.agreement)[:1], tmp_path / "afspraak.xlsx"])
    assert [p.problem for p in again[2].problems if p.file == "registraties.xlsx"] == []
    assert {"Soort project", "bijdrage", "sinds"} <= set(again[1].tables["deelnames"].columns)
