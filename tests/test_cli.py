"""The command: arguments, exit codes, Dutch messages, never a traceback."""

import re
import shutil
import subprocess
import sys

import handmade
import pytest
from conftest import EXAMPLE

from bwk_analysis import cli, report

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
NO_WORKBOOKS = {
    "leeg.xlsx": b"",
    "wachtwoord.xlsx": OLE + "EncryptedPackage".encode("utf-16-le"),
    "oud.xls": OLE + "Workbook".encode("utf-16-le"),
    "webpagina.xlsx": b"<html><body><table><tr><td>1</td></tr></table></body></html>",
    "komma.xlsx": b"datum;kamer;uren\n01-01-2021;A;3\n",
}


def test_help_shows_the_commands_with_examples(capsys):
    assert cli.main(["--help"]) == cli.FINE
    shown = capsys.readouterr().out
    assert "examples:" in shown
    assert all(f"bwk {command}" in shown for command in ("report", "check", "template", "example", "forget"))


@pytest.mark.parametrize("arguments", [[], ["unknown"], ["report", "--edition", "intern"], ["report", "--period"]])
def test_wrong_arguments_are_wrong_usage(arguments):
    assert cli.main(arguments) == cli.USAGE


def test_a_dataset_that_is_not_there_is_wrong_usage_and_the_message_names_those_that_are(capsys):
    assert cli.main(["report", "1999"]) == cli.USAGE
    told = capsys.readouterr().err
    assert "geen dataset '1999'" in told
    assert "wel: 2021-voorbeeld (in data/raw)" in told


@pytest.mark.parametrize("period", ["2021", "2021Q5", "Q3", "gisteren", "2021-13", "2021-03-01"])
def test_a_period_that_is_no_quarter_and_no_month_is_wrong_usage(period, tmp_path, capsys):
    places = ["--processed", str(tmp_path / "p"), "--reports", str(tmp_path / "r")]
    assert cli.main(["report", str(EXAMPLE), "--period", period, *places]) == cli.USAGE
    assert "schrijf hem als 2021Q3 (een kwartaal) of 2021-09 (een maand)" in capsys.readouterr().err


@pytest.mark.parametrize("period", ["2020Q3", "2022-09"])
def test_a_period_of_another_year_is_wrong_usage(period, tmp_path, capsys):
    places = ["--processed", str(tmp_path / "p"), "--reports", str(tmp_path / "r")]
    assert cli.main(["report", str(EXAMPLE), "--period", period, *places]) == cli.USAGE
    assert "hoort niet bij de afspraak van 2021" in capsys.readouterr().err


def test_without_an_agreement_there_is_no_report_and_the_last_good_one_stays(tmp_path, capsys):
    folder = tmp_path / "2021"
    folder.mkdir()
    shutil.copy(EXAMPLE / "enquete 2021.xlsx", folder)
    last_good = tmp_path / "r" / "2021Q4"
    last_good.mkdir(parents=True)
    (last_good / "index.html").write_text("last good")
    code = cli.main(["report", str(folder), "--processed", str(tmp_path / "p"), "--reports", str(tmp_path / "r")])
    assert code == cli.ERRORS
    assert "er is geen leesbare samenwerkingsafspraak" in capsys.readouterr().out
    assert (last_good / "index.html").read_text() == "last good"


def test_check_prints_problems_and_the_accounting_and_writes_nothing(capsys):
    before = sorted(EXAMPLE.rglob("*"))
    assert cli.main(["check", str(EXAMPLE)]) == cli.ERRORS
    shown = capsys.readouterr().out
    assert (
        "FOUT: onbekende kamer; de regel telt niet mee\n  registraties 2021 kw2.xlsx, werkblad deelnames, cel" in shown
    )
    assert "Bedoelt u" in shown
    assert "gelezen" in shown
    assert sorted(EXAMPLE.rglob("*")) == before


def test_check_reads_a_single_file_against_the_agreement_beside_it(capsys):
    assert cli.main(["check", str(EXAMPLE / "registraties 2021 kw2.xlsx")]) == cli.ERRORS
    shown = capsys.readouterr().out
    assert "registraties 2021 kw2.xlsx" in shown
    assert "registraties 2021 kw1.xlsx" not in shown


