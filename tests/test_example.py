"""The fictional dataset: the agreement as printed, exports that are like real ones, and nobody who exists."""

import datetime
import re
import zipfile
from collections import defaultdict

import pytest
from example.agreement import ACCOUNTS, BUDGET, FUNDERS, ROOM_ALIASES, ROOM_NAMES, ROOMS, agreement_sheets
from example.ledger import ledger
from example.registrations import registrations
from example.write import QUARTER_ENDS, write_example
from python_calamine import CalamineWorkbook

AGREEMENT = agreement_sheets()
REGISTRATION_TABLES = {
    "deelnemers", "deelnames", "klussen", "vrijwilligersuren", "sleutelbeheer", "doorverwijzingen", "plekken",
    "uitstroom", "samenwerking", "interviews",
}  # fmt: skip


@pytest.fixture(scope="module")
def year():
    return registrations(2021)[0]


@pytest.fixture(scope="module")
def other_year():
    return registrations(1)[0]


@pytest.fixture(scope="module")
def lines():
    return ledger(2021)


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return write_example(tmp_path_factory.mktemp("example"))


def rows_of(sheet):
    header, *rows = AGREEMENT[sheet]
    return [dict(zip(header, row, strict=True)) for row in rows]


def printed(table, line):
    return {
        row["kamer"]: row["bedrag"]
        for row in rows_of("gedrukte_totalen")
        if (row["tabel"], row["regel"]) == (table, line)
    }


def room_of(spelling):
    return next(room for room in ROOMS if spelling in (room, ROOM_NAMES[room], *ROOM_ALIASES[room]))


def quarter_of(day):
    return next(number for number, end in enumerate(QUARTER_ENDS, start=1) if day <= end)


def cells(path, sheet):
    return CalamineWorkbook.from_path(path).get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def named(written, name):
    return next(path for path in written if path.name == name)


def test_the_agreement_has_27_indicators_81_targets_15_budget_lines_and_11_funders():
    counts = [len(rows_of(sheet)) for sheet in ("indicatoren", "streefwaarden", "begroting", "financiering")]
    assert counts == [27, 81, 15, 11]
    assert len({(row["code"], row["kamer"]) for row in rows_of("streefwaarden")}) == 81


def test_the_targets_are_as_written():
    targets = {(row["code"], row["kamer"]): row["streefwaarde"] for row in rows_of("streefwaarden")}
    assert targets["O5", "MB"] == "> 10 op 20"
    assert targets["I1", "DH"] == "> 50%"
    assert [targets["P6", room] for room in ROOMS] == [70, 50, 40]
    assert [targets["O2", room] for room in ROOMS] == ["> 40", "> 30", "> 30"]
    assert targets["N1", "CJM"] == "Positief"


def test_the_budget_and_funding_lines_add_up_to_the_true_totals():
    assert [sum(line[place] for line in BUDGET) for place in (3, 4, 5)] == [125568, 157656, 125868]
    assert [sum(line[place] for line in FUNDERS) for place in (2, 3, 4)] == [125500, 157801, 128500]


def test_the_printed_totals_are_as_printed_also_where_they_are_wrong():
    assert printed("begroting", "A") == {
        "CJM": 54492,
        "MB": 52532,
        "DH": 54492,
        "Totaal": 162516,
    }  # lines: 53532 for MB
    assert printed("begroting", "Totaal") == {"CJM": 125568, "MB": 157656, "DH": 125868, "Totaal": 409092}
    assert printed("financiering", "Totaal") == {"CJM": 125500, "MB": 157801, "DH": 126000, "Totaal": 409301}
    assert printed("financiering", "woningcorporatie") == {"CJM": 30000, "MB": 27500, "DH": 37500, "Totaal": 95000}
    assert printed("financiering", "Totaal / populair") == {"CJM": "49%", "MB": "61%", "DH": "56%", "Totaal": "55%"}
    assert printed("kengetallen", "SROI") == {"CJM": "38%", "MB": "49%", "DH": "38%", "Totaal": "42%"}
    assert printed("vrijwilligersinzet", "uren") == {"CJM": 10500, "MB": 8000, "DH": 8000, "Totaal": 26500}


def test_every_printed_row_total_is_the_sum_of_its_line():
    for table, lines, first in (("begroting", BUDGET, 3), ("financiering", FUNDERS, 2)):
        for line in lines:
            assert printed(table, line[0]) == {"Totaal": sum(line[first:])}


