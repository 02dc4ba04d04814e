"""The `bwk` command: arguments and exit codes. 0 fine, 1 the data have errors, 2 wrong usage, 3 there is no report.

What is heavy is imported where it is used, so that `--help` takes a moment.
"""

import argparse
import gc
import os
import re
import shutil
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from logging import ERROR, getLogger
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from bwk_analysis.folders import EXAMPLE, PROCESSED, PROJECT, RAW, REPORTS

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    import pandas as pd

    from bwk_analysis.data import Data

FINE, ERRORS, USAGE, NO_REPORT = 0, 1, 2, 3
EDITIONS = ("bestuur", "openbaar")
ALL = "--all"
STAYS = "Het laatste goede rapport staat er nog."
POSSIBLE, NONE = "Er kan een rapport worden gemaakt", "Er kan geen rapport worden gemaakt"
EPILOG = """examples:
  bwk report                          reports of the newest dataset, for its last quarter with registrations
  bwk report 2021 --period 2021Q3     reports of data/raw/2021 for the third quarter; 2021-09 is the month September
  bwk report --edition openbaar       the edition for everyone: numbers of people in steps of five
  bwk check 2021                      what is wrong with the files of data/raw/2021, and what became of every row
  bwk check uren-kw3.xlsx             the same for one file, before it is mailed
  bwk check uren-kw3.xlsx --all       every place of every problem
  bwk template forms                  empty workbooks to register in, with lists to choose from
  bwk example try                     the fictional dataset, in the folder try
  bwk forget 2021                     remove what was derived from the persons of data/raw/2021
"""

WRONG_USAGE = {
    r"the following arguments are required: (.*)": "er ontbreekt: {0}",
    r"unrecognized arguments: (.*)": "dit is hier niet bekend: {0}",
    r"argument (.*?): expected one argument": "achter {0} ontbreekt een waarde",
    r"argument (.*?): ignored explicit argument.*": "achter {0} hoort geen waarde",
    r"ambiguous option: (.*?) could match (.*)": "{0} kan van alles zijn: {1}",
    r"argument \S+: (geen .*)": "{0}",
}  # what argparse says, and how it is told
COMMANDS = ("report", "check", "template", "example", "forget")
WORDS = {"COMMAND": "de opdracht", "directory": "een map", "dataset": "een dataset"}


class _Parser(argparse.ArgumentParser):
    """Which says in Dutch what is wrong with the arguments."""

    def error(self, message: str) -> NoReturn:
        told = "zo werkt de opdracht niet"
        if chosen := re.fullmatch(r"argument COMMAND: invalid choice: '(.*?)' \(.*", message):
            from bwk_analysis.data import unknown

            told = unknown("opdracht", chosen[1], COMMANDS)
        for english, dutch in WRONG_USAGE.items():
            if found := re.fullmatch(english, message):
                told = dutch.format(*(WORDS.get(each, each) for each in found.groups()))
        print(f"bwk: {told}; {self.prog} --help toont hoe het wel moet, met voorbeelden", file=sys.stderr)
        raise SystemExit(USAGE)


def _edition(given: str) -> str:
    if given not in EDITIONS:
        from bwk_analysis.data import unknown

        raise argparse.ArgumentTypeError(unknown("uitgave", given, EDITIONS))
    return given


