"""Filters as people write them: whatever spelling, the same rows; and what no row can meet is said with its cell."""

import pytest
from workbooks import DAY, HOURS, VISIT, visit, worked, write

from bwk_analysis import dataset, indicators, periods

OUTCOME = ["Datum", "Kamer", "Deelnemer", "Soort", "Mede dankzij"]
KEYS = ["Kamer", "Vrijwilliger", "Vanaf", "Tot"]
AGREED = {
    "kamers": [["kamer", "naam", "aliassen"], ["NO", "Noord", "De Noord; NRD"], ["1", "De Zuid", None]],
    "vragen": [["vraag", "tekst", "schaal"], ["inzet", "Welk cijfer?", "cijfer10"], ["trots", "Ik ben trots", "eens5"]],
    "instellingen": [["sleutel", "waarde"], ["jaar", 2023]],
}
MEASURES = ["toelichting", "code", "niveau", "indicator", "tabel", "maat", "veld", "filter", "teller", "tijd"]
FILES = {
    "deelnames": [VISIT, visit(), visit(room="De Zuid", person="2"), visit(person="3", kind="werk")],
    "vrijwilligersuren": [HOURS, worked(hours=2), worked(person="2", hours=8)],
    "uitstroom": [OUTCOME, [DAY, "NO", "1", "werk", "waar"], [DAY, "NO", "2", "studie", "nee"]],
    "sleutelbeheer": [KEYS, ["NO", "1", DAY, None]],
}


def opened(folder, *rows):
    """A dataset with an indicator per row: table, kind, field, filter, teller."""
    listed = [["uitleg", f"X{nth}", "proces", f"X{nth}", *row, "datum"] for nth, row in enumerate(rows)]
    write(folder / "afspraak.xlsx", {**AGREED, "indicatoren": [MEASURES, *listed]})
    write(folder / "exports.xlsx", FILES)
    return dataset.read(folder)


SPELT = [("deelnames", "CATEGORIE = Taal", 2), ("Deelnames", "Categorie <> taal", 1), ("deelnames", "categorie<>taal|werk", 0),
     ("deelnames", "kamer = no", 2), ("deelnames", "Kamer = de noord", 2), ("deelnames", "kamer = NRD | de  zuid", 3),
     ("deelnames", "kamer = 1", 1), ("deelnames", "kamer <> Noord", 1), ("uitstroom", "mede_dankzij = ja", 1),
     ("uitstroom", "Mede dankzij = J", 1), ("uitstroom", "mede-dankzij = x", 1), ("uitstroom", "mede_dankzij = WAAR", 1),
     ("uitstroom", "mede_dankzij = true", 1), ("uitstroom", "mede_dankzij = 0", 1), ("uitstroom", "mede_dankzij = n", 1),
     ("uitstroom", "mede_dankzij != onwaar", 1), ("deelnames", "datum >= 3-4-2023", 3), ("deelnames", "datum < 3 apr 2023", 0),
     ("deelnames", "datum = 2023-04-03", 3), ("deelnames", "datum != 03-04-2023", 0),
     ("vrijwilligersuren", "UREN>=2,5", 1)]  # fmt: skip
NEVER = [("vrijwilligersuren", "uren > 5; uren < 3"), ("vrijwilligersuren", "uren > 24"), ("vrijwilligersuren", "uren < 0"),
     ("vrijwilligersuren", "uren > 3; uren < 3"), ("vrijwilligersuren", "uren = 3; uren != 3"),
     ("deelnames", "categorie = taal; categorie = werk"), ("deelnames", "categorie = taal; categorie != taal | werk"),
     ("deelnames", "categorie > 5"), ("deelnames", "kamer != NO; kamer != 1"), ("deelnames", "deelnemer = 12"),
     ("deelnames", "datum > 31-12-2023"), ("deelnames", "datum > 1-3-2023; datum < 2-3-2023"),
     ("uitstroom", "mede_dankzij = ja; mede_dankzij != waar"), ("enquete", "antwoord > 10"),
     ("enquete", "vraag = trots; antwoord >= 6"), ("enquete", "vraag = Ik ben trots; antwoord < 1"),
     ("vrijwilligersuren", "groep = tuin; groep = koor")]  # fmt: skip
SOME = [("vrijwilligersuren", "uren > 5; uren < 5,5"), ("vrijwilligersuren", "uren >= 3; uren <= 3"),
     ("vrijwilligersuren", "uren = 24"), ("vrijwilligersuren", "uren != 3; uren > 0"),
     ("deelnames", "categorie = taal | werk; categorie != werk"), ("deelnames", "deelnemer != 0"),
     ("deelnames", "datum >= 31-12-2023"), ("deelnames", "datum > 1-3-2023; datum < 3-3-2023"),
     ("deelnames", "categorie != sociale ontmoeting; categorie != computer; categorie != taal; categorie != formulieren;"
                   " categorie != schuldhulp; categorie != werk"),
     ("klussen", "klus > 100"), ("klussen", "soort = groot; soort != klein"), ("sleutelbeheer", "tot >= 1-1-2024"),
     ("enquete", "vraag = trots; antwoord > 4"), ("enquete", "vraag = trots | inzet; antwoord >= 6"), ("enquete", "antwoord >= 6")]  # fmt: skip