def test_every_post_and_every_funder_has_an_account_and_no_account_has_both():
    assert {post for _, _, post, _ in ACCOUNTS if post} == {line[0] for line in BUDGET}
    assert {funder for _, _, _, funder in ACCOUNTS if funder} == {line[0] for line in FUNDERS}
    assert not [account for account, _, post, funder in ACCOUNTS if post and funder]


def test_some_1400_people_take_part_some_20000_times(year):
    assert 18_000 < len(year["deelnames"]) < 22_000
    people = {row["Deelnemer"] for row in year["deelnames"]} - {None}
    assert 1_300 < len(people) < 1_450
    rooms = defaultdict(set)
    for row in year["deelnames"]:
        rooms[row["Deelnemer"]].add(room_of(row["Kamer"]))
    assert 80 < sum(len(seen) == 2 for person, seen in rooms.items() if person) < 130


def test_the_rooms_reach_the_unique_participants_they_are_meant_to(year):
    by_room = defaultdict(set)
    for row in year["deelnames"]:
        if row["Deelnemer"]:
            by_room[room_of(row["Kamer"])].add(row["Deelnemer"])
    assert {room: len(people) for room, people in by_room.items()} == {"CJM": 552, "MB": 479, "DH": 424}


def test_volunteers_make_26500_hours_about_as_agreed_per_room_whatever_the_seed(year, other_year):
    for tables in (year, other_year):
        hours = defaultdict(float)
        for row in tables["vrijwilligersuren"]:
            hours[room_of(row["Kamer"])] += row["Uren"]
        assert sum(hours.values()) == 26_500
        for room, agreed, _ in AGREEMENT["vrijwilligersinzet"][1:]:
            assert hours[room] == pytest.approx(agreed, rel=0.05)


def test_nothing_happens_in_the_closed_week_nor_on_sundays(year):
    closed = {datetime.date(2021, 8, day) for day in range(2, 8)}
    for table in ("deelnames", "vrijwilligersuren"):
        days = {row["Datum"] for row in year[table]}
        assert not days & closed
        assert not [day for day in days if day.isoweekday() == 7]


def test_no_two_rows_of_the_clean_year_are_equal_except_anonymous_visits(year):
    for name, rows in year.items():
        keys = [tuple(row.values()) for row in rows if name != "deelnames" or row["Deelnemer"]]
        assert len(keys) == len(set(keys)), name


def test_every_voucher_of_the_ledger_balances_and_no_line_is_there_twice(lines):
    balance = defaultdict(int)
    for line in lines:
        balance[line.voucher] += line.cents
    assert 1_700 < len(lines) < 2_300
    assert not [voucher for voucher, cents in balance.items() if cents]
    assert len(set(lines)) == len(lines)


def test_one_line_has_an_account_that_maps_to_nothing_and_another_has_no_room(lines):
    maps = {account: bool(post or funder) for account, _, post, funder in ACCOUNTS}
    assert [(line.room, quarter_of(line.day)) for line in lines if line.account not in maps] == [("MB", 2)]
    assert [quarter_of(line.day) for line in lines if maps.get(line.account) and not line.room] == [3]


def test_realised_costs_stay_near_the_budget_and_not_every_funder_has_paid_all(lines):
    realised = defaultdict(int)
    posts = {account: post or funder for account, _, post, funder in ACCOUNTS}
    for line in lines:
        realised[posts.get(line.account), line.room] += line.cents
    for post, _, _, *budget in BUDGET:
        for room, agreed in zip(ROOMS, budget, strict=True):
            assert realised[post, room] / 100 == pytest.approx(agreed, rel=0.16)
    unpaid = {name for name, _, *funds in FUNDERS if -sum(realised[name, room] for room in ROOMS) < 99 * sum(funds)}
    assert unpaid == {
        "Amsterdam Werk en Re-integratie (LKS)",
        "Ymere",
        "Stichting DOEN",
        "Sponsors en bedrijven Social Return",
    }


def test_the_same_seed_gives_the_same_bytes(written, tmp_path):
    again = write_example(tmp_path)
    assert [path.name for path in again] == [path.name for path in written]
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in written]


def test_another_seed_gives_another_year(year, other_year, lines):
    assert all(other_year[name] != rows for name, rows in year.items())
    assert ledger(1) != lines


