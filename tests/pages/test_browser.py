"""Pages in a real browser: silent, offline, accessible, readable on a phone and on paper.

The checks take the path of a page, so that they hold for the sample page and for every page of a rendered set.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import madeup
import pytest
import test_pages
from axe_playwright_python.sync_playwright import Axe
from conftest import Published
from playwright.sync_api import Browser, Page
from pypdf import PdfReader
from rows import golden_agreement
from shown import shown

from bwk_analysis.disclosure import UNTOLD
from bwk_analysis.pages import charts, svg, tables

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
A4_POINTS = (595, 842)
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"

SAMPLES = {"sample.html": test_pages.report, "index.html": test_pages.index}


@pytest.fixture(scope="module", params=list(SAMPLES))
def path(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("pages") / request.param
    made.write_text(SAMPLES[request.param](), encoding="utf-8")
    return made


def noise(browser: Browser, path: Path, width: int = 1280) -> tuple[list[str], list[str], bool]:
    """Console messages, requests besides the page itself, and whether it scrolls sideways, of opening a page."""
    with browser.new_context(offline=True, viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        messages: list[str] = []
        requests: list[str] = []
        page.on("console", lambda message: messages.append(message.text))
        page.on("pageerror", lambda error: messages.append(str(error)))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(path.as_uri())
        wide = page.evaluate(OVERFLOW) > 0
        return messages, [url for url in requests if url != path.as_uri()], wide


def overflow(browser: Browser, path: Path, width: int) -> int:
    """Pixels that a page sticks out sideways at a width of the window."""
    with browser.new_context(viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        page.goto(path.as_uri())
        return page.evaluate(OVERFLOW)


def violations(browser: Browser, path: Path, scheme: Any, width: int) -> list[str]:
    """What axe-core finds, as rule and place. Its script may enter by leaving the page's own policy aside."""
    with browser.new_context(bypass_csp=True, color_scheme=scheme, viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        page.goto(path.as_uri())
        # a chart is one image to a reader; without the thousands of shapes inside it, axe takes a tenth of the time
        page.evaluate("document.querySelectorAll('[role=img] svg').forEach(svg => svg.replaceChildren())")
        found = Axe().run(page, options={"runOnly": WCAG, "resultTypes": ["violations"]}).response["violations"]
        return [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]


def printed(browser: Browser, path: Path, to: Path) -> PdfReader:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(path.as_uri())
        page.pdf(path=to, prefer_css_page_size=True, tagged=True)
    return PdfReader(to)


def cut_in_print(browser: Browser, path: Path) -> list[str]:
    """Tables and charts that are wider than the paper."""
    with browser.new_context(viewport={"width": 672, "height": 980}) as context:  # A4 within its margins
        page: Page = context.new_page()
        page.emulate_media(media="print")
        page.goto(path.as_uri())
        return page.evaluate(
            "[...document.querySelectorAll('table, svg')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
            ".map(e => e.textContent.slice(0, 80) || e.getAttribute('aria-label').slice(0, 80))"
        )


def test_a_page_opens_without_messages_or_requests(browser: Browser, path: Path) -> None:
    assert noise(browser, path)[:2] == ([], [])


@pytest.mark.parametrize("width", [320, 768])
def test_a_page_never_scrolls_sideways(browser: Browser, path: Path, width: int) -> None:
    assert overflow(browser, path, width) <= 0


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_violation(browser: Browser, path: Path, scheme: str, width: int) -> None:
    assert violations(browser, path, scheme, width) == []


def test_a_page_prints_on_numbered_a4(browser: Browser, path: Path, tmp_path: Path) -> None:
    paper = printed(browser, path, tmp_path / "page.pdf")
    for number, sheet in enumerate(paper.pages, 1):
        assert (round(float(sheet.mediabox.width)), round(float(sheet.mediabox.height))) == A4_POINTS
        assert f"{number} / {len(paper.pages)}" in sheet.extract_text()


def test_nothing_is_cut_on_paper(browser: Browser, path: Path) -> None:
    assert cut_in_print(browser, path) == []


NAMES = [f"Buurtwerkkamer {letter}, aan het lange plein achter de Gooiseweg" for letter in "ABCDEFGHIJ"]
CROWDS = {
    f"{rooms} rooms, {indicators} indicators": (NAMES[:rooms], indicators, {})
    for rooms in (1, 3, 10) for indicators in (5, 40)
} | {
    "all hidden": (NAMES[:3], 27, {"value": None, "status": UNTOLD}),
    "no data": (NAMES[:3], 27, {"value": None, "status": "geen gegevens"}),
}  # fmt: skip


@pytest.mark.parametrize("name", CROWDS)
def test_nothing_is_cut_with_one_room_or_ten_few_indicators_or_many_nothing_told_or_nothing_there(
    browser: Browser, name: str, tmp_path: Path
) -> None:
    rooms, indicators, cells = CROWDS[name]
    card = shown(madeup.scorecard(rooms, madeup.many_indicators(indicators)).assign(**cells))
    agreed, finance = golden_agreement(), shown(madeup.finance(rooms))
    of_rooms = [{"rooms": rooms[:2]}, {"room": rooms[0]}, {"before": card, "finance": finance}]
    blocks = [tables.score(card, agreed, **options) for options in of_rooms]
    blocks += [charts.dots(card), charts.intervals(card), charts.balance(finance), tables.legend(card)]
    made = tmp_path / "page.html"
    made.write_text(test_pages.page(*map(test_pages.block, blocks)), encoding="utf-8")
    assert [overflow(browser, made, width) for width in (320, 1280)] == [0, 0]
    assert cut_in_print(browser, made) == []


def test_a_keyboard_reaches_the_content(browser: Browser, path: Path) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(path.as_uri())
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Naar de inhoud"


def test_letters_in_charts_are_text_that_a_phone_and_paper_show_large_enough(browser: Browser, tmp_path: Path) -> None:
    sample = tmp_path / "sample.html"
    sample.write_text(SAMPLES["sample.html"](), encoding="utf-8")
    sizes = (
        "[...document.querySelectorAll('.chart text')]"
        f".filter(t => t.ownerSVGElement.viewBox.baseVal.width == {svg.WIDTH})"  # not of an analyst's own figure
        ".map(t => parseFloat(getComputedStyle(t).fontSize)"
        " * t.ownerSVGElement.getBoundingClientRect().width / t.ownerSVGElement.viewBox.baseVal.width)"
    )
    for width, media, least in ((360, "screen", 11.0), (672, "print", 8 * 96 / 72)):
        with browser.new_context(viewport={"width": width, "height": 800}) as context:
            page = context.new_page()
            page.emulate_media(media=media)
            page.goto(sample.as_uri())
            found = page.evaluate(sizes)
            assert len(found) > 20
            assert min(found) >= least


def test_in_a_contrast_theme_bars_stand_out_from_the_paper(browser: Browser, tmp_path: Path) -> None:
    sample = tmp_path / "sample.html"
    sample.write_text(SAMPLES["sample.html"](), encoding="utf-8")
    with browser.new_context(forced_colors="active") as context:
        page = context.new_page()
        page.goto(sample.as_uri())
        fills = page.evaluate("[...document.querySelectorAll('.strip use')].map(u => getComputedStyle(u).fill)")
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert fills
        assert paper not in fills


def test_the_page_of_a_dark_screen_is_dark_and_its_paper_is_not(browser: Browser, tmp_path: Path) -> None:
    sample = tmp_path / "sample.html"
    sample.write_text(SAMPLES["index.html"](), encoding="utf-8")
    background = "getComputedStyle(document.body).backgroundColor"
    with browser.new_context(color_scheme="dark") as context:
        page = context.new_page()
        page.goto(sample.as_uri())
        assert page.evaluate(background) == "rgb(18, 24, 27)"
        page.emulate_media(media="print")
        assert page.evaluate(background) == "rgb(255, 255, 255)"


# --- the example's own set of reports, page by page -------------------------------------------------------------


def findings(pages_checked: list[Path], check: Callable[[Path], Any], nothing: Any = ()) -> dict[str, Any]:
    """What a check finds on each page, for the pages where it finds something."""
    found = {page.name: check(page) for page in pages_checked}
    return {name: what for name, what in found.items() if what and what != nothing}


def of_each_kind(published: Published, turn: int = 0, turns: int = 1) -> list[Path]:
    """A page of every notebook, as rooms and funders have the same page with other figures; in CI all of them.

    turn, turns : of several checks each takes its part of the pages; in CI every check takes all.
    """
    if os.environ.get("CI") == "true":
        return published.pages
    return list({page.name.partition("-")[0]: page for page in published.pages}.values())[turn::turns]


def test_every_report_opens_on_the_smallest_phone_without_messages_requests_or_scrolling_sideways(
    browser: Browser, published: Published
) -> None:
    assert findings(published.pages, lambda page: noise(browser, page, 320), ([], [], False)) == {}


@pytest.mark.parametrize(("turn", "scheme", "width"), [(0, "light", 1280), (1, "dark", 320)])
def test_axe_finds_no_violation_on_any_report(
    browser: Browser, published: Published, turn: int, scheme: str, width: int
) -> None:
    assert findings(of_each_kind(published, turn, 2), lambda page: violations(browser, page, scheme, width)) == {}


def height(browser: Browser, path: Path, width: int) -> int:
    with browser.new_context(viewport={"width": width, "height": 800}) as context:
        page = context.new_page()
        page.goto(path.as_uri())
        return int(page.evaluate("document.documentElement.scrollHeight"))


def of(published: Published, name: str) -> Path:
    return next(path for path in published.pages if path.name.startswith(name))


def test_the_board_reads_two_sheets_three_screens_and_on_a_phone_seven(
    browser: Browser, published: Published, tmp_path: Path
) -> None:
    page = of(published, "05_")
    assert len(printed(browser, page, tmp_path / "board.pdf").pages) == 2
    assert height(browser, page, 1280) <= 3 * 900
    assert height(browser, page, 390) <= 7 * 844


def test_a_room_hangs_one_sheet_on_its_wall_and_a_funder_files_one(
    browser: Browser, published: Published, tmp_path: Path
) -> None:
    first, second, *_ = printed(browser, of(published, "kamerrapport"), tmp_path / "room.pdf").pages
    assert "Schrijf het hier op" in first.extract_text()
    assert "De details" in second.extract_text()
    for page in of_each_kind(published):
        if page.name.startswith("financiersrapport"):
            assert len(printed(browser, page, tmp_path / "funder.pdf").pages) == 1, page.name


def test_paper_is_tagged_with_title_and_language(browser: Browser, published: Published, tmp_path: Path) -> None:
    paper = printed(browser, of(published, "05_"), tmp_path / "board.pdf")
    assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert paper.trailer["/Root"]["/Lang"] == "nl"
    assert "Bestuursrapport" in paper.metadata.title
    assert "FICTIEVE GEGEVENS" in paper.pages[0].extract_text()


def test_nothing_of_any_report_is_cut_on_paper(browser: Browser, published: Published) -> None:
    assert findings(of_each_kind(published), lambda page: cut_in_print(browser, page)) == {}


def test_the_links_of_the_index_open_their_pages(browser: Browser, published: Published) -> None:
    index = published.reports / "2021-voorbeeld" / "2021Q4" / "index.html"
    with browser.new_context(offline=True) as context:
        page = context.new_page()
        page.goto(index.as_uri())
        links = page.locator(".readers a").all()
        names = [link.get_attribute("href") or "" for link in links]
        assert {path.name for path in published.pages} - {"index.html"} <= set(names)
        for name in names:
            assert (index.parent / name).is_file()
        links[0].click()
        assert page.locator("h1").text_content().endswith("?")  # the board's page, whose title is a question
