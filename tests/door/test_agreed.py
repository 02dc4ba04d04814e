"""The agreement workbook: targets as written, settings, and a problem with its cell for whatever does not fit."""

import datetime as dt

import pytest
import xlsxwriter
from workbooks import VISIT, visit, write

from bwk_analysis.agreement import NoAgreement, Target
from bwk_analysis.door.agreed import PARSERS, agreement_files, load_agreement, parse_target
from bwk_analysis.door.cells import Limits, Percentage
from bwk_analysis.door.read import read_folder
from bwk_analysis.door.spelling import room_spellings
from bwk_analysis.door.values import Bad
from bwk_analysis.door.workbook import read_sheets

SHEETS = {
    "kamers": [["kamer", "naam", "buurt", "aliassen"], ["NO", "Kamer Noord", "Noord", "Noord; De Noord"], ["ZU",
                                                                                                           "Zuid",
                                                                                                           None, None]],
    "indicatoren": [["code", "niveau", "indicator", "tabel", "maat", "veld", "filter", "tijd"],
                    ["P1", "proces", "Taal", "deelnames", "uniek", "deelnemer", "categorie = taal", "datum"],
                    ["I1", "impact", "Trots", "enquete", "aandeel", "respondent", "vraag = trots", "datum"]],
    "streefwaarden": [["code", "kamer", "streefwaarde"], ["P1", "NO", "> 10 op 20"], ["I1", "Kamer Noord", "> 50%"]],
    "begroting": [["post", "groep", "omschrijving", "NO", "Zuid", "Totaal"], ["A1", "A", "loon", 100, "€ 1.250",
                                                                              "1.350,00"],
                  ["Totaal", None, None, 100, 1250, 1350]],
    "financiering": [["financier", "soort", "NO", "ZU"], ["Fonds", "fonds", 100, None]],
    "vrijwilligersinzet": [["kamer", "uren", "euro"], ["NO", 1000, 9000]],
    "kengetallen": [["kengetal", "teller", "noemer"], ["overhead", "A", "Totaal"]],
    "vragen": [["vraag", "tekst", "schaal"], ["trots", "Ik ben trots", "eens5"]],
    "rekeningen": [["rekening", "naam", "post", "financier"], [4000, "Loon", "A1", None], ["8000", "Bijdrage", None,
                                                                                           "Fonds"]],
    "instellingen": [["sleutel", "waarde"], ["jaar", 2023], ["drempel", 4], ["nabij", "80%"], ["fictief", "ja"]],
}  # fmt: skip


def load(folder, **sheets):
    changed = {name: rows for name, rows in (SHEETS | sheets).items() if rows is not None}
    return load_agreement([write(folder / "afspraak.xlsx", changed)])


def said(problems):
    return [(p.sheet, p.cell, p.column, p.severity) for p in problems]


def more(name, *rows):
    return {name: [*SHEETS[name], *rows]}


MARKS = [["financier", "kamer", "bedrag", "waarvoor", "post", "indicator"], ["fonds", "Noord", 40, "tuin", "a", "P1"]]


def marks(*rows):
    return {"oormerken": [*MARKS, *rows]}


def test_an_agreement_that_fits_has_no_problems_and_its_settings(tmp_path):
    agreement, problems = load(tmp_path)
    assert problems == []
    settings = agreement.settings
    assert (settings.year, settings.threshold, settings.near, settings.fictional) == (2023, 4, 0.8, True)
    assert agreement.room_codes == ["NO", "ZU"]
    assert room_spellings(agreement.rooms)["de noord"] == "NO"
    assert agreement.accounts["account"].tolist() == ["4000", "8000"]


def test_budget_columns_are_rooms_by_code_or_name_and_an_empty_amount_is_nought(tmp_path):
    agreement, _ = load(tmp_path)
    assert agreement.budget.set_index("room")["euro"].to_dict() == {"NO": 100, "ZU": 1250, "Totaal": 1350}
    assert agreement.funding.set_index("room")["euro"].to_dict() == {"NO": 100, "ZU": 0}