def _parser() -> argparse.ArgumentParser:
    raw: dict[str, Any] = {"epilog": EPILOG, "formatter_class": argparse.RawDescriptionHelpFormatter}
    what = "Checks exported spreadsheets, counts agreed indicators, makes the quarterly reports (in Dutch)."
    parser = _Parser(prog="bwk", description=what, **raw)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    which = "a folder in data/raw, or a path; without it the newest dataset that is not fictional, else the example"
    period = "quarter (2021Q3, kw3) or month (2021-09, september); without it the last quarter with registrations"
    edition = {"type": _edition, "default": EDITIONS[0], "metavar": "EDITION"}
    maybe = {"nargs": "?", "default": ""}
    kept = {"type": Path, "default": PROCESSED, "metavar": "DIR"}
    table: list[tuple[str, Any, str, dict[str, dict[str, Any]]]] = [
        ("report", _report, "read, count and render the reports of a quarter or a month", {
            "dataset": maybe | {"help": which},
            "--period": {"default": "", "help": period},
            "--edition": edition | {"help": "who reads it: bestuur or openbaar (default: bestuur)"},
            "--force": {"action": "store_true", "help": "also where nothing was registered in the period's own days"},
            "--processed": kept | {"help": "checked rows and figures (default: data/processed)"},
            "--reports": kept | {"default": REPORTS, "help": "rendered pages (default: reports)"},
        }),
        ("check", _check, "read and validate only", {
            "dataset": maybe | {"help": f"{which}; or one file"},
            "--period": {"default": "", "help": period},
            ALL: {"action": "store_true", "help": "every place of every problem, and every sheet"},
        }),
        ("template", _template, "write empty workbooks to register in", {
            "directory": {"type": Path, "help": "folder to write them in"},
            "--dataset": {"default": "", "help": "take the rooms and lists of this dataset's agreement"},
        }),
        ("example", _example, "write the fictional dataset", {
            "directory": {"type": Path, "help": "folder to write it in"},
        }),
        ("forget", _forget, "remove what was derived from the persons of a dataset", {
            "dataset": {"help": "its name: a folder in data/processed"},
            "--processed": kept | {"help": "where it was written (default: data/processed)"},
        }),
    ]  # fmt: skip
    for name, run, text, arguments in table:
        command = commands.add_parser(name, help=text, **raw)
        command.set_defaults(run=run)
        for argument, how in arguments.items():
            command.add_argument(argument, **how)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code; a user never sees a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    getLogger("matplotlib").setLevel(ERROR)  # which says in English where it would rather have written
    try:
        options = _parser().parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or FINE)
    gc.disable()  # a run ends soon, and looking for circles takes a tenth of it
    try:
        return _run(options)
    except BrokenPipeError:  # whoever reads the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ERRORS
    except KeyboardInterrupt:
        print(f"\nAfgebroken. {STAYS}", file=sys.stderr)
        return NO_REPORT
    except Exception as error:
        if os.environ.get("BWK_DEBUG"):
            raise
        print(
            f"Er ging iets mis dat niet had mogen gebeuren ({type(error).__name__}).\n"
            f"{STAYS} Probeer het nog eens; blijft het misgaan, draai dan met\n"
            "BWK_DEBUG=1 en geef de melding door, zonder gegevens van personen.",
            file=sys.stderr,
        )
        return NO_REPORT
    finally:
        gc.enable()


def _run(options: argparse.Namespace) -> int:
    """The command, and what may be expected to go wrong in a sentence."""
    from bwk_analysis.agreement import NoAgreement
    from bwk_analysis.door.persons import NoKey
    from bwk_analysis.folders import Busy, machine_fault, unwrapped
    from bwk_analysis.periods import Mistyped

    try:
        return int(options.run(options))
    except Mistyped as stopped:
        print(f"bwk: {stopped}", file=sys.stderr)
        return USAGE
    except (Busy, NoKey) as stopped:
        print(f"bwk: {stopped}", file=sys.stderr)
        return NO_REPORT
    except NoAgreement as stopped:
        from bwk_analysis import problems

        rows = problems.frame(stopped.problems)
        _print(
            [
                *problems.lines(rows),
                "",
                problems.verdict(rows, f"{NONE}: de samenwerkingsafspraak is er niet of is niet heel"),
            ]
        )
        return NO_REPORT
    except BrokenPipeError:
        raise
    except Exception as stopped:
        fault = unwrapped(stopped)
        if not isinstance(fault, OSError) or os.environ.get("BWK_DEBUG"):
            raise
        print(f"bwk: {machine_fault(fault)} {STAYS}", file=sys.stderr)
        return NO_REPORT


def _progress(name: str, unit: str) -> Any:
    """A progress bar for work of a known or unknown size; nothing where there is no terminal."""
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # no thread beside the work: processes are copied from this one
    return lambda work, total=None: tqdm(work, total=total, desc=name, unit=unit, disable=None, leave=False)


def _print(lines: Iterable[str]) -> None:
    for line in lines:
        print(line)


def _place(path: Path) -> str:
    return str(path.relative_to(PROJECT)) if path.is_relative_to(PROJECT) else str(path)


def _opened(options: argparse.Namespace, processed: Path | None = None) -> "tuple[Data, pd.Period, pd.DataFrame]":
    """The dataset and the period that are meant, which are said, and all that is wrong in them."""
    from bwk_analysis import agreement_check, dataset

    folder, progress = dataset.folder_of(options.dataset), _progress("Lezen", "bestand")
    data = dataset.open_data(folder, processed, progress) if processed else dataset.read(folder, progress)
    period = data.quarter(options.period)
    print(f"Dataset {data.name} ({_place(folder)}), periode {period}.")
    return data, period, agreement_check.problems(data, period)


def _report(options: argparse.Namespace) -> int:
    from bwk_analysis import report

    with report.apart() as pages:  # what they need is imported while files are read
        return _reported(options, pages)