def test_an_unexpected_error_is_told_without_a_traceback_or_its_text(monkeypatch, capsys):
    def broken(_):
        raise RuntimeError("Fictief Persoon 0042")

    monkeypatch.setattr(cli, "_check", broken)
    monkeypatch.delenv("BWK_DEBUG", raising=False)
    assert cli.main(["check"]) == cli.ERRORS
    shown = capsys.readouterr()
    assert "RuntimeError" in shown.err
    assert "Traceback" not in shown.out + shown.err
    assert "Fictief" not in shown.out + shown.err


def test_the_example_can_be_written_anywhere(tmp_path, capsys):
    assert cli.main(["example", str(tmp_path / "try")]) == cli.FINE
    assert sorted(path.name for path in (tmp_path / "try").iterdir()) == sorted(path.name for path in EXAMPLE.iterdir())


def test_python_m_is_the_same_command():
    shown = subprocess.run([sys.executable, "-m", "bwk_analysis", "--help"], capture_output=True, text=True, check=True)
    assert shown.stdout.startswith("usage: bwk")


def test_check_lists_each_kind_of_bad_file_with_its_own_message_and_reads_the_good_ones(tmp_path, capsys):
    folder = tmp_path / "2021"
    folder.mkdir()
    for name in ("samenwerkingsafspraak-2021.xlsx", "enquete 2021.xlsx"):
        shutil.copy(EXAMPLE / name, folder)
    good = (folder / "enquete 2021.xlsx").read_bytes()
    bad = NO_WORKBOOKS | {
        "afgebroken.xlsx": good[: len(good) // 2],
        "zelfde inhoud.xlsx": good,
        "~$enquete 2021.xlsx": b"lock",
    }
    for name, content in bad.items():
        (folder / name).write_bytes(content)
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    for name, options in {
        "ver weg.xlsx": {"rows": far},
        "entiteit.xlsx": {"sheet": '<!DOCTYPE x [<!ENTITY a "a">]><worksheet/>'},
        "bom.xlsx": {"sheet": "<worksheet><sheetData>" + " " * 12_000_000 + "</sheetData></worksheet>"},
        "goed.xlsx": {"rows": ""},
    }.items():
        handmade.write_zip(folder / name, handmade.workbook_parts(**options))
    assert cli.main(["check", str(folder)]) == cli.ERRORS
    shown = capsys.readouterr()
    assert "Traceback" not in shown.out + shown.err
    told = {line.strip().split(" - ")[0].split(",")[0] for line in shown.out.splitlines() if line.startswith("  ")}
    refused = {*bad, "ver weg.xlsx", "entiteit.xlsx", "bom.xlsx"} - {"~$enquete 2021.xlsx"}
    assert refused <= told
    problems = [line for line in shown.out.splitlines() if line.startswith("FOUT: ")]
    assert len(set(problems)) >= len(refused) - 1  # the file with the same content is no error
    assert re.search(r"enquete 2021.xlsx +Sheet1 +350 +350", shown.out)


def test_a_file_that_is_not_there_is_wrong_usage(capsys):
    assert cli.main(["check", "nergens.xlsx"]) == cli.USAGE
    assert "er is geen bestand nergens.xlsx" in capsys.readouterr().err


def test_the_reasons_why_a_report_is_not_published_are_told(monkeypatch, capsys):
    def stopped(*_):
        raise report.NotPublished(["kamerrapport, cel 3, gaf een fout: KeyError"])

    monkeypatch.setattr(report, "make", stopped)
    assert cli.main(["report", str(EXAMPLE)]) == cli.ERRORS
    assert capsys.readouterr().out.splitlines() == [
        "Het rapport is niet gepubliceerd; het laatste goede rapport staat er nog.",
        "  kamerrapport, cel 3, gaf een fout: KeyError",
    ]


def test_forget_removes_what_was_derived_from_persons_and_says_what_stays(tmp_path, capsys):
    derived = [tmp_path / "2021", tmp_path / ".tabellen" / "2021"]
    for folder in (*derived, tmp_path / "2020"):
        folder.mkdir(parents=True)
        (folder / "deelnames.parquet").touch()
    assert cli.main(["forget", "2021", "--processed", str(tmp_path)]) == cli.FINE
    shown = capsys.readouterr().out
    assert all(f"Verwijderd: {folder}" in shown for folder in derived)
    assert "Gebleven: de bestanden in data/raw" in shown
    assert [folder.exists() for folder in derived] == [False, False]
    assert (tmp_path / "2020" / "deelnames.parquet").exists()
    assert cli.main(["forget", "2021", "--processed", str(tmp_path)]) == cli.USAGE
    assert "geen verwerkte dataset '2021'; bedoelt u 2020?" in capsys.readouterr().err
