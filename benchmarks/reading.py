"""Reading an export, all checks included, beside `pandas.read_excel` with openpyxl; and how both grow."""

import datetime as dt
import tempfile
from pathlib import Path

import xlsxwriter

from benchmarks.timing import in_own_process

ROWS = 150_000
SIZES = (10, 10_000, 150_000, 1_000_000)  # ten rows: what the process of its own costs that a file is read in
EXAMPLE = Path(__file__).parents[1] / "data" / "raw" / "2021-voorbeeld"
HEADERS = ["datum", "kamer", "deelnemer", "categorie", "activiteit", "naam", "telefoon", "groep", "aantal", "opmerking"]
CATEGORIES = ["sociale ontmoeting", "computer", "taal", "formulieren", "schuldhulp", "werk"]

OURS = """
import sys, time
from pathlib import Path
from benchmarks.reading import context
from bwk_analysis.door.read import read_exports
known = context()
start = time.perf_counter()
exports = read_exports([Path(sys.argv[1])], known)
print(time.perf_counter() - start)
"""
PANDAS = """
import sys, time
import pandas as pd
import openpyxl
start = time.perf_counter()
rows = pd.read_excel(sys.argv[1], engine="openpyxl")
print(time.perf_counter() - start)
"""


def context():
    """What reading needs to know, from the example's agreement."""
    from bwk_analysis.dataset import dataset_files
    from bwk_analysis.door.agreed import load_agreement
    from bwk_analysis.door.read import context_of

    return context_of(load_agreement(dataset_files(EXAMPLE))[0])


def write_export(path: Path, rows: int) -> None:
    """Made-up participations of ten columns, as real exports have them: zeros in front, numbers as text, persons."""
    with xlsxwriter.Workbook(path, {"constant_memory": True, "default_date_format": "dd-mm-yyyy"}) as workbook:
        sheet = workbook.add_worksheet("deelnames")
        sheet.write_row(0, 0, HEADERS)
        for row in range(1, rows + 1):
            day = dt.date(2021, 1, 1) + dt.timedelta(days=row % 365)
            sheet.write_datetime(row, 0, dt.datetime.combine(day, dt.time()))
            sheet.write_row(
                row, 1,
                [("CJM", "MultiBron", "De Handreiking")[row % 3], f"{row % 5000:06d}", CATEGORIES[row % 6],
                 f"groep {row % 40}", f"Fictief Persoon {row % 5000}", f"06-{row % 5000:08d}", "1.234", row % 9, "-"],
            )  # fmt: skip


def run() -> None:
    with tempfile.TemporaryDirectory() as folder:
        print(
            "| rows | this project | pandas + openpyxl | ratio | rows/s | peak MB | pandas peak MB |\n"
            + "|---" * 7
            + "|"
        )
        for size in SIZES:
            path = Path(folder) / f"{size}.xlsx"
            write_export(path, size)
            (us, memory), (them, their_memory) = in_own_process(OURS, str(path)), in_own_process(PANDAS, str(path))
            print(
                f"| {size:,} | {us:.2f} s | {them:.2f} s | {them / us:.1f}x | {size / us:,.0f} "
                f"| {memory:.0f} | {their_memory:.0f} |"
            )
    print("Limited by: unzipping and parsing the sheet's XML (calamine); the checks add to that per distinct value.")