def test_rooms_whose_codes_are_numbers_may_stand_above_columns_as_numbers_and_without_leading_zeros(tmp_path):
    rooms = [["kamer", "naam"], ["01", "Noord"], [2, "Zuid"]]
    budget = [["Begroting 2023"], ["post", "groep", 1, 2.0, "TOTAAL"], ["A1", "A", 1, 2, 3]]
    agreement, problems = load(
        tmp_path, kamers=rooms, begroting=budget, financiering=[["financier", "soort", "01", 2], ["Fonds", "f", 7, 8]],
        streefwaarden=[["code", "kamer", "streefwaarde"], ["P1", 1, 5], ["P1", "2", 5]],
        vrijwilligersinzet=[["kamer", "uren", "euro"], [1, 10, 10]],
    )  # fmt: skip
    assert problems == []
    assert agreement.budget.set_index("room")["euro"].to_dict() == {"01": 1, "2": 2, "Totaal": 3}
    assert agreement.funding.set_index("room")["euro"].to_dict() == {"01": 7, "2": 8}
    assert agreement.targets["room"].tolist() == ["01", "2"]


def test_every_printed_total_has_the_cell_it_stands_in_also_in_a_column_of_totals(tmp_path):
    printed = {"gedrukte_totalen": [["regel", "tabel", "kamer", "bedrag"], ["A", "begroting", "NO", 100]]}
    agreement, _ = load(tmp_path, **printed)
    found = agreement.printed[["table", "item", "room", "printed", "sheet", "cell", "column"]]
    assert found.to_numpy().tolist() == [
        ["begroting", "A", "NO", 100, "gedrukte_totalen", "D2", "bedrag"],
        ["begroting", "A1", "Totaal", 1350, "begroting", "F2", "Totaal"],
    ]


