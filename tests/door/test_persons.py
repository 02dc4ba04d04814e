"""No personal value that goes in comes out: not in a table, a problem, or on the terminal."""

import datetime as dt

import pandas as pd
import pytest
from stdnum.nl import bsn
from workbooks import DAY, HOURS, VISIT, context, line, read, said, visit, worked, write

from bwk_analysis.door import persons
from bwk_analysis.door.read import read_exports, read_folder
from bwk_analysis.door.sheet import Context, parser_of

EMAIL, PHONE, IBAN = "jansje@voorbeeld.invalid", "06-12345678", "NL91 ABNA 0417 1643 00"
BSN = ["111222333", "123456782", "100000009", "100000022"]


def everything(exports):
    """All that a run gives, as one text."""
    frames = [*exports.tables.values(), *exports.outside_year.values(), exports.accounting]
    texts = [frame.to_csv() for frame in frames]
    for frame in exports.tables.values():
        texts += [str(list(frame[name].cat.categories)) for name in frame.select_dtypes("category")]
    texts += [str(problem) for problem in exports.problems]
    return "\n".join(texts)


PERSONAL = {
    "Voornaam": "Jansje", "Achternaam": "Voorbeeldsma", "Naam deelnemer": "J. Voorbeeldsma", "E-mailadres": EMAIL,
    "Tel.nr.": PHONE, "Adres": "Nergensstraat 999", "Postcode": "9999 ZZ", "Geboortedatum": dt.date(1901, 2, 3),
    "IBAN": IBAN,
    "Toelichting": "kwam huilend binnen", "Verslag": "gesprek over de huur", "Opmerkingen": "belt morgen terug",
}  # fmt: skip


def test_no_personal_value_that_goes_in_comes_out(tmp_path, capfd):
    numbers = ["000123", "000124"]
    visits = [[*VISIT, *PERSONAL], *([*visit(person=number), *PERSONAL.values()] for number in numbers)]
    bad = [*visit(day="Voorbeeldsma", room="Jansje", person="000125", kind=ErrorWord, what=EMAIL), *PERSONAL.values()]
    forms = [["Id", "Voltooiingstijd", "E-mail", "Naam", "Kamer", "Ik ben trots"],
             [1, DAY, EMAIL, "J. Voorbeeldsma", "NO", "eens"], [2, DAY, EMAIL, "x", "NO",
                                                                "Jansje zegt nee"]]  # fmt: skip
    ledger = [["Datum", "Boekstuk", "Rekening", "Omschrijving", "Kostenplaats", "Debet", "Credit", "Tegenrekening"],
              [*line(debit=5), IBAN], [DAY, EMAIL, IBAN, "huur Voorbeeldsma", "Jansje", "Jansje", None,
                                       IBAN]]  # fmt: skip
    files = [
        write(tmp_path / "a.xlsx", {"deelnames": [*visits, bad], "Blad9": forms}),
        write(tmp_path / "b.xlsx", {"boekingen": ledger}),
    ]
    went_in = [*numbers, "000125", EMAIL, PHONE, IBAN, "NL91ABNA0417164300", "Jansje", "jansje", "Voorbeeldsma",
               "voorbeeldsma",
               "Nergensstraat", "9999 ZZ", "1901-02-03", "03-02-1901", "huilend", "gesprek over", "belt morgen",
               "huur", "zegt nee"]  # fmt: skip
    for known in (context(), Context(b"k" * 32)):
        exports = read_exports(files, known)
        if known.rooms is None:
            went_in = [text for text in went_in if text not in ("Jansje", "jansje")]  # any text is a room then
        found = everything(exports) + "".join(capfd.readouterr())
        assert [text for text in went_in if text in found] == []
        assert exports.accounting["rows_read"].sum() >= 5
    exports = read_exports(files, context())
    [note] = [
        p.problem for p in exports.problems if "persoonsgegevens weggelaten" in p.problem and p.sheet == "deelnames"
    ]
    assert note.startswith("12 kolommen")


ErrorWord = f"bel {PHONE}"


def test_a_room_that_may_be_any_text_keeps_no_mail_address(tmp_path):
    path = write(tmp_path / "a.xlsx", {"deelnames": [VISIT, visit(room=f"bij {EMAIL}")]})
    assert EMAIL not in everything(read_exports([path], Context(b"k" * 32)))


def test_persons_become_the_same_pseudonym_with_the_same_key_only(tmp_path):
    rows = [VISIT, visit(person="001"), visit(person="002"), visit(person="001", kind="werk")]
    first, second, third = read(tmp_path, {"deelnames": rows}).tables["deelnames"]["deelnemer"]
    assert first == third != second
    other = read(tmp_path, {"deelnames": rows}, key=b"x" * 32).tables["deelnames"]["deelnemer"]
    assert first not in set(other)


