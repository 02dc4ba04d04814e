"""The board's page of the fictional example as the README shows it: `python -m tests.example.picture`."""

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from bwk_analysis import report
from bwk_analysis.folders import NOTEBOOKS

EXAMPLE = "2021-voorbeeld"
PICTURE = NOTEBOOKS / "bestuursrapport.png"


def take(folder: Path) -> None:
    """Render the last quarter of the example into a folder and take the picture of its board's page."""
    made = report.make(EXAMPLE, processed=folder / "processed", reports=folder / "reports")
    page = next(made.where.glob("*bestuursrapport.html"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        window = browser.new_page(viewport={"width": 1280, "height": 900})
        window.goto(page.as_uri())
        window.screenshot(path=PICTURE, full_page=True)
        browser.close()


if __name__ == "__main__":
    if shutil.which("chromium") is None:
        sys.exit("chromium is missing (Debian: apt-get install chromium)")
    with TemporaryDirectory() as temporary:
        take(Path(temporary))
