"""A ledger with two accounts in a row: each row is two lines."""

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
    assert counts(exports) == [(3, 3, 0, 0, 0)]


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
