"""Which folder is meant, and its checked tables."""

from pathlib import Path

from bwk_analysis import indicators
from bwk_analysis.data import Data
from bwk_analysis.datasets import dataset_files, hash_files, newest_dataset
from bwk_analysis.door.read import no_rows, read_folder
from bwk_analysis.folders import RAW
from bwk_analysis.problems import frame


def open_data(dataset: str | Path = "") -> Data:
    """The checked tables of a dataset: the name of a folder in data/raw or a path; empty: the newest."""
    folder = newest_dataset() if not str(dataset) else RAW / str(dataset)
    checked = read_folder(dataset_files(folder))
    measures, unmeasurable = indicators.measures(checked.agreement, checked.schema)
    tables = checked.exports.tables
    return Data(
        name=folder.name,
        agreement=checked.agreement,
        measures=measures,
        tables={name: tables[name] if name in tables else no_rows(t) for name, t in checked.schema.tables.items()},
        delivered=frozenset(tables),
        outside_year=checked.exports.outside_year,
        accounting=checked.exports.accounting,
        problems=frame([*checked.problems, *unmeasurable]),
        files=hash_files(folder),
    )
