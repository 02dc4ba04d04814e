"""One ledger, however a package writes it: the same figures of money, to the byte."""

import datetime as dt
import shutil

import pytest
from conftest import GOLDEN
from registered import counted
from workbooks import write

from bwk_analysis.dataset import read

HEAD = ["Datum", "Boekstuk", "Rekening", "Omschrijving", "Kostenplaats"]
BOOKED = [  # each twice: on its account, and the opposite on the other one
    (dt.date(2023, 2, 1), "M1", "4300", "1000", "huur", "LW", 1250.5),
    (dt.date(2023, 3, 1), "M2", "8000", "1000", "bijdrage", "HV", -800.0),
    (dt.date(2023, 3, 9), "M3", "4300", "1000", "huur terug", "LW", -50.25),
]
LINES = [
    (day, voucher, account, text, room, euro)
    for day, voucher, own, other, text, room, amount in BOOKED
    for account, euro in ((own, amount), (other, -amount))
]
NAMES = {"4300": "4300 - Huur", "1000": "1000 - Bank", "8000": "8000 - Bijdragen"}


def sides(euro):
    return [euro if euro > 0 else None, -euro if euro < 0 else None]


def two_columns():
    return [[*HEAD, "Debet", "Credit"], *([*line[:5], *sides(line[5])] for line in LINES)]


def signed():
    return [[*HEAD, "Bedrag"], *LINES]


def with_a_side():
    return [[*HEAD, "Bedrag", "D/C"], *([*line[:5], abs(line[5]), "D" if line[5] > 0 else "C"] for line in LINES)]


def cards():
    rows = [["Datum", "Boekstuk", "Omschrijving", "Kostenplaats", "Debet", "Credit"]]
    for account, name in NAMES.items():
        own = [line for line in LINES if line[2] == account]
        rows += [[name], *([*line[:2], *line[3:5], *sides(line[5])] for line in own)]
        rows.append([f"Totaal {account}", None, None, None, sum(line[5] for line in own if line[5] > 0)])
    return rows


def contra():
    return [[*HEAD[:3], "Tegenrekening", *HEAD[3:], "Bedrag"], *BOOKED]


def auditfile():
    lines = "".join(
        f"<transaction><nr>{voucher}</nr><trDt>{day}</trDt><trLine><accID>{account}</accID><desc>{text}</desc>"
        f"<amnt>{abs(euro):.2f}</amnt><amntTp>{'D' if euro > 0 else 'C'}</amntTp><costID>{room}</costID></trLine></transaction>"
        for day, voucher, account, text, room, euro in LINES
    )
    total = sum(line[5] for line in LINES if line[5] > 0)
    return (
        '<auditfile xmlns="http://www.auditfiles.nl/XAF/3.2"><company><transactions><linesCount>6</linesCount>'
        f"<totalDebit>{total:.2f}</totalDebit><totalCredit>{total:.2f}</totalCredit><journal><jrnID>M</jrnID>{lines}</journal>"
        "</transactions></company></auditfile>"
    )


def finance(folder, *ledgers):
    shutil.copy(GOLDEN / "dataset" / "afspraak_2023.xlsx", folder)
    for number, ledger in enumerate(ledgers):
        if isinstance(ledger, str):
            (folder / f"boek{number}.xaf").write_text(ledger, encoding="utf-8")
        else:
            write(folder / f"boek{number}.xlsx", {"Mutaties": ledger})
    data = read(folder)
    return data, counted(data, "2023Q2").finance.to_csv()


@pytest.mark.parametrize("way", [signed, with_a_side, cards, contra, auditfile])
def test_six_ways_of_writing_one_ledger_give_the_same_figures(way, tmp_path):
    for name in ("plain", "other"):
        (tmp_path / name).mkdir()
    _, plain = finance(tmp_path / "plain", two_columns())
    data, other = finance(tmp_path / "other", way())
    assert other == plain
    assert "1200.25" in plain
    assert not {"error", "warning"} & {p.severity for p in data.problems.itertuples() if p.file.startswith("boek")}


@pytest.mark.parametrize(
    "ways", [(auditfile, two_columns), (auditfile, signed), (contra, auditfile), (cards, auditfile)]
)
def test_one_ledger_written_in_two_ways_counts_once(ways, tmp_path):
    for name in ("plain", "other"):
        (tmp_path / name).mkdir()
    _, plain = finance(tmp_path / "plain", two_columns())
    data, other = finance(tmp_path / "other", *(way() for way in ways))
    assert other == plain
    assert data.problems["problem"].str.contains("hetzelfde grootboek als").sum() == 1


@pytest.mark.parametrize(
    ("changed", "lines", "said"),
    [
        (lambda rows: rows[:3], 6, "hetzelfde grootboek als"),  # a quarter beside the year
        (lambda rows: [*rows[:4], [*rows[4][:5], 1.0], [*rows[5][:5], -1.0]], 12, "alles telt mee"),
        (lambda rows: [[*row[:5], row[5] + 1 if row is not rows[0] else row[5]] for row in rows], 12, ""),
        (lambda rows: [rows[0], *([row[0].replace(month=6), *row[1:]] for row in rows[1:])], 12, "alles telt mee"),
    ],
)
def test_a_part_of_a_ledger_counts_once_and_what_differs_counts_twice_and_is_said(changed, lines, said, tmp_path):
    header, *rows = signed()
    rows = changed([list(row) for row in rows])
    data, _ = finance(tmp_path, auditfile(), [header, *rows])
    assert len(data.tables["grootboek"]) == lines
    told = [text for text in data.problems["problem"] if "kostenplaats en hetzelfde bedrag" in text]
    assert len(told) == bool(said)
    assert all(said in text for text in told)
