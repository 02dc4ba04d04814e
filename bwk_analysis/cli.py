"""The `bwk` command: arguments and exit codes. 0 fine, 1 the data have errors, 2 wrong usage.

What is heavy is imported where it is used, so that `--help` takes a moment.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from bwk_analysis.folders import EXAMPLE, PROCESSED, PROJECT, RAW, REPORTS

FINE, ERRORS, USAGE = 0, 1, 2
EPILOG = """examples:
  bwk report                          reports of the newest dataset, for its last quarter with registrations
  bwk report 2021 --period 2021Q3     reports of data/raw/2021 for the third quarter; 2021-09 is the month September
  bwk report --edition openbaar       the edition for everyone: numbers of people in steps of five
  bwk check 2021                      what is wrong with the files of data/raw/2021, and what became of every row
  bwk check uren-kw3.xlsx             the same for one file, before it is mailed
  bwk template forms                  empty workbooks to register in, with lists to choose from
  bwk example try                     the fictional dataset, in the folder try
  bwk forget 2021                     remove what was derived from the persons of data/raw/2021
"""


def _parser() -> argparse.ArgumentParser:
    raw: dict[str, Any] = {"epilog": EPILOG, "formatter_class": argparse.RawDescriptionHelpFormatter}
    what = "Checks exported spreadsheets, counts agreed indicators, makes the quarterly reports (in Dutch)."
    parser = argparse.ArgumentParser(prog="bwk", description=what, **raw)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    which = "a folder in data/raw, or a path; without it the newest dataset that is not fictional, else the example"
    period = "quarter (2021Q3) or month (2021-09); without it the last quarter with registrations"
    editions, maybe = ("bestuur", "openbaar"), {"nargs": "?", "default": ""}
    kept = {"type": Path, "default": PROCESSED, "metavar": "DIR"}
    table: list[tuple[str, Any, str, dict[str, dict[str, Any]]]] = [
        ("report", _report, "read, count and render the reports of a quarter or a month", {
            "dataset": maybe | {"help": which},
            "--period": {"default": "", "help": period},
            "--edition": {"choices": editions, "default": editions[0], "help": "who reads it (default: bestuur)"},
            "--force": {"action": "store_true", "help": "also where nothing was registered in the period's own days"},
            "--processed": kept | {"help": "checked rows and figures (default: data/processed)"},
            "--reports": kept | {"default": REPORTS, "help": "rendered pages (default: reports)"},
        }),
        ("check", _check, "read and validate only", {"dataset": maybe | {"help": f"{which}; or one file"}}),
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
    try:
        options = _parser().parse_args(arguments)
    except SystemExit as stop:
        return int(stop.code or FINE)
    try:
        return _run(options)
    except BrokenPipeError:  # whoever reads the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ERRORS
    except KeyboardInterrupt:
        print("\nAfgebroken. Het laatste goede rapport staat er nog.", file=sys.stderr)
        return ERRORS
    except Exception as error:
        if os.environ.get("BWK_DEBUG"):
            raise
        print(
            f"Er ging iets mis dat niet had mogen gebeuren ({type(error).__name__}).\n"
            "Het laatste goede rapport staat er nog. Probeer het nog eens; blijft het misgaan, draai dan met\n"
            "BWK_DEBUG=1 en geef de melding door, zonder gegevens van personen.",
            file=sys.stderr,
        )
        return ERRORS


def _run(options: argparse.Namespace) -> int:
    """The command, and what may be expected to go wrong in a sentence."""
    from bwk_analysis.agreement import NoAgreement
    from bwk_analysis.door.persons import NoKey
    from bwk_analysis.folders import Busy
    from bwk_analysis.periods import Mistyped

    try:
        return int(options.run(options))
    except (Mistyped, Busy, NoKey) as stopped:
        print(f"bwk: {stopped}", file=sys.stderr)
        return USAGE if isinstance(stopped, Mistyped) else ERRORS
    except NoAgreement as stopped:
        from bwk_analysis import problems

        _print(problems.lines(problems.frame(stopped.problems)))
        print("Zonder afspraak is er geen rapport. Het laatste goede rapport staat er nog.")
        return ERRORS


def _progress(name: str, unit: str) -> Any:
    """A progress bar for work of a known or unknown size; nothing where there is no terminal."""
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # no thread beside the work: processes are copied from this one
    return lambda work, total=None: tqdm(work, total=total, desc=name, unit=unit, disable=None, leave=False)


def _print(lines: Iterable[str]) -> None:
    print("\n".join(lines))


def _place(path: Path) -> str:
    return str(path.relative_to(PROJECT)) if path.is_relative_to(PROJECT) else str(path)


def _report(options: argparse.Namespace) -> int:
    from bwk_analysis import problems, report

    try:
        made = report.make(
            options.dataset,
            options.period,
            options.edition,
            options.processed,
            options.reports,
            _progress,
            options.force,
        )
    except report.NotPublished as stopped:
        print("Het rapport is niet gepubliceerd; het laatste goede rapport staat er nog.")
        _print(f"  {reason}" for reason in stopped.reasons)
        return ERRORS
    errors = made.problems[made.problems["severity"] == "error"]
    counted = "rijen met een fout tellen niet mee en staan in het rapport Datakwaliteit"
    _print([*problems.lines(errors), *made.messages, f"{problems.summary(made.problems)}; {counted}."])
    print(f"Rapport over {made.period}: {_place(made.where / 'index.html')}")
    return FINE if errors.empty else ERRORS


def _check(options: argparse.Namespace) -> int:
    from bwk_analysis import agreement_check, dataset, problems

    if name := _file(options.dataset):
        beside = _agreement_beside(name)
        found, accounting = dataset.check_file(name, dataset.dataset_files(beside) if beside else ())
        rows = problems.frame(found)
    else:
        data = dataset.read(dataset.folder_of(options.dataset), _progress("Lezen", "bestand"))
        rows, accounting = agreement_check.problems(data, data.quarter()), data.accounting
    _print([*problems.lines(rows), "", *problems.accounting_lines(accounting), "", problems.summary(rows)])
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