@pytest.mark.parametrize(
    ("code", "decimals"), [("0%", 0), ("0.0%", 1), ("0.00%;[Red]-0.0%", 2), ("0%;0.0%", 0), (10, 2), ('0.0"."00%', 3)]
)
def test_a_printed_ratio_in_a_cell_is_what_its_format_shows(code, decimals, tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("x").write_number(0, 0, 2 / 3, book.add_format({"num_format": code}))
    [sheet] = read_sheets(path, Limits())
    assert PARSERS["printed"](sheet.rows[0][0]) == (round(2 / 3, decimals + 2), decimals, True)


@pytest.mark.parametrize(
    ("cell", "target"),
    [("> 10 op 20", Target(">", 10, 20)), (">10 OP 20", Target(">", 10, 20)), ("> 50%", Target(">", 0.5)),
     (">= 350", Target(">=", 350)), ("≥ 350", Target(">=", 350)), ("350", Target(">=", 350)), (350, Target(">=", 350)),
     ("1.250", Target(">=", 1250)), ("> 7,5", Target(">", 7.5)), (Percentage(0.5), Target(">=", 0.5)),
     ("Positief", Target("=", "Positief")), (" positief ", Target("=", "Positief")), (None, None), ("", None)],
)  # fmt: skip
def test_a_target_is_read_as_written(cell, target):
    assert parse_target(cell) == target


@pytest.mark.parametrize("cell", ["veel", "< 10", "> 10 op", "> 10 van 20", "12.5", True, "> > 3", "50 %%"])
def test_a_target_that_cannot_be_read_is_bad(cell):
    assert isinstance(parse_target(cell), Bad)


@pytest.mark.parametrize(
    ("sheets", "place"),
    [(more("streefwaarden", ["P1", "ZU", "veel"]), ("streefwaarden", "C4", "streefwaarde", "error")),
     (more("streefwaarden", ["P9", "ZU", 5]), ("streefwaarden", "A4", "code", "error")),
     (more("streefwaarden", ["P1", "elders", 5]), ("streefwaarden", "B4", "kamer", "error")),
     (more("streefwaarden", ["P1", "Noord", 5]), ("streefwaarden", "A4", "code", "error")),
     (more("streefwaarden", ["I1", "ZU", 50]), ("streefwaarden", "C4", "streefwaarde", "warning")),
     (more("begroting", ["A2", "A", None, "veel", 0]), ("begroting", "D4", "NO", "error")),
     (more("kamers", ["NO", "Nog een keer", None, None]), ("kamers", "A4", "kamer", "error")),
     (more("kamers", ["WE", "West", None, "noord"]), ("kamers", "D4", "aliassen", "error")),
     (more("indicatoren", ["X", "hoog", "Iets", "deelnames", "uniek", "deelnemer"]), ("indicatoren", "B4", "niveau",
                                                                                      "error")),
     (more("rekeningen", [5000, "Rest", "Z9", None]), ("rekeningen", "C4", "post", "error")),
     (more("rekeningen", [5000, "Rest", None, "Niemand"]), ("rekeningen", "D4", "financier", "error")),
     (more("rekeningen", [5000, "Rest", "A1", "Fonds"]), ("rekeningen", "C4", "post", "error")),
     (more("rekeningen", [4000, "Weer", "A1", None]), ("rekeningen", "A4", "rekening", "error")),
     (more("vragen", ["q2", "Nog iets", "sterren"]), ("vragen", "C3", "schaal", "error")),
     (more("instellingen", ["uren_per_vrijwilliger", "veel"]), ("instellingen", "B6", "waarde", "error")),
     (more("instellingen", ["uren per vrijwiliger", 250]), ("instellingen", "A6", "sleutel", "note")),
     (marks(["Fonts", "NO", 10, "tuin"]), ("oormerken", "A3", "financier", "error")),
     (marks(["Fonds", "elders", 10, "tuin"]), ("oormerken", "B3", "kamer", "error")),
     (marks(["Fonds", "NO", 10, "tuin", "Z9"]), ("oormerken", "E3", "post", "error")),
     (marks(["Fonds", "NO", 10, "tuin", "A1", "P9"]), ("oormerken", "F3", "indicator", "error")),
     ({"vragen": None}, ("vragen", "", "", "warning"))],
)  # fmt: skip
def test_whatever_does_not_fit_is_a_problem_with_its_cell(sheets, place, tmp_path):
    _, problems = load(tmp_path, **sheets)
    assert place in said(problems)


@pytest.mark.parametrize("sheets", [{"kamers": None}, {"indicatoren": None}, {"instellingen": None},
                                    {"kamers": [["kamer", "naam"]]},
                                    {"instellingen": [["sleutel", "waarde"], ["jaar", "straks"]]}])  # fmt: skip
def test_without_rooms_indicators_or_a_year_there_is_no_agreement(sheets, tmp_path):
    with pytest.raises(NoAgreement) as stopped:
        load(tmp_path, **sheets)
    assert any(p.severity == "error" for p in stopped.value.problems)


def test_a_folder_without_an_agreement_says_so(tmp_path):
    with pytest.raises(NoAgreement) as stopped:
        load_agreement([write(tmp_path / "a.xlsx", {"Blad1": [["x"]]})])
    assert "geen leesbare samenwerkingsafspraak" in stopped.value.problems[-1].problem


def test_a_bad_amount_is_nought_in_its_own_room_alone(tmp_path):
    agreement, problems = load(tmp_path, **more("begroting", ["A2", "A", None, "veel", 7]))
    assert agreement.budget[agreement.budget["post"] == "A2"].set_index("room")["euro"].to_dict() == {"NO": 0, "ZU": 7}
    assert [p.problem for p in problems] == ["verwacht een getal, gevonden andere tekst; de cel is leeg gelaten"]


def test_without_a_required_column_no_row_counts_and_one_problem_says_so(tmp_path):
    agreement, problems = load(tmp_path, streefwaarden=[["code", "streefwaarde"], ["P1", 5], ["I1", 5]])
    assert agreement.targets.empty
    assert [p.problem for p in problems] == ["de verplichte kolom kamer ontbreekt; 2 regels tellen niet mee"]


def test_a_row_that_lacks_a_required_value_is_left_out_with_its_cell(tmp_path):
    agreement, problems = load(tmp_path, **more("kengetallen", ["zonder teller", None, "A"]))
    assert agreement.ratios["ratio"].tolist() == ["overhead"]
    assert said(problems) == [("kengetallen", "B3", "teller", "error")]


def test_a_file_that_cannot_be_read_holds_no_agreement_and_hides_none(tmp_path):
    good = write(tmp_path / "b.xlsx", SHEETS)
    (tmp_path / "a.xlsx").write_bytes(b"PK\x03\x04 afgebroken")
    assert agreement_files(sorted(tmp_path.iterdir())) == [good]
    assert load_agreement(sorted(tmp_path.iterdir()))[1] == []


@pytest.mark.parametrize(
    "row", [["Fonds", "elders", 10, "x"], ["Fonds", None, 10, "x", "Z9"], ["Fonds", None, 10, None]]
)
def test_an_earmark_that_names_what_was_not_agreed_is_not_counted(row, tmp_path):
    agreement, problems = load(tmp_path, **marks(row))
    assert [p.severity for p in problems] == ["error"]
    kept = agreement.earmarks[["funder", "room", "euro", "purpose", "post", "indicator"]]
    assert kept.to_numpy().tolist() == [["Fonds", "NO", 40, "tuin", "A", "P1"]]


def test_an_earmark_may_leave_out_the_columns_that_may_be_empty(tmp_path):
    agreement, problems = load(tmp_path, oormerken=[["financier", "bedrag", "waarvoor"], ["Fonds", 40, "tuin"]])
    assert problems == []
    assert agreement.earmarks[["room", "post", "indicator"]].isna().all(axis=None)


def test_a_funder_has_a_page_unless_the_agreement_says_it_has_none(tmp_path):
    heads = ["financier", "soort", "kenmerk", "rapport", "NO", "ZU"]
    rows = [heads, ["Fonds", "fonds", "2023-A", "nee", 100, None], ["Stad", "gemeente", None, None, 1, 2]]
    agreement, problems = load(tmp_path, financiering=rows)
    assert problems == []
    assert agreement.reported_funders == ["Stad"]
    assert agreement.funders == ["Fonds", "Stad"]
    assert agreement.funding["reference"].dropna().unique().tolist() == ["2023-A"]


ALIASES = ["tabel", "kolom", "waarde", "alias"]


def test_aliases_are_kept_under_the_names_of_the_tables_columns_and_words(tmp_path):
    rows = [
        ALIASES,
        ["Deelnames", None, None, "Inloop"],
        ["deelnames", "Categorie", "TAAL", "NT2"],
        ["uitstroom", "mede dankzij", None, "Door ons"],
    ]
    agreement, problems = load(tmp_path, aliassen=rows)
    assert problems == []
    assert agreement.aliases[["table", "column", "word"]].fillna("").to_numpy().tolist() == [
        ["deelnames", "", ""], ["deelnames", "categorie", "taal"], ["uitstroom", "mede_dankzij", ""]]  # fmt: skip


@pytest.mark.parametrize(
    ("row", "cell", "column"),
    [(["bezoekers", None, None, "a"], "A2", "tabel"), (["deelnames", "soort", None, "a"], "B2", "kolom"),
     (["deelnames", "categorie", None, None], "D2", "alias"), (["deelnames", None, "taal", "a"], "B2", "kolom"),
     (["deelnames", "categorie", "sport", "computer"], "D2", "alias"),
     (["klussen", "klus", "groot", "a"], "C2", "waarde"), (["deelnames", "activiteit", None, "Toelichting"], "D2",
                                                           "alias"),
     (["deelnames", "activiteit", None, "Locatie"], "D2", "alias"), (["deelnames", None, None, "Klussen"], "D2",
                                                                     "alias"),
     (["deelnames", "categorie", "taal", "Computer"], "D2", "alias")],
)  # fmt: skip
def test_an_alias_of_something_unknown_or_of_another_column_is_a_problem_with_its_cell(row, cell, column, tmp_path):
    agreement, problems = load(tmp_path, aliassen=[ALIASES, row])
    assert said(problems) == [("aliassen", cell, column, "error")]
    assert agreement.aliases.empty


# --- words of their own -----------------------------------------------------------------------------------------------

TOLD = ["indicator", "kamer", "periode", "tekst", "actie", "wie", "wanneer"]
SAID = ["P1", "Noord", "2023q3", "Dicht.", "Zaal huren.", "coördinator", "mei 2024"]
OWN = {"tekst": 3, "actie": 4, "wie": 5, "wanneer": 6}


def with_word(column, text):
    row = [*SAID]
    row[OWN[column]] = text
    return row


def test_rooms_tell_what_they_do_by_whom_and_when_and_the_board_what_is_to_decide(tmp_path):
    agreement, problems = load(
        tmp_path,
        toelichting=[TOLD, SAID, ["P1", "Totaal", "2023-09", "Goed.", None, None, None]],
        besluiten=[["periode", "tekst"], ["2023Q4", "Sluiten we de zaal?"], [dt.date(2023, 9, 1), "Openen we?"]],
    )
    assert problems == []
    told = agreement.explanations[["room", "period", "text", "action", "who", "by"]].fillna("").to_numpy().tolist()
    assert told == [["NO", "2023Q3", *SAID[3:]], ["Totaal", "2023-09", "Goed.", "", "", ""]]
    assert agreement.decisions[["period", "text"]].to_numpy().tolist() == [
        ["2023Q4", "Sluiten we de zaal?"],
        ["2023-09", "Openen we?"],
    ]


def test_an_agreement_without_words_of_its_own_has_none_and_older_sheets_need_no_action(tmp_path):
    agreement, problems = load(tmp_path)
    assert agreement.explanations.empty
    assert agreement.decisions.empty
    agreement, problems = load(tmp_path, toelichting=[TOLD[:4], SAID[:4]], besluit=[["periode", "tekst"]])
    assert problems == []
    assert agreement.explanations[["action", "who", "by"]].isna().all(axis=None)


@pytest.mark.parametrize("period", ["3e kwartaal", "2023", "2023Q5", "2023-13", 2023, dt.date(2023, 9, 2)])
def test_a_period_that_is_no_quarter_or_month_is_refused_with_its_cell(period, tmp_path):
    sheets = {
        "toelichting": [TOLD, [*SAID[:2], period, *SAID[3:]]],
        "besluiten": [["periode", "tekst"], [period, "Iets?"]],
    }
    agreement, problems = load(tmp_path, **sheets)
    assert agreement.explanations.empty
    assert agreement.decisions.empty
    assert said(problems) == [("toelichting", "C2", "periode", "error"), ("besluiten", "A2", "periode", "error")]
    assert {p.advice for p in problems} == {"Schrijf haar als 2021Q3 (een kwartaal) of 2021-09 (een maand)."}


@pytest.mark.parametrize(("sheet", "column", "cell"), [("toelichting", name, f"{'ABCDEFG'[at]}3") for name, at in OWN.items()]
                         + [("besluiten", "tekst", "B3")])  # fmt: skip
@pytest.mark.parametrize("text", ["Jansje belt", "bel 0612345678", "deelnemer 000123"])
def test_words_that_hold_a_name_or_number_of_a_person_are_refused_with_their_cell_and_never_quoted(
    text, sheet, column, cell, tmp_path
):
    if sheet == "besluiten":
        rows = {"besluiten": [["periode", "tekst"], ["2023Q3", "Sluiten we?"], ["2023Q3", text]]}
    else:
        rows = {"toelichting": [TOLD, SAID, with_word(column, text)]}
    visits = [[*VISIT, "Voornaam"], [*visit(person="000123"), "Jansje"]]
    agreement, _, exports = read_folder(
        [write(tmp_path / "a.xlsx", SHEETS | rows), write(tmp_path / "b.xlsx", {"deelnames": visits})]
    )
    [problem] = [p for p in exports.problems if p.sheet == sheet]
    assert (problem.file, problem.cell, problem.column, problem.severity) == ("a.xlsx", cell, column, "error")
    kept = agreement.decisions if sheet == "besluiten" else agreement.explanations
    assert text not in str(exports.problems) + kept.to_string()
    assert "Sluiten we?" in kept["text"].tolist() or "Dicht." in kept["text"].tolist()


def test_without_an_agreement_the_files_that_cannot_be_read_are_told_first(tmp_path):
    (tmp_path / "afspraak.xlsx").write_bytes(b"PK\x03\x04 cut off")
    with pytest.raises(NoAgreement) as stopped:
        load_agreement([tmp_path / "afspraak.xlsx"])
    assert [problem.file for problem in stopped.value.problems] == ["afspraak.xlsx", ""]


@pytest.mark.parametrize(
    "name", ["streefwaarden", "begroting", "financiering", "vrijwilligersinzet", "kengetallen", "vragen", "rekeningen"]
)
def test_a_sheet_that_is_not_there_or_has_its_header_alone_is_a_warning(name, tmp_path):
    for rows in (None, SHEETS[name][:1]):
        _, problems = load(tmp_path, **{name: rows})
        assert [p.sheet for p in problems if p.severity == "warning"] == [name]