def _reported(options: argparse.Namespace, pages: "Connection") -> int:
    from bwk_analysis import problems, report

    data, period, rows = _opened(options, options.processed)
    _print(problems.lines(rows))
    csv = _place(options.processed / data.name / str(period) / "problems.csv")
    reasons, places = [], (options.processed, options.reports)
    try:
        made = report.make(options.dataset, str(period), options.edition, *places, _progress, options.force, pages)
        _print([*made.messages, f"Rapport over {made.period}: {_place(made.where / 'index.html')}"])
    except report.NotPublished as stopped:
        reasons = stopped.reasons
        _print(
            [
                "Het rapport is niet gepubliceerd; het laatste goede rapport staat er nog.",
                *(f"  {reason}" for reason in reasons),
            ]
        )
    print(f"{problems.summary(rows)}; alle staan in {csv}. Regels met een fout tellen niet mee.")
    print(problems.verdict(rows, f"{NONE}: {reasons[0]}" if reasons else POSSIBLE))
    return NO_REPORT if reasons else _code(rows)


def _check(options: argparse.Namespace) -> int:
    from bwk_analysis import dataset, problems, report

    reasons: list[str] = []
    if name := _file(options.dataset):
        beside = _agreement_beside(name)
        found, accounting = dataset.check_file(name, dataset.dataset_files(beside) if beside else ())
        rows, possible = problems.frame(found), "Het bestand is gelezen"
        if ((rows["sheet"] == "") & (rows["severity"] != "note")).any():
            possible = "Het bestand is niet gelezen"
    else:
        data, period, rows = _opened(options)
        accounting, reasons = data.accounting, report.refused(data, period)
        possible = f"{NONE}: {reasons[0]}" if reasons else POSSIBLE
    accounts = problems.accounting_lines(accounting, None if options.all else problems.SHEETS)
    more = "" if options.all else f"; met {ALL} staat elke plaats er"
    _print([*problems.lines(rows, options.all), "", *accounts, "", f"{problems.summary(rows)}{more}."])
    print(problems.verdict(rows, possible))
    return NO_REPORT if reasons else _code(rows)


def _code(rows: "pd.DataFrame") -> int:
    return ERRORS if (rows["severity"] == "error").any() else FINE


def _file(name: str) -> Path | None:
    """The file meant, by its path or by its name in a dataset of data/raw; None when a dataset is meant."""
    from bwk_analysis.periods import Mistyped

    if not Path(name).suffix:
        return None
    for path in (Path(name), *sorted(RAW.glob(f"*/{Path(name).name}"))):
        if path.is_file():
            return path
    raise Mistyped(f"er is geen bestand {name}, hier niet en in geen map van data/raw")


def _agreement_beside(path: Path) -> Path | None:
    """The folder whose agreement a single file is held against: its own, else the newest dataset's."""
    from bwk_analysis import dataset
    from bwk_analysis.door.agreed import agreement_files
    from bwk_analysis.periods import Mistyped

    if agreement_files(dataset.dataset_files(path.absolute().parent)):
        return path.absolute().parent
    with suppress(Mistyped):
        return dataset.newest()
    return None


def _template(options: argparse.Namespace) -> int:
    from bwk_analysis import dataset
    from bwk_analysis.agreement import NoAgreement
    from bwk_analysis.door.agreed import load_agreement
    from bwk_analysis.door.forms import write_templates
    from bwk_analysis.periods import Mistyped

    agreement = None
    with suppress(NoAgreement, Mistyped):
        agreement = load_agreement(dataset.dataset_files(dataset.folder_of(options.dataset)))[0]
    _print(f"Geschreven: {path}" for path in write_templates(options.directory, agreement))
    return FINE


def _example(options: argparse.Namespace) -> int:
    from bwk_analysis.periods import Mistyped

    if not EXAMPLE.is_dir():
        raise Mistyped("het fictieve voorbeeld staat niet in data/raw; haal het project opnieuw op")
    options.directory.mkdir(parents=True, exist_ok=True)
    _print(f"Geschreven: {shutil.copy(path, options.directory)}" for path in sorted(EXAMPLE.glob("*.xlsx")))
    return FINE


def _forget(options: argparse.Namespace) -> int:
    from bwk_analysis.dataset import forget
    from bwk_analysis.door.persons import key_path

    _print(f"Verwijderd: {_place(path)}" for path in forget(options.dataset, options.processed))
    print(f"Gebleven: de bestanden in data/raw, de rapporten, en de sleutel van de pseudoniemen ({key_path()}).")
    return FINE
