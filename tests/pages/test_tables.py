"""Tables, cards and lists: real headers, Dutch figures, and text that stays text."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import madeup
import pandas as pd
import pytest

from bwk_analysis.pages import tables

NBSP = "\N{NO-BREAK SPACE}"
NASTY = madeup.NASTY


def _nasty(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    return frame.assign(**dict.fromkeys(columns, NASTY))


BLOCKS: dict[str, Callable[[], tables.Block]] = {
    "scorecard by room": lambda: tables.scorecard_by_room(
        _nasty(madeup.scorecard(), "name", "definition", "level", "explanation", "hidden")
    ),
    "scorecard of a room": lambda: tables.scorecard_of_room(
        _nasty(madeup.scorecard(), "room", "name", "definition", "explanation", "value", "target"), NASTY
    ),
    "budget": lambda: tables.budget_against_realised(
        madeup.finance(), dict.fromkeys(madeup.GROUPS, NASTY), caption=NASTY
    ),
    "ratios": lambda: tables.ratios(madeup.finance([NASTY]), NASTY),
    "funding": lambda: tables.funding(_nasty(madeup.finance(), "item").iloc[:9].assign(kind="funding_agreed")),
    "funder shares": lambda: tables.funder_shares(madeup.finance([NASTY])),
    "cost per result": lambda: tables.cost_per_result(madeup.finance([NASTY])),
    "volunteers": lambda: tables.volunteers(madeup.finance([NASTY])),
    "problems": lambda: tables.problems(
        _nasty(madeup.problems(), "file", "sheet", "cell", "column", "problem", "advice")
    ),
    "accounting": lambda: tables.accounting(_nasty(madeup.accounting(), "file", "sheet")),
    "agreement": lambda: tables.agreement_check(_nasty(madeup.printed_totals(), "table", "item", "room")),
    "plain": lambda: tables.plain(pd.DataFrame({NASTY: [NASTY], "n": [1234]}), NASTY, {"n": "personen"}, note=NASTY),
    "cards": lambda: tables.cards([(NASTY, NASTY, NASTY, NASTY)]),
    "status counts": lambda: tables.status_counts(madeup.scorecard()),
    "sentences": lambda: tables.sentences([NASTY]),
    "definitions": lambda: tables.definitions(_nasty(madeup.scorecard(), "name", "definition", "indicator")),
    "legend": lambda: tables.legend(),
}
EVERY_BLOCK = pytest.mark.parametrize("make", BLOCKS.values(), ids=BLOCKS)
EXPECTED_TAGS = {
    *("div", "table", "caption", "thead", "tbody", "tr", "th", "td", "wbr"),
    *("span", "details", "summary", "p", "strong", "ul", "li", "dl", "dt", "dd"),
}


class _Reader(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def _cells(block: tables.Block) -> list[list[str]]:
    """The rows of a table as a reader sees them."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", block.html, flags=re.DOTALL)
    return [
        [_Reader(c).text.strip() for c in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", r, flags=re.DOTALL)] for r in rows
    ]


@EVERY_BLOCK
def test_text_of_a_workbook_stays_text(make) -> None:
    reader = _Reader(make().html)
    assert {tag for tag, _ in reader.tags} <= EXPECTED_TAGS
    attributes = {name for _, attributes in reader.tags for name in attributes}
    assert attributes <= {"class", "role", "tabindex", "aria-label", "aria-hidden", "scope", "style", "colspan"}
    assert "&amp;lt;" not in make().html  # escaped once, not twice


@EVERY_BLOCK
def test_the_same_frame_gives_the_same_bytes(make) -> None:
    assert make().html == make().html


@pytest.mark.parametrize("name", [name for name in BLOCKS if "<table" in BLOCKS[name]().html])
def test_a_table_has_a_caption_and_headers_with_a_scope_in_a_box_for_the_keyboard(name: str) -> None:
    html = BLOCKS[name]().html
    tags = _Reader(html).tags
    boxes = [attributes for _, attributes in tags if attributes.get("class") == "table-box"]
    assert len(boxes) == html.count("<table") == html.count("<caption")
    assert all(box["role"] == "region" and box["tabindex"] == "0" and box["aria-label"] for box in boxes)
    scopes = [attributes.get("scope") for tag, attributes in tags if tag == "th"]
    assert {"col", "row"} <= set(scopes) <= {"col", "row", "colgroup"}
    head, *rows = [
        len(re.findall(r"<t[hd][ >]", row)) for row in re.findall(r"<tr[^>]*>.*?</tr>", html, flags=re.DOTALL)
    ]
    assert all(row in (head, 1) for row in rows)


def test_figures_are_aligned_right_and_words_left() -> None:
    html = tables.accounting(madeup.accounting()).html
    assert html.count('gt_right"') == 5 * 4  # five counts: the header, two files and the total
    assert '<th scope="col" class="gt_left">Bestand en blad</th>' in html


def test_the_scorecard_shows_realised_target_interim_status_and_certainty() -> None:
    rows = {
        row[0].split("Wat ")[0]: row[1:] for row in _cells(tables.scorecard_of_room(madeup.scorecard(), "Kamer Noord"))
    }
    assert rows["Taal"] == ["36 [50]", "38", "96%", "◐ nabij"]
    assert rows["Sleutelbeheerders"][:2] == [f"4 [>{NBSP}15]", f">{NBSP}11"]
    assert rows["Vertrouwen in eigen kunnen"][3] == "● gehaald 53%–73%, n = 80, onzeker"
    assert rows[madeup.LONG][0] == f"9{NBSP}op{NBSP}16 [>{NBSP}10{NBSP}op{NBSP}20]"
    assert rows["Geen tekort in de financiering"][:3] == ["Negatief [Positief]", "Positief", "–"]


def test_the_bar_beside_a_figure_does_not_contradict_its_status() -> None:
    frame = madeup.scorecard().assign(value=7.96, interim_target=8.0, status="nabij")
    rows = {row[0].split("Wat ")[0]: row[1:] for row in _cells(tables.scorecard_of_room(frame, "Kamer Noord"))}
    assert rows["Inzet medewerkers en vrijwilligers"][:3] == [f"7,96 [>{NBSP}8]", f">{NBSP}8,0", "99,5%"]


def test_the_definition_is_one_click_away_and_the_explanation_is_in_sight() -> None:
    html = tables.scorecard_of_room(madeup.scorecard().assign(explanation="Zomersluiting"), "Kamer Noord").html
    assert "<details><summary>Taal</summary><p>Wat Taal telt." in html
    assert '</details> <span class="explanation">Toelichting van de kamer: Zomersluiting</span>' in html


@pytest.mark.parametrize("value", [1.0, 4.0])
def test_a_hidden_figure_leaves_no_trace_in_a_scorecard(value: float) -> None:
    def html(value: float) -> str:
        frame = madeup.scorecard()
        here = (frame["indicator"] == "I1") & (frame["room"] == "Zuiderhuis")
        frame.loc[here, ["value", "lower", "upper", "n", "denominator"]] = value
        frame = madeup.hidden(frame, "I1", "Zuiderhuis")
        return tables.scorecard_by_room(frame).html + tables.scorecard_of_room(frame, "Zuiderhuis").html

    assert html(value) == html(2.0)
    assert "&lt;5 [" in html(value)


def test_budget_shows_what_is_left_in_dutch_euros() -> None:
    rows = _cells(tables.budget_against_realised(madeup.finance(), {**madeup.GROUPS, "Totaal": "Totaal"}))
    assert rows[2] == ["B Mensen, social return", f"€{NBSP}100.000", f"€{NBSP}35.460", f"€{NBSP}64.540", "35%"]
    assert '<tr class="strong">' in tables.budget_against_realised(madeup.finance(), {"Totaal": "Totaal"}).html


def test_a_share_without_its_part_is_a_dash_and_not_zero() -> None:
    assert _cells(tables.funder_shares(madeup.finance()))[1][1] == "– [2%]"


def test_problems_are_the_first_twenty_and_then_a_count() -> None:
    html = tables.problems(madeup.problems(25)).html
    assert html.count('scope="row"') == 20
    assert "en nog 5" in html
    assert "25 waarschuwingen" in html
    assert "en nog" not in tables.problems(madeup.problems(20)).html


def test_nothing_to_report_is_said_in_words() -> None:
    assert "Er is niets opgevallen." in tables.problems(madeup.problems(0)).html
    assert "kloppen met hun regels" in tables.agreement_check(madeup.printed_totals().iloc[:0]).html


def test_accounting_ends_in_a_total() -> None:
    assert _cells(tables.accounting(madeup.accounting()))[-1] == ["Totaal", "6.022", "6.000", "4", "18", "0"]


def test_a_file_name_can_break_so_that_a_table_stays_narrow() -> None:
    assert "deelnames_<wbr>kwartaal_<wbr>3.<wbr>xlsx, Deelnames, B5" in tables.problems(madeup.problems(1)).html


def test_no_table_changes_the_frame_it_was_given() -> None:
    frame = madeup.scorecard()
    before = frame.copy(deep=True)
    tables.scorecard_by_room(frame)
    pd.testing.assert_frame_equal(frame, before)
