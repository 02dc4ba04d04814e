"""The command: arguments, exit codes, Dutch messages, never a traceback."""

import os
import re
import shutil
import subprocess
import sys
from errno import EACCES, ENOSPC, EROFS

import handmade
import pytest
from conftest import EXAMPLE, GOLDEN
from workbooks import VISIT, visit, write

from bwk_analysis import cli, report
from bwk_analysis.door.schema import load_tables

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


@pytest.mark.parametrize(
    ("arguments", "told"),
    [([], "er ontbreekt: de opdracht"), (["raport"], "geen opdracht 'raport'; bedoelt u report?"),
     (["report", "--edition", "Openbaar"], "geen uitgave 'Openbaar'; bedoelt u openbaar?"),
     (["report", "--period"], "achter --period ontbreekt een waarde"), (["forget"], "er ontbreekt: een dataset"),
     (["check", "--foo"], "dit is hier niet bekend: --foo"), (["report", "--p", "x"], "--p kan van alles zijn")],
)  # fmt: skip
def test_wrong_arguments_are_wrong_usage_in_the_language_of_the_rest(arguments, told, capsys):
    assert cli.main(arguments) == cli.USAGE
    shown = capsys.readouterr().err
    assert shown.startswith(f"bwk: {told}")
    assert len(shown.splitlines()) == 1


@pytest.mark.parametrize(
    ("fault", "told"),
    [(ENOSPC, "de schijf is vol"), (EROFS, "deze schijf is alleen te lezen"), (EACCES, "u mag hier niet")],
)
def test_what_a_machine_will_not_do_is_told_with_the_folder_and_the_cause(fault, told, tmp_path, monkeypatch, capsys):
    def no_room(*_, **__):
        raise OSError(fault, os.strerror(fault))

    monkeypatch.setattr(report, "_write", no_room)
    monkeypatch.delenv("BWK_DEBUG", raising=False)
    places = ["--processed", str(tmp_path / "p"), "--reports", str(tmp_path / "r")]
    assert cli.main(["report", str(GOLDEN / "dataset"), *places]) == cli.NO_REPORT
    shown = capsys.readouterr().err
    assert f"{tmp_path / 'p' / 'dataset'}" in shown
    assert told in shown
    assert not (tmp_path / "r").exists()  # the pages that were being made take no place


@pytest.mark.parametrize("which", ["--processed", "--reports"])
def test_a_file_where_a_folder_should_be_is_named(which, tmp_path, capsys):
    (tmp_path / "bestand").write_text("")
    places = {"--processed": tmp_path / "p", "--reports": tmp_path / "r"} | {which: tmp_path / "bestand"}
    arguments = [str(each) for pair in places.items() for each in pair]
    assert cli.main(["report", str(GOLDEN / "dataset"), *arguments]) == cli.NO_REPORT
    assert f"{tmp_path / 'bestand'}" in (shown := capsys.readouterr().err)
    assert "er staat een bestand waar een map hoort" in shown


def test_check_and_report_tell_the_same(tmp_path, capsys):
    cli.main(["check", str(GOLDEN / "dataset")])
    checked = capsys.readouterr().out.splitlines()
    cli.main(["report", str(GOLDEN / "dataset"), "--processed", str(tmp_path / "p"), "--reports", str(tmp_path / "r")])
    reported = capsys.readouterr().out.splitlines()
    length = checked.index("")
    assert checked[:length] == reported[:length]
    assert checked[-1] == reported[-1]
    assert checked[-1].startswith("Er kan een rapport worden gemaakt; herstel eerst ")


def test_a_dataset_that_is_not_there_is_wrong_usage_and_the_message_names_those_that_are(capsys):
    assert cli.main(["report", "1999"]) == cli.USAGE
    told = capsys.readouterr().err
    assert "geen dataset '1999'" in told
    assert "wel: 2021-voorbeeld (in data/raw)" in told