def test_leading_zeros_make_another_person(tmp_path):
    rows = [VISIT, visit(person="001"), visit(person=1), visit(person="1", kind="werk")]
    assert read(tmp_path, {"deelnames": rows}).tables["deelnames"]["deelnemer"].nunique() == 2


@pytest.mark.parametrize(
    "text",
    [EMAIL, f"mail naar {EMAIL}", PHONE, "0612345678", "06 12 34 56 78", "+31 6 12345678", "0031612345678",
     "+31(0)20 123 4567",
     "020-1234567", "(020) 123 4567", "bel 06-12345678 na vijven", IBAN, "nl91abna0417164300",
     f"{IBAN} t.n.v. iemand", "BE71 0961 2345 6769 van iemand",
     "betaald van NL91.ABNA.0417.1643.00"],
)  # fmt: skip
def test_mail_phone_and_bank_numbers_are_recognised_within_a_text(text):
    assert persons.looks_personal(text)


@pytest.mark.parametrize(
    "text",
    ["koffie", "000123", "1.234,56", "01-02-2023 10:30:15", "van 01-02-2023 tot 03-04-2023", "2023-01-02 12:00",
     "NL92ABNA1417164301",
     "groep @ huis", "20230102-000123", "4000 - Huur", "Klus 12345678"],
)  # fmt: skip
def test_other_texts_are_not_taken_for_personal(text):
    assert not persons.looks_personal(text)


def test_mail_in_a_column_that_is_read_becomes_a_pseudonym_and_is_counted(tmp_path):
    rows = [HOURS, worked(group=EMAIL), worked(group=f" {EMAIL} ", person="2"), worked(group="tuin")]
    exports = read(tmp_path, {"uren": rows})
    groups = exports.tables["vrijwilligersuren"]["groep"]
    assert groups.nunique() == 2
    assert EMAIL not in everything(exports)
    assert said(exports, "warning") == [
        "D2 groep 2 cellen met een e-mailadres, telefoonnummer of rekeningnummer; de inhoud is niet bewaard"
    ]


@pytest.mark.parametrize("values", [[EMAIL, "a@b.nl"], [PHONE, "0201234567"], [IBAN, IBAN]])
def test_a_column_full_of_personal_content_under_an_unknown_header_is_counted_as_left_out(values, tmp_path):
    rows = [[*VISIT, "Kolom 7"], *([*visit(person=str(n)), value] for n, value in enumerate(values))]
    [note] = said(read(tmp_path, {"deelnames": rows}), "note")
    assert note == "F1 1 kolom met persoonsgegevens weggelaten (F1)"


@pytest.mark.parametrize(
    ("header", "values"),
    [("BSN", BSN[:1]), ("Burgerservicenummer", [BSN[0], "geen", "???"]), ("Nummer", BSN), ("Deelnemer", BSN),
     ("Kolom", [int(text) for text in BSN]), ("Kolom", ["1112.22.333", *BSN[1:]])],
)  # fmt: skip
def test_a_column_of_citizen_service_numbers_refuses_the_whole_file(header, values, tmp_path):
    good = {"deelnames": [VISIT, visit()]}
    exports = read(tmp_path, {**good, "Blad2": [["Iets", header], *(["a", value] for value in values)]})
    [problem] = exports.problems
    assert (problem.severity, problem.cell) == ("error", "B1")
    assert "burgerservicenummers" in problem.problem
    assert exports.tables == {}
    assert not any(str(value) in str(problem) for value in values)


def test_citizen_service_numbers_are_found_below_titles_and_between_words(tmp_path):
    rows = [
        ["Lijst"],
        ["van", "de"],
        ["buurt", "en zo"],
        ["Iets", "Kolom"],
        *(["a", number] for number in [*BSN, "geen", "-"]),
    ]
    [problem] = read(tmp_path, {"Blad1": rows}).problems
    assert "burgerservicenummers" in problem.problem


def test_numbers_that_pass_by_chance_refuse_nothing(tmp_path):
    rows = [VISIT, *(visit(person=f"{n:09d}") for n in range(100_000_000, 100_000_060))]
    assert read(tmp_path, {"deelnames": rows}).tables["deelnames"]["deelnemer"].nunique() == 60
    mixed = [[*VISIT, "Nr"], *([*visit(person=str(n)), n + 123_456_700] for n in range(40))]
    assert "deelnames" in read(tmp_path, {"deelnames": mixed}).tables
    two = [[*VISIT, "Nr"], *([*visit(), number] for number in BSN[:2])]
    assert "deelnames" in read(tmp_path, {"deelnames": two}).tables


def test_no_kind_of_text_column_keeps_personal_content():
    known = context()
    for table in known.schema.tables.values():
        for column in table.columns.values():
            parse = parser_of(column, table, known)
            for text in (EMAIL, PHONE, IBAN, "NL91ABNA0417164300", "0612345678"):
                if column.kind != "answer":  # becomes a number on its scale in the end
                    assert text not in str(parse(text))


