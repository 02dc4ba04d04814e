"""What only a ledger has: two accounts in a row, cards, a side beside an amount, names beside codes."""

import datetime as dt

import pytest
from workbooks import counts, read, said

HEAD = ["Datum", "Boekstuk", "Rekening", "Tegenrekening", "Omschrijving", "Kostenplaats", "Bedrag"]
DAY = dt.date(2023, 2, 1)
COLUMNS = ["rekening", "bedrag", "kostenplaats", "source_row"]


def lines(tmp_path, *rows, head=HEAD):
    exports = read(tmp_path, {"Mutaties": [head, *rows]})
    return exports, exports.tables["grootboek"]


def test_a_row_with_a_contra_account_is_two_lines(tmp_path):
    exports, found = lines(
        tmp_path, [DAY, "M1", 1100, 4000, "loon", "NO", -300], [DAY, "M2", 4010, None, "huur", "NO", 5]
    )
    assert said(exports) == []
    assert found[COLUMNS].astype(object).to_numpy().tolist() == [
        ["1100", -300, "NO", 2], ["4000", 300, "NO", 2], ["4010", 5, "NO", 3]]  # fmt: skip
    assert counts(exports) == [(2, 2, 0, 0, 0)]  # rows of the sheet


def test_a_row_of_two_lines_is_one_row_in_what_is_said_of_it(tmp_path):
    old = [dt.date(2022, 2, 1), "M9", 1100, 4000, "loon", "NO", -9]
    rows = [[DAY, "M1", 1100, 4000, "loon", "NO", -300]] * 2
    exports = read(tmp_path, *({"Mutaties": [HEAD, *each]} for each in ([*rows, old], [*rows[:1], old, old])))
    assert counts(exports) == [(3, 2, 0, 0, 1), (3, 0, 0, 1, 2)]
    about = [text.partition(" ")[2] for text in said(exports)]
    assert [text for text in about if "gelijk aan" in text] == [
        "2 regels zijn gelijk aan een andere regel van dit werkblad en tellen allemaal mee: rij 2-3"]  # fmt: skip
    assert [text for text in about if "aangeleverd" in text] == ["1 regel is al eens aangeleverd: rij 2"]


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_a_ledger_with_contra_accounts_and_the_same_one_line_by_line_count_once(order, tmp_path):
    contra = [HEAD, [DAY, "M1", 1100, 4000, "loon", "NO", -300], [DAY, "M2", 1100, 4000, "loon", "NO", -20]]
    each = [("M1", 1100, -300), ("M1", 4000, 300), ("M3", 1100, -7), ("M3", 4000, 7)]
    plain = [[*HEAD[:3], *HEAD[4:]], *([DAY, voucher, account, "loon", "NO", euro] for voucher, account, euro in each)]
    exports = read(tmp_path, *({"Mutaties": [contra, plain][nth]} for nth in order))
    assert sorted(exports.tables["grootboek"]["bedrag"]) == [-300, -20, -7, 7, 20, 300]


BOTH = [
    [DAY, "M1", 4000, 1600, "a", "NO", 100],
    [DAY, "M1", 1500, 1600, "a", "NO", 21],
    [DAY, "M1", 1600, 4000, "a", "NO", -121],
]
BANK = [[DAY, "M2", 1000, 4000, "a", "NO", -50], [DAY, "M2", 1000, 8000, "b", "NO", 50]]  # a day of as much in as out


def test_a_voucher_that_has_a_line_for_each_contra_account_and_balances_is_not_split(tmp_path):
    _, found = lines(tmp_path, *BOTH, *BANK)
    assert found.groupby("rekening", observed=True)["bedrag"].sum().to_dict() == {
        "1000": 0, "1500": 21, "1600": -121, "4000": 150, "8000": -50}  # fmt: skip
    _, found = lines(tmp_path, *BOTH[:2], ["ooit", *BOTH[2][1:]])  # its row is not counted, its amount is there
    assert found["bedrag"].tolist() == [100, 21]


@pytest.mark.parametrize(
    "name",
    ["Tegenrek.", "Tegenrekeningnummer", "Contra-rekening", "Contrarekening", "Grootboek tegenrekening", "Gegenkonto"],
)
def test_a_contra_account_is_known_by_other_headers(name, tmp_path):
    _, found = lines(tmp_path, [DAY, "M1", 1100, 4000, "loon", "NO", -300], head=[*HEAD[:3], name, *HEAD[4:]])
    assert found["bedrag"].tolist() == [-300, 300]
    for other in ("Jansen", "NL91ABNA0417164300"):
        exports, _ = lines(tmp_path, [DAY, "M1", 1100, other, "loon", "NO", -300], head=[*HEAD[:3], name, *HEAD[4:]])
        assert "D1" in str(said(exports))
        assert other not in str(exports)