@pytest.mark.parametrize("period", ["2021", "2021Q5", "Q5", "gisteren", "2021-13", "2021-03-01"])
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
    assert code == cli.NO_REPORT
    shown = capsys.readouterr().out
    assert "er is geen leesbare samenwerkingsafspraak" in shown
    assert shown.splitlines()[-1].startswith("Er kan geen rapport worden gemaakt: de samenwerkingsafspraak is er niet")
    assert (last_good / "index.html").read_text() == "last good"


def test_check_prints_problems_and_the_accounting_and_writes_nothing(capsys):
    before = sorted(EXAMPLE.rglob("*"))
    assert cli.main(["check", str(EXAMPLE), "--all"]) == cli.ERRORS
    shown = capsys.readouterr().out
    assert f"Dataset {EXAMPLE.name} (data/raw/{EXAMPLE.name}), periode 2021Q4." in shown
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
    assert cli.main(["check"]) == cli.NO_REPORT
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
    assert cli.main(["check", str(folder), "--all"]) == cli.ERRORS
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


def test_the_reasons_why_a_report_is_not_published_are_told_and_that_is_no_success(monkeypatch, tmp_path, capsys):
    def stopped(*_):
        raise report.NotPublished(["kamerrapport, cel 3, gaf een fout: KeyError"])

    monkeypatch.setattr(report, "make", stopped)
    assert cli.main(["report", str(EXAMPLE), "--processed", str(tmp_path)]) == cli.NO_REPORT
    told = capsys.readouterr().out.splitlines()
    at = told.index("Het rapport is niet gepubliceerd; het laatste goede rapport staat er nog.")
    assert told[at + 1] == "  kamerrapport, cel 3, gaf een fout: KeyError"
    assert told[-1].startswith("Er kan geen rapport worden gemaakt: kamerrapport, cel 3, gaf een fout: KeyError")


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


@pytest.mark.parametrize("header_alone", [False, True])
def test_an_agreement_of_rooms_indicators_and_a_year_alone_is_enough_for_a_report(header_alone, tmp_path, capsys):
    indicator = ["B1", "proces", "Bezoek", "deelnames", "aantal", "datum"]
    needed = {
        "kamers": [["kamer", "naam"], ["NO", "Noord"]],
        "indicatoren": [["code", "niveau", "indicator", "tabel", "maat", "tijd"], indicator],
        "instellingen": [["sleutel", "waarde"], ["jaar", 2023]],
    }
    tables = load_tables("agreement.toml").items()
    empty = {name: [[*table.columns, *(["NO"] if table.room_columns else [])]] for name, table in tables}
    (tmp_path / "data").mkdir()
    write(tmp_path / "data" / "afspraak.xlsx", (empty if header_alone else {}) | needed)
    write(tmp_path / "data" / "bezoek.xlsx", {"deelnames": [VISIT, visit()]})
    places = ["--processed", str(tmp_path / "p"), "--reports", str(tmp_path / "r")]
    assert cli.main(["report", str(tmp_path / "data"), *places]) == cli.FINE
    assert "Er kan een rapport worden gemaakt; kijk eerst naar afspraak.xlsx" in capsys.readouterr().out


def test_a_file_in_which_no_table_is_known_is_a_warning_alone_and_in_its_folder(tmp_path, capsys):
    shutil.copytree(GOLDEN / "dataset", tmp_path / "data")
    lost = write(tmp_path / "data" / "lijst.xlsx", {"Blad1": [["Namenlijst"], ["iets", "anders"]]})
    for what in (lost, tmp_path / "data"):
        cli.main(["check", str(what), "--all"])
        shown = capsys.readouterr().out
        assert (
            "WAARSCHUWING: in dit bestand is geen enkele tabel herkend; er is geen regel uit gelezen\n  lijst.xlsx"
            in shown
        )
    cli.main(["check", str(lost)])
    assert (
        capsys.readouterr().out.splitlines()[-1].startswith("Het bestand is niet gelezen; kijk eerst naar lijst.xlsx")
    )