# --- the rooms' own words ---------------------------------------------------------------------------------------------

NAMES = ["Anna de Vries", "Roos", "Nergensstraat 999", "9999 ZZ", "groot", "De", "12", "0012", "D-7", "123456", "2021"]


@pytest.mark.parametrize(
    "text",
    ["Met Anna de Vries ging het goed", "ANNA DE VRIES", "anna  de\nvries.", "Roos deed mee.", "Dank aan roos en Roos!",
     "wie woont op Nergensstraat 999?", "in 9999 zz", "nummer 12 stopt", "Deelnemer 12", "vrijwilliger 2021 stopte",
     "0012 kwam vaker", "(D-7)", "lid 123456"],
)  # fmt: skip
def test_a_text_that_names_a_person_is_found(text):
    assert persons.naming([text, "niets"], NAMES) == {text}


@pytest.mark.parametrize(
    "text",
    ["Anna en De Vries", "de roos bloeit", "Groot feest op de hoek", "De kamer was dicht", "12 deelnemers in 2021",
     "op nr. 9", "1234567 stappen", "Nergensstraat", "Rozen", ""],
)  # fmt: skip
def test_ordinary_words_and_numbers_name_nobody(text):
    assert persons.naming([text], NAMES) == set()


def test_what_stands_in_place_of_a_name_names_nobody():
    assert persons.naming(["Onbekend is hoeveel", "niet bekend"], ["Onbekend", "Niet bekend", "", "-"]) == set()


@pytest.mark.parametrize("number", ["111222333", "1112.22.333", "111 222 333", "bsn: 123456782."])
def test_a_citizen_service_number_in_a_text_is_recognised(number):
    assert persons.holds_bsn(f"zie {number}")


@pytest.mark.parametrize(
    "text", ["111222334", "1112223330", "van 01-02-2023 tot 03-04-2023", "0612345678", "1.112.223"]
)
def test_other_numbers_are_no_citizen_service_number(text):
    assert not persons.holds_bsn(text)


def folder_with(folder, *told):
    """An agreement with the rooms' own words, and exports that hold names and numbers of persons."""
    agreed = {
        "kamers": [["kamer", "naam"], ["NO", "Noord"]],
        "indicatoren": [["code", "niveau", "indicator", "maat"], ["T1", "proces", "Taal", "uniek"]],
        "instellingen": [["sleutel", "waarde"], ["jaar", 2023]],
        "toelichting": [["indicator", "kamer", "periode", "tekst"], *(["T1", "NO", "2023Q1", text] for text in told)],
    }
    visits = [[*VISIT, "Voornaam", "Naam deelnemer", "Toelichting"],
              [*visit(person="000123"), "Jansje", "J. Voorbeeldsma", "iedereen leert taal"]]  # fmt: skip
    return [write(folder / "a.xlsx", agreed), write(folder / "b.xlsx", {"deelnames": visits})]


@pytest.mark.parametrize(
    "text",
    [
        "Jansje kwam elke week",
        "dank aan j. voorbeeldsma",
        "000123 stopte",
        f"mail {EMAIL}",
        f"bel {PHONE}",
        IBAN,
        BSN[0],
    ],
)
def test_a_rooms_own_words_that_tell_of_a_person_are_refused_with_their_cell_and_never_quoted(text, tmp_path, capfd):
    agreement, _, exports = read_folder(folder_with(tmp_path, "Iedereen leert taal.", text))
    assert agreement.explanations["text"].tolist() == ["Iedereen leert taal."]
    [problem] = [p for p in exports.problems if p.sheet == "toelichting"]
    assert (problem.file, problem.cell, problem.column, problem.severity) == ("a.xlsx", "D3", "tekst", "error")
    assert "telt niet mee" in problem.problem
    assert text not in str(exports) + "".join(capfd.readouterr())


def test_ordinary_words_of_a_room_stay(tmp_path):
    told = ["Iedereen leert taal.", "In 2023 waren er 12 groepen, 123 keer; de kamer Noord was dicht."]
    agreement, _, exports = read_folder(folder_with(tmp_path, *told))
    assert agreement.explanations["text"].tolist() == told
    assert [p for p in exports.problems if p.sheet == "toelichting"] == []


def test_days_written_as_text_are_no_citizen_service_numbers():
    days = [day.strftime("%d-%m-%Y") for day in pd.date_range("2023-01-01", "2023-12-31")]
    passing = [day for day in days if bsn.is_valid(day.replace("-", ""))]
    assert len(passing) > 10
    assert not persons.is_bsn_column(passing, named=False)
    assert persons.is_bsn_column([day.replace("-", "") for day in passing], named=False)