def test_debit_and_credit_change_places_on_the_contra_account(tmp_path):
    _, found = lines(tmp_path, [DAY, "M1", 1100, 4000, "loon", "NO", 0, 300], head=[*HEAD[:-1], "Debet", "Credit"])
    assert found[["rekening", "debet", "credit", "bedrag"]].astype(object).to_numpy().tolist() == [
        ["1100", 0, 300, -300], ["4000", 300, 0, 300]]  # fmt: skip


def test_two_rows_that_differ_in_their_contra_account_alone_are_no_line_twice(tmp_path):
    rows = [[DAY, "M1", 1100, account, "loon", "NO", -300] for account in (4000, 4100)]
    _, found = lines(tmp_path, *rows)
    assert len(found) == 4


@pytest.mark.parametrize("others", ["NL91ABNA0417164300", "NL00KORT0123456789", "Jansen", "1234567890"])
def test_the_bank_accounts_or_names_of_others_are_left_out_as_personal(others, tmp_path):
    exports, found = lines(tmp_path, [DAY, "M1", 4000, others, "loon", "NO", 300])
    assert found["rekening"].tolist() == ["4000"]
    assert others not in str(exports)
    assert [problem.severity for problem in exports.problems] == ["note"]


# --- debit or credit in a column of its own ---------------------------------------------------------------------------

SIDED = ["Datum", "Boekstuk", "Rekening", "Omschrijving", "Kostenplaats", "Bedrag"]


def sided(tmp_path, header, *amounts):
    rows = [[DAY, "M1", 4000, f"regel {nth}", "NO", *amount] for nth, amount in enumerate(amounts)]
    exports, found = lines(tmp_path, *rows, head=[*SIDED, header])
    return exports, found[["debet", "credit", "bedrag"]].to_numpy().tolist()


@pytest.mark.parametrize("header", ["D/C", "DC", "Debet/Credit", "D-C", "Soort"])
@pytest.mark.parametrize(("debit", "credit"), [("D", "C"), ("Debet", "CREDIT"), ("Db.", "Cr."), ("+", "-")])
def test_an_unsigned_amount_is_on_the_side_that_stands_beside_it(header, debit, credit, tmp_path):
    exports, found = sided(tmp_path, header, (7, debit), (5, credit))
    assert found == [[7, 0, 7], [0, 5, -5]]
    assert said(exports) == []


@pytest.mark.parametrize(
    ("amounts", "euros", "severities"),
    [
        ([(7, "D"), (-5, "C")], [7, -5], []),  # the sign has said it already
        ([(7, "D"), (-2, "D"), (5, "C")], [7, -2, -5], ["warning"]),
        ([(7, "D"), (5, None)], [7], ["error"]),
        ([(7, "D"), (5, "?")], [7], ["error"]),
        ([(7, "Af"), (5, "Bij")], [], ["error", "error"]),
    ],
)
def test_a_side_that_says_something_else_than_the_sign_or_nothing_is_said(amounts, euros, severities, tmp_path):
    exports, found = sided(tmp_path, "D/C", *amounts)
    assert [euro for _, _, euro in found] == euros
    assert [problem.severity for problem in exports.problems] == severities


@pytest.mark.parametrize(("words", "euros"), [(("Credit", "Credit"), [-7, -5]), (("X", "Y"), [7, 5])])
def test_a_side_under_an_unknown_header_is_known_by_its_words(words, euros, tmp_path):
    _, found = sided(tmp_path, "Iets", *zip((7, 5), words, strict=True))
    assert [euro for _, _, euro in found] == euros


def test_beside_debit_and_credit_an_amount_without_a_sign_decides_nothing(tmp_path):
    head = [*SIDED, "Debet", "Credit"]
    _, found = lines(tmp_path, [DAY, "M1", 8000, "gift", "NO", 5, None, 5], head=head)
    assert found["bedrag"].tolist() == [-5]


# --- cards ------------------------------------------------------------------------------------------------------------

CARD = ["Datum", "Boekstuk", "Omschrijving", "Kostenplaats", "Debet", "Credit"]
FIRST, SECOND = [DAY, "M1", "loon", "NO", 5, None], [DAY, "M2", "huur", "ZU", None, 7]


def carded(tmp_path, *rows):
    exports = read(tmp_path, {"Grootboekkaarten": rows}, accounts={"lonen": "4000", "huur": "4010"})
    return exports, exports.tables["grootboek"][["rekening", "bedrag", "kostenplaats"]].to_numpy().tolist()


