"""Every run has its own key, so that pseudonyms never depend on the machine; the example is rendered once for all."""

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

import pytest

os.environ["BWK_CONFIG_DIR"] = tempfile.mkdtemp(prefix="bwk-config-")

from bwk_analysis import (
    cli,
    periods,
    privacy,
    publication,
    results,  # the key's place is set first
)

PROJECT = Path(__file__).parents[1]
GOLDEN = Path(__file__).parent / "golden"
EXAMPLE = PROJECT / "data" / "raw" / "2021-voorbeeld"


@dataclass(frozen=True)
class Published:
    """A run of `bwk report` on the example: its exit code and its folders."""

    code: int
    processed: Path
    reports: Path

    @property
    def pages(self) -> list[Path]:
        return sorted(self.reports.glob("*/*.html"))


@pytest.fixture(scope="session")
def published(tmp_path_factory) -> Published:
    folder = tmp_path_factory.mktemp("published")
    processed, reports = folder / "processed", folder / "reports"
    code = cli.main(["report", str(EXAMPLE), "--processed", str(processed), "--reports", str(reports)])
    return Published(code, processed, reports)


@pytest.fixture(scope="session")
def golden_quarters():
    """The dataset worked out by hand, in its third quarter and the quarter before."""
    dataset = results.read_dataset(GOLDEN / "dataset")
    return [results.compute(dataset, periods.quarter(quarter)) for quarter in ("2023Q3", "2023Q2")]


@pytest.fixture(scope="session")
def editions(golden_quarters):
    """The golden dataset as each edition may show it."""
    now, before = golden_quarters
    return {edition: publication.publish(now, edition, before.scorecard) for edition in privacy.EDITIONS}


@pytest.fixture
def board(editions):
    return editions[privacy.BOARD]
