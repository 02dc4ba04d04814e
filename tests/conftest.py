"""Every run has its own key, so that pseudonyms never depend on the machine; the example is rendered once for all."""

import gc
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright

# one key for all processes of a run: the others find in their environment what the first one put there
if "BWK_TESTS_CONFIG_DIR" not in os.environ:
    os.environ["BWK_TESTS_CONFIG_DIR"] = tempfile.mkdtemp(prefix="bwk-config-")
os.environ["BWK_CONFIG_DIR"] = os.environ["BWK_TESTS_CONFIG_DIR"]

from bwk_analysis import cli, dataset  # the key's place is set first
from bwk_analysis.data import Data

# how busy the machine is fails no test; where nobody waits, more is tried
settings.register_profile("project", deadline=None, max_examples=60 if os.environ.get("CI") == "true" else 30)
settings.load_profile("project")
gc.freeze()
gc.set_threshold(100_000, 20, 50)  # looking for circles among a million objects is a fifth of the whole suite

PROJECT = Path(__file__).parents[1]
GOLDEN = Path(__file__).parent / "golden"
EXAMPLE = PROJECT / "data" / "raw" / "2021-voorbeeld"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
# a browser that asks nothing of the network by itself
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip


@dataclass(frozen=True)
class Published:
    """A run of `bwk report` on the example: its exit code and its folders."""

    code: int
    processed: Path
    reports: Path

    @property
    def pages(self) -> list[Path]:
        return sorted(self.reports.glob("*/*/*.html"))


@pytest.fixture(scope="session")
def published(tmp_path_factory) -> Published:
    """Made by the process that asks first; the others wait for it."""
    of_all = (
        tmp_path_factory.getbasetemp().parent if "PYTEST_XDIST_WORKER" in os.environ else tmp_path_factory.getbasetemp()
    )
    folder, ended = of_all / "published", of_all / "published.ended"
    processed, reports = folder / "processed", folder / "reports"
    try:
        folder.mkdir()
    except FileExistsError:
        while not ended.exists():
            time.sleep(0.1)
    else:
        places = ["--processed", str(processed), "--reports", str(reports)]
        part = ended.with_suffix(".part")
        part.write_text(str(cli.main(["report", str(EXAMPLE), *places])))
        part.rename(ended)
    return Published(int(ended.read_text()), processed, reports)


@pytest.fixture(scope="session")
def golden_data() -> Data:
    """The dataset whose figures were worked out by hand."""
    return dataset.read(GOLDEN / "dataset")


@pytest.fixture(scope="session")
def example_data() -> Data:
    return dataset.read(EXAMPLE)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("chromium is missing: apt-get install chromium")
        pytest.skip("chromium is missing (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield launched
        launched.close()
