"""The `bwk` command: arguments and exit codes. 0 fine, 1 the data have errors, 2 wrong usage.

What is heavy is imported where it is used, so that `--help` and a rerun with nothing changed take a moment.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bwk_analysis.folders import EXAMPLE, PROCESSED, PROJECT, RAW, REPORTS

FINE, ERRORS, USAGE = 0, 1, 2
EPILOG = """examples:
  bwk report                          reports of the newest dataset, for its last quarter with registrations
  bwk report 2021 --period 2021Q3     reports of data/raw/2021 for the third quarter
  bwk report --edition openbaar       the edition for everyone: persons rounded to 5, below 10 hidden
  bwk check 2021                      what is wrong with the files of data/raw/2021, and what became of every row
  bwk check uren-kw3.xlsx             the same for one file, before it is mailed
  bwk template forms                  empty workbooks to register in, with lists to choose from
  bwk example try                     the fictional dataset, in the folder try
"""


class _Usage(Exception):
    """Wrong usage, in a Dutch sentence."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bwk",
        description="Checks exported spreadsheets, counts agreed indicators, makes the quarterly reports (in Dutch).",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    raw: dict[str, Any] = {"epilog": EPILOG, "formatter_class": argparse.RawDescriptionHelpFormatter}
    dataset = "a folder in data/raw, or a path; without it the newest dataset that is not fictional, else the example"

    report = commands.add_parser("report", help="read, count and render the reports of a quarter", **raw)
    report.add_argument("dataset", nargs="?", default="", help=dataset)
    report.add_argument(
        "--period", default="", help="quarter, such as 2021Q3; without it the last one with registrations"
    )
    report.add_argument(
        "--edition", choices=("bestuur", "openbaar"), default="bestuur", help="who reads it (default: bestuur)"
    )
    report.add_argument(
        "--processed",
        type=Path,
        default=PROCESSED,
        metavar="DIR",
        help="checked rows and figures (default: data/processed)",
    )
    report.add_argument(
        "--reports", type=Path, default=REPORTS, metavar="DIR", help="rendered pages (default: reports)"
    )
    report.add_argument(
        "--force",
        action="store_true",
        help="render again when nothing has changed; replace the report of another dataset",
    )
    report.set_defaults(run=_report)

    check = commands.add_parser("check", help="read and validate only", **raw)
    check.add_argument("dataset", nargs="?", default="", help=f"{dataset}; or one file")
    check.set_defaults(run=_check)

    template = commands.add_parser("template", help="write empty workbooks to register in", **raw)
    template.add_argument("directory", type=Path, help="folder to write them in")
    template.add_argument("--dataset", default="", help="take the rooms and lists of this dataset's agreement")
    template.set_defaults(run=_template)

    example = commands.add_parser("example", help="write the fictional dataset", **raw)
    example.add_argument("directory", type=Path, help="folder to write it in")
    example.set_defaults(run=_example)
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
        return int(options.run(options))
    except _Usage as wrong:
        print(f"bwk: {wrong}", file=sys.stderr)
        return USAGE
    except BrokenPipeError:  # whoever reads the output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ERRORS
    except KeyboardInterrupt:
        print("\nAfgebroken. Het laatste goede rapport staat er nog.", file=sys.stderr)
        return ERRORS
    except Exception as error:
        if type(error).__name__ == "NoKey":
            print(f"bwk: {error}", file=sys.stderr)
            return ERRORS
        if os.environ.get("BWK_DEBUG"):
            raise
        print(
            f"Er ging iets mis dat niet had mogen gebeuren ({type(error).__name__}).\n"
            "Het laatste goede rapport staat er nog. Probeer het nog eens; blijft het misgaan, draai dan met\n"
            "BWK_DEBUG=1 en geef de melding door, zonder gegevens van personen.",
            file=sys.stderr,
        )
        return ERRORS


def _folder(name: str) -> Path:
    """The dataset meant: a name in data/raw, a path, or the newest."""
    from bwk_analysis.datasets import newest_dataset

    if not name:
        try:
            return newest_dataset()
        except FileNotFoundError as missing:
            raise _Usage(str(missing)) from None
    for path in (RAW / name, Path(name)):
        if path.is_dir():
            return path
    known = ", ".join(sorted(path.name for path in RAW.iterdir() if path.is_dir())) if RAW.is_dir() else "geen"
    raise _Usage(f"er is geen map {name} in data/raw; wel: {known}")


def _progress(name: str, unit: str) -> Any:
    """A progress bar for work of a known or unknown size; nothing where there is no terminal."""
    from tqdm import tqdm

    tqdm.monitor_interval = 0  # no thread beside the work: processes are copied from this one
    return lambda work, total=None: tqdm(work, total=total, desc=name, unit=unit, disable=None, leave=False)


def _shown(path: Path) -> str:
    return str(path.relative_to(PROJECT)) if path.is_relative_to(PROJECT) else str(path)


def _lines(lines: Iterable[str]) -> None:
    print("\n".join(lines))


def _report(options: argparse.Namespace) -> int:
    from bwk_analysis.door.persons import key_path
    from bwk_analysis.unchanged import fingerprint, made_before, report_folder

    folder = _folder(options.dataset)
    period = options.period.strip().upper()
    mark = fingerprint(folder, key_path(), options.edition)
    before = (
        None
        if options.force
        else made_before(options.processed, options.reports, folder.name, period, options.edition, mark)
    )
    if before:
        where = report_folder(options.reports, before["period"], options.edition)
        print(f"Er is niets veranderd sinds het rapport over {before['period']}: {_shown(where / 'index.html')}")
        return ERRORS if before["errors"] else FINE
    return _make_report(options, folder, period)


