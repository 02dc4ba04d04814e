"""What a notebook starts with: the figures of a dataset and quarter, as an edition may show them."""

from functools import lru_cache

from bwk_analysis import privacy
from bwk_analysis.dataset import open_data
from bwk_analysis.publication import Publication, publish
from bwk_analysis.results import compute, quarter_before

_prepared: list[Publication] = []


def prepare(publication: Publication) -> None:
    """Have every notebook of this process show this publication, whatever its parameters say."""
    _prepared[:] = [publication]


def open_report(dataset: str = "", period: str = "", edition: str = privacy.BOARD) -> Publication:
    """The figures to show.

    dataset : a folder in `data/raw`, or empty for the newest that is not fictional. period : `2021Q3`, or empty for the
    last quarter with registrations. edition : `bestuur` or `openbaar`.
    """
    return _prepared[0] if _prepared else _opened(dataset, period, edition)


@lru_cache(maxsize=4)
def _opened(dataset: str, period: str, edition: str) -> Publication:
    found = open_data(dataset)
    results = compute(found, found.quarter(period))
    return publish(results, edition, quarter_before(found, results))