@pytest.mark.parametrize("above", [False, True], ids=["below the header", "above it"])
@pytest.mark.parametrize(
    "heads",
    [
        (["Rekening: 4000 - Lonen"], ["Rekening: 4010 - Huur"]),
        (["Grootboekrekening", "4000", "Lonen"], ["Grootboekrekening", "4010", "Huur"]),
        (["Rekening 4000 Lonen"], ["Rekening 4010 Huur"]),
        (["4000 Lonen"], ["4010 - Huur"]),
        ([4000, "Lonen"], [4010, "Huur"]),
        (["4000"], [4010]),
    ],
)
def test_an_account_between_the_rows_is_of_the_rows_below_it(heads, above, tmp_path):
    first, second = heads
    top = [first, CARD] if above else [CARD, first]
    exports, found = carded(tmp_path, *top, FIRST, ["Totaal 4000", None, None, None, 5], second, SECOND)
    assert found == [["4000", 5, "NO"], ["4010", -7, "ZU"]]
    assert [problem.severity for problem in exports.problems] == ["note"]  # of the total line


def test_a_card_may_be_headed_by_the_name_that_the_agreement_gives_an_account(tmp_path):
    exports, found = carded(tmp_path, CARD, ["Lonen"], FIRST, ["Huur"], SECOND, ["Kantoor"], FIRST)
    assert [row[0] for row in found] == ["4000", "4010"]
    assert said(exports) == ["A7 rekening verwacht een rekeningnummer; de regel telt niet mee"]


def test_an_account_in_its_own_column_on_a_line_above_the_rows_is_of_those_rows(tmp_path):
    rows = [["4000 - Lonen"], [None, *FIRST], [4010.0], [None, *SECOND]]
    exports, found = carded(tmp_path, ["Rekening", *CARD], *rows)
    assert found == [["4000", 5, "NO"], ["4010", -7, "ZU"]]
    assert said(exports) == []


def test_a_room_between_the_rows_is_of_the_rows_below_it(tmp_path):
    head = ["Datum", "Boekstuk", "Rekening", "Omschrijving", "Debet", "Credit"]
    rows = [["Kostenplaats: NO"], [DAY, "M1", 4000, "a", 5], ["Kostenplaats: ZU - Zuid"], [DAY, "M1", 4000, "a", 5]]
    exports = read(tmp_path, {"Grootboek": [head, *rows]})
    assert exports.tables["grootboek"]["kostenplaats"].tolist() == ["NO", "ZU"]


@pytest.mark.parametrize(
    "span", ["Rekening: 4000 t/m 4999", "Rekeningen 4000 - 8999", "Grootboekrekening: van 4000 tot 4999"]
)
def test_a_span_of_accounts_above_the_rows_is_refused_and_none_where_each_card_has_its_own(span, tmp_path):
    exports = read(tmp_path, {"Grootboekkaarten": [[span], CARD, FIRST]})
    assert [problem.severity for problem in exports.problems] == ["error"]
    assert "reeks rekeningen" in said(exports)[0]
    assert [row[0] for row in carded(tmp_path, [span], CARD, ["4000 Lonen"], FIRST)[1]] == ["4000"]


# --- names beside codes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "room"),
    [
        *((text, "NO") for text in ("NO - Noord", "NO Noord", "Noord (NO)", "100 NO", "100 - Noord", "NO: de tuin")),
        *((text, None) for text in ("NO - De Zuid", "Noord 2", "NO / ZU", "Noordrand", "Kamer NO of ZU")),
    ],
)
def test_a_room_is_known_by_its_code_and_name_beside_each_other_and_two_rooms_are_none(text, room, tmp_path):
    exports, found = lines(tmp_path, [DAY, "M1", 4000, None, "loon", text, 5])
    assert found["kostenplaats"].astype(object).where(found["kostenplaats"].notna(), None).tolist() == [room]
    assert [problem.severity for problem in exports.problems] == ["warning"] * (room is None)


def test_the_number_of_a_bank_account_in_the_name_of_an_account_is_left_out_and_the_account_stays(tmp_path):
    exports, found = lines(tmp_path, [DAY, "M1", "1100 - Bank NL91ABNA0417164300", None, "loon", "NO", 5])
    assert found["rekening"].tolist() == ["1100"]
    assert "NL91" not in str(exports)
    assert said(exports) == []


def test_equal_lines_with_numbers_of_their_own_are_both_meant(tmp_path):
    for numbers, warnings in (((1, 2), 0), ((1, 1), 1)):
        rows = [[number, DAY, "M1", 4000, "loon", "NO", 5] for number in numbers]
        exports, found = lines(tmp_path, *rows, head=["Regel", *SIDED])
        assert len(found) == 2
        assert len(said(exports)) == warnings