def _make_report(options: argparse.Namespace, folder: Path, quarter: str) -> int:
    from bwk_analysis import periods, problems, results, unchanged
    from bwk_analysis.agreement import NoAgreement
    from bwk_analysis.door import persons
    from bwk_analysis.pages import render as report
    from bwk_analysis.processed import write_processed
    from bwk_analysis.publication import publish

    try:
        period = periods.quarter(quarter) if quarter else None
    except ValueError as wrong:
        raise _Usage(str(wrong)) from None
    try:
        dataset = results.read_dataset(folder, progress=_progress("Lezen", "bestand"))
    except NoAgreement as stopped:
        _lines(problems.lines(problems.frame(stopped.problems)))
        print("Zonder afspraak is er geen rapport. Het laatste goede rapport staat er nog.")
        return ERRORS
    try:
        found = results.compute(dataset, period)
    except ValueError as wrong:
        raise _Usage(str(wrong)) from None
    other = unchanged.of_another_dataset(options.reports, str(found.period), options.edition, folder.name)
    if other and not options.force:
        raise _Usage(
            f"over {found.period} staat er al een rapport van {other}; kies met --reports een andere map, "
            "of overschrijf het met --force"
        )
    mark = unchanged.fingerprint(folder, persons.key_path(), options.edition)
    latest = found.period == results.last_quarter(dataset)
    write_processed(found, options.processed, {"latest": latest})
    publication = publish(found, options.edition, results.quarter_before(dataset, found))
    gate = report.Gate()
    try:
        where = report.publish_set(
            publication, options.reports, gate, mark, folder.name, progress=_progress("Rapporten", "pagina")
        )
    except report.NotPublished as stopped:
        _lines(
            [
                "Het rapport is niet gepubliceerd; het laatste goede rapport staat er nog.",
                *(f"  {reason}" for reason in stopped.reasons),
            ]
        )
        return ERRORS
    _lines(problems.lines(found.problems[found.problems["severity"] == "error"]))
    print(
        f"{problems.summary(found.problems)}; rijen met een fout tellen niet mee en staan in het rapport Datakwaliteit."
    )
    print(f"Rapport over {found.period}: {_shown(where / 'index.html')}")
    return ERRORS if (found.problems["severity"] == "error").any() else FINE


def _check(options: argparse.Namespace) -> int:
    from bwk_analysis import problems, results
    from bwk_analysis.agreement import NoAgreement
    from bwk_analysis.datasets import dataset_files
    from bwk_analysis.door.read import check_file

    name = _file(options.dataset)
    try:
        if name:
            beside = _agreement_beside(name)
            found, accounting = check_file(name, dataset_files(beside) if beside else ())
        else:
            computed = results.compute(
                results.read_dataset(_folder(options.dataset), progress=_progress("Lezen", "bestand"))
            )
            found, accounting = computed.problems, computed.accounting
    except NoAgreement as stopped:
        _lines(problems.lines(problems.frame(stopped.problems)))
        return ERRORS
    listed = problems.frame(found) if isinstance(found, list) else found
    _lines(
        [
            *problems.lines(listed),
            "",
            *problems.accounting_lines(accounting),
            "",
            problems.summary(listed),
        ]
    )
    return ERRORS if (listed["severity"] == "error").any() else FINE


def _file(name: str) -> Path | None:
    """The file meant, by its path or by its name in a dataset of data/raw; None when a dataset is meant."""
    if not Path(name).suffix:
        return None
    for path in (Path(name), *sorted(RAW.glob(f"*/{Path(name).name}"))):
        if path.is_file():
            return path
    raise _Usage(f"er is geen bestand {name}, hier niet en in geen map van data/raw")


def _agreement_beside(path: Path) -> Path | None:
    """The folder whose agreement a single file is held against: its own, else the newest dataset's."""
    from bwk_analysis.datasets import dataset_files, newest_dataset
    from bwk_analysis.door.agreed import agreement_files

    if agreement_files(dataset_files(path.absolute().parent)):
        return path.absolute().parent
    try:
        return newest_dataset()
    except FileNotFoundError:
        return None


def _template(options: argparse.Namespace) -> int:
    from bwk_analysis.agreement import NoAgreement
    from bwk_analysis.datasets import dataset_files
    from bwk_analysis.door.agreed import load_agreement
    from bwk_analysis.door.cells import Limits
    from bwk_analysis.door.forms import write_templates

    try:
        agreement = load_agreement(dataset_files(_folder(options.dataset)), Limits())[0]
    except (NoAgreement, _Usage):
        agreement = None
    _lines(f"Geschreven: {path}" for path in write_templates(options.directory, agreement))
    return FINE


def _example(options: argparse.Namespace) -> int:
    if not EXAMPLE.is_dir():
        raise _Usage("het fictieve voorbeeld staat niet in data/raw; haal het project opnieuw op")
    options.directory.mkdir(parents=True, exist_ok=True)
    _lines(f"Geschreven: {shutil.copy(path, options.directory)}" for path in sorted(EXAMPLE.glob("*.xlsx")))
    return FINE