LISTED = [(table, condition) for table, condition, *_ in (*SPELT, *NEVER, *SOME)]


@pytest.fixture(scope="module")
def listed(tmp_path_factory):
    """A dataset with an indicator per filter: what is said of it, and how many rows it counts."""
    data = opened(tmp_path_factory.mktemp("filters"), *[[*each[:1], "aantal", None, each[1], None] for each in LISTED])
    total = indicators.counts(data, periods.parse("2023Q2")).query("room == 'Totaal'").set_index("indicator")["value"]
    return said(data), total


def said(data):
    return [(p.severity, p.cell, p.problem) for p in data.problems.itertuples() if p.sheet == "indicatoren"]


@pytest.mark.parametrize(("table", "condition", "rows"), SPELT)
def test_a_filter_is_read_in_every_spelling_that_a_table_is(table, condition, rows, listed):
    assert listed[1][f"X{LISTED.index((table, condition))}"] == rows


@pytest.mark.parametrize(("table", "condition"), NEVER)
def test_a_filter_that_no_row_can_meet_is_a_warning_with_its_cell(table, condition, listed):
    [(severity, problem)] = [
        (of, text) for of, cell, text in listed[0] if cell == f"H{LISTED.index((table, condition)) + 2}"
    ]
    assert severity == "warning"
    assert "geen enkele regel" in problem


@pytest.mark.parametrize(
    ("condition", "met"),
    [
        ("vanaf > 31-12-2023", False),
        ("vanaf >= 31-12-2023", True),
        ("tot < 1-1-2023", False),
        ("tot <= 1-1-2023", True),
    ],
)
def test_who_counts_on_a_day_of_the_year_began_before_its_end_and_ended_after_its_start(condition, met, tmp_path):
    listed = [["uitleg", "X0", "proces", "X0", "sleutelbeheer", "uniek", "vrijwilliger", condition, None, "peildatum"]]
    write(tmp_path / "afspraak.xlsx", {**AGREED, "indicatoren": [MEASURES, *listed]})
    write(tmp_path / "exports.xlsx", FILES)
    assert [found[0] for found in said(dataset.read(tmp_path))] == ([] if met else ["warning"])


def test_a_teller_that_its_filter_excludes_is_a_warning_with_the_cell_of_the_teller(tmp_path):
    row = ["deelnames", "aandeel", "deelnemer", "categorie = taal | werk", "categorie = computer"]
    assert [found[:2] for found in said(opened(tmp_path, row))] == [("warning", "I2")]


@pytest.mark.parametrize(("table", "condition"), SOME)
def test_a_filter_that_some_row_can_meet_is_no_warning(table, condition, listed):
    assert f"H{LISTED.index((table, condition)) + 2}" not in [cell for _, cell, _ in listed[0]]


@pytest.mark.parametrize(
    ("row", "cell", "problem"),
    [(["deelnames", "aantal", None, "kamer = West", None], "H2", "'west' is geen kamer van deelnames"),
     (["uitstroom", "aantal", None, "mede_dankzij = misschien", None], "H2", "is geen mede_dankzij"),
     (["enquete", "gemiddelde", "antwoord", "vraag = iets", None], "H2", "is geen vraag"),
     (["enquete", "gemiddelde", "antwoord", None, "vraag = iets"], "I2", "is geen vraag"),
     (["deelnames", "aantal", None, "datum > gisteren", None], "H2", "geen datum"),
     (["deelnames", "aantal", None, "categorie == taal", None], "H2", "niet te lezen"),
     (["deelnames", "som", "activiteit", None, None], "G2", "geen getallen"),
     (["bezoek", "aantal", None, None, None], "E2", "onbekende tabel")],
)  # fmt: skip
def test_an_indicator_that_cannot_be_measured_is_an_error_with_its_cell(row, cell, problem, tmp_path):
    [(severity, found, text)] = said(opened(tmp_path, row))
    assert (severity, found) == ("error", cell)
    assert text.startswith("indicator X0 is niet te meten")
    assert problem in text


def test_the_check_of_the_agreement_alone_says_so_too(tmp_path):
    opened(tmp_path, ["bezoek", "aantal", None, None, None])
    found, _ = dataset.check_file(tmp_path / "afspraak.xlsx", dataset.dataset_files(tmp_path))
    assert [p.cell for p in found if "niet te meten" in p.problem] == ["E2"]
    assert all(
        p.file == "exports.xlsx" for p in dataset.check_file(tmp_path / "exports.xlsx", [tmp_path / "afspraak.xlsx"])[0]
    )