def test_each_quarter_has_every_registration_table_and_registers_come_whole(written):
    for quarter in (1, 2, 3, 4):
        workbook = CalamineWorkbook.from_path(named(written, f"registraties 2021 kw{quarter}.xlsx"))
        assert set(workbook.sheet_names) >= REGISTRATION_TABLES
    first, last = (cells(named(written, f"registraties 2021 kw{quarter}.xlsx"), "deelnemers") for quarter in (1, 4))
    number_and_begin = [{(row[0], row[8]) for row in rows[1:]} for rows in (first, last)]
    assert number_and_begin[0] < number_and_begin[1]
    assert all(re.fullmatch(r"\d{5}", number) for number, _ in number_and_begin[1])


def test_a_register_tells_nothing_that_was_not_known_yet(written):
    rows = cells(named(written, "registraties 2021 kw1.xlsx"), "deelnemers")[1:]
    days = [value for row in rows for value in row[8:] if value]
    assert max(days) <= QUARTER_ENDS[0]


def test_the_warts_of_real_files_are_there(written):
    title, blank, header, *rows = cells(named(written, "registraties 2021 kw1.xlsx"), "deelnames")
    assert title[0].startswith("Deelnames eerste kwartaal")
    assert not any(blank)
    assert header[0] == "Datum"
    texts = [row[0] for row in rows if isinstance(row[0], str)]
    assert any(re.fullmatch(r"\d\d-\d\d-2021", text) for text in texts)
    assert any(re.fullmatch(r"\d+ [a-z]{3} 2021", text) for text in texts)
    hours = [row[5] for row in cells(named(written, "registraties 2021 kw1.xlsx"), "vrijwilligersuren")]
    assert any(isinstance(value, datetime.time) for value in hours)
    assert any(isinstance(value, str) and re.fullmatch(r"\d:\d\d", value) for value in hours)
    assert any(isinstance(value, str) and re.fullmatch(r"\d,\d+", value) for value in hours)
    debited = [row[5] for row in cells(named(written, "grootboek 2021 kw2.xlsx"), "Blad1")]
    assert any(isinstance(value, str) and value.startswith("€ ") for value in debited)
    credited = [row[6] for row in cells(named(written, "grootboek 2021 kw2.xlsx"), "Blad1")]
    assert {"€ 15.625", "1.791,67"} <= set(credited)
    assert "De Handreikng" in [row[1] for row in cells(named(written, "registraties 2021 kw2.xlsx"), "deelnames")]


def test_the_totaal_rows_are_right(written, year, lines):
    total = cells(named(written, "registraties 2021 kw1.xlsx"), "vrijwilligersuren")[-1]
    assert total[0] == "Totaal"
    assert total[5] == sum(row["Uren"] for row in year["vrijwilligersuren"] if quarter_of(row["Datum"]) == 1)
    total = cells(named(written, "grootboek 2021 kw4.xlsx"), "Export")[-1]
    debit = sum(line.cents for line in lines if quarter_of(line.day) == 4 and line.cents > 0)
    assert total[5] == total[6] == pytest.approx(debit / 100)


def test_no_mail_address_could_reach_anyone_and_every_name_says_it_is_fictional(written):
    for path in written:
        with zipfile.ZipFile(path) as archive:
            texts = re.findall(r"<t[^>]*>([^<]*)</t>", archive.read("xl/sharedStrings.xml").decode())
        assert {text.partition("@")[2] for text in texts if "@" in text} <= {"voorbeeld.invalid"}
        assert not [text for text in texts if re.match(r"(\+31|06-?)(?!0000)\d{6,}", text)]
    header, *people = cells(named(written, "registraties 2021 kw4.xlsx"), "deelnemers")
    assert header[1:3] == ["Voornaam", "Achternaam"]
    assert {person[1] for person in people} == {"Fictief"}
    assert all(re.fullmatch(r"Persoon \d{4}", person[2]) for person in people)


def test_no_text_became_a_formula(written):
    formulas = []
    for path in written:
        with zipfile.ZipFile(path) as archive:
            sheets = [archive.read(name).decode() for name in archive.namelist() if name.startswith("xl/worksheets/")]
        formulas += [(path.name, found) for sheet in sheets for found in re.findall("<f>.*?</f><v>.*?</v>", sheet)]
    # the one error cell that is meant to be there
    assert formulas == [("registraties 2021 kw3.xlsx", "<f>NA()</f><v>#N/A</v>")]
