"""Tables, cards and lists: real headers, Dutch figures, and text that stays text."""

import re
from collections.abc import Callable
from html.parser import HTMLParser

import madeup
import pandas as pd
import pytest
from conftest import GOLDEN
from hypothesis import given
from hypothesis import strategies as st
from shown import shown

from bwk_analysis.agreement import Agreement
from bwk_analysis.disclosure import ANALYST, PUBLIC, UNTOLD, Shown, Span
from bwk_analysis.door.read import read_folder
from bwk_analysis.pages import tables
from bwk_analysis.pages.block import MIME, Block

NBSP = "\N{NO-BREAK SPACE}"
NASTY = re.sub(r"\d", "x", madeup.NASTY)  # a caption holds no number of its own


def _nasty(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    return frame.assign(**dict.fromkeys(columns, NASTY))


def _card(**columns: object) -> Shown:
    return shown(madeup.scorecard().assign(**columns))


def _room(card: Shown, room: str = "Kamer Noord", agreement: Agreement | None = None) -> Block:
    return tables.scorecard(card.pick(room=room), agreement)


def _money(finance: pd.DataFrame, kind: str, beside: str = "", **options: str) -> Block:
    return tables.money(shown(finance), kind, beside, caption=NASTY, **options)


def _problems(count: int) -> Shown:
    return shown(madeup.problems(count), ANALYST)


BLOCKS: dict[str, Callable[[], Block]] = {
    "scorecard by room": lambda: tables.scorecard(shown(_nasty(madeup.scorecard(), "name", "indicator", "level"))),
    "scorecard of a room": lambda: _room(shown(_nasty(madeup.scorecard(), "room", "name", "value", "target")), NASTY),
    "budget": lambda: tables.budget(shown(madeup.finance()), dict.fromkeys(madeup.GROUPS, NASTY), caption=NASTY),
    "ratios": lambda: _money(madeup.finance([NASTY]), "ratio_realised", "ratio_budget", head=NASTY),
    "funding": lambda: _money(_nasty(madeup.finance(), "item"), "funding_realised", "funding_agreed"),
    "funder shares": lambda: _money(madeup.finance([NASTY]), "share_realised", "share_agreed", of="euro"),
    "cost per result": lambda: _money(madeup.finance([NASTY]), "cost_per_result"),
    "volunteers": lambda: _money(madeup.finance([NASTY]), "volunteer_hours"),
    "problems": lambda: tables.problems(
        shown(_nasty(madeup.problems(), "file", "sheet", "cell", "column", "problem", "advice"), ANALYST)
    ),
    "accounting": lambda: tables.plain(shown(_nasty(madeup.accounting(), "file", "sheet"), ANALYST), NASTY),
    "sources": lambda: tables.sources({"q1.xlsx": NASTY, NASTY: "0" * 64}),
    "observations": lambda: tables.plain(_observations(NASTY), NASTY),
    "nothing": lambda: tables.plain(shown(madeup.scorecard().iloc[:0]), NASTY, nothing=NASTY),
    "plain": lambda: tables.plain(shown(pd.DataFrame({NASTY: [NASTY], "n": [1234]}), n="persons"), NASTY, note=NASTY),
    "status counts": lambda: tables.status_counts(_card()),
    "legend": lambda: tables.legend(),
}


def _observations(text: str) -> Shown:
    columns = ["subject", "room", "text", "value", "beside", "unit"]
    rows = [(text, text, text, 5250.0, 21000.0, "uren"), ("O2", "Totaal", "Te hoog", 21.0, None, "personen")]
    return shown(pd.DataFrame(rows, columns=columns), value="agreed", beside="agreed")


@pytest.fixture(scope="module")
def agreement() -> Agreement:
    return read_folder(sorted((GOLDEN / "dataset").iterdir()))[0]


EVERY_BLOCK = pytest.mark.parametrize("make", BLOCKS.values(), ids=BLOCKS)
EXPECTED_TAGS = {
    *("div", "table", "caption", "thead", "tbody", "tr", "th", "td", "wbr"),
    *("span", "details", "summary", "p", "strong", "dl", "dt", "dd"),
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


def _cells(block: Block) -> list[list[str]]:
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
    html = tables.plain(shown(madeup.accounting(), ANALYST), "Rijen").html
    assert html.count('gt_right"') == 5 * 3  # five counts: the header and two files
    assert '<th scope="col" class="gt_left">File</th>' in html


@pytest.mark.parametrize(
    "make",
    [
        lambda frame: tables.scorecard(frame),
        lambda frame: tables.budget(frame, {}),
        lambda frame: tables.money(frame, "budget", caption="Kosten"),
        lambda frame: tables.plain(frame, "Aantallen"),
        lambda frame: tables.problems(frame),
        lambda frame: tables.status_counts(frame),
    ],
)
def test_a_frame_that_was_not_shown_is_refused_with_what_to_do(make) -> None:
    with pytest.raises(TypeError, match=r"geef een getoond frame: show\(frame, data, edition\)"):
        make(madeup.scorecard())


def test_a_block_shows_itself_to_a_page_and_in_a_notebook() -> None:
    block = tables.legend()
    bundle = block._repr_mimebundle_()
    assert bundle[MIME] == block.html
    assert block.html in bundle["text/html"]
    assert "<style>" in bundle["text/html"]
    assert "<style>" not in bundle[MIME]
    assert bundle["text/plain"].startswith("● gehaald ▷ onderweg ◐ nabij ○ achter")


# --- the scorecard ----------------------------------------------------------------------------------------------


def _rows(block: Block) -> dict[str, list[str]]:
    return {re.sub(r" ?\(\w+\)$", "", row[0]): row[1:] for row in _cells(block)}


def test_the_scorecard_shows_realised_target_interim_status_and_certainty() -> None:
    rows = _rows(_room(_card()))
    assert rows["Taal"] == ["36 [50]", "38", "96%", "◐ nabij"]
    assert rows["Sleutelbeheerders"][:2] == [f"4 [>{NBSP}15]", f">{NBSP}11"]
    assert rows["Vertrouwen in eigen kunnen"][3] == "● gehaald 53%–73%, n = 80, onzeker"
    assert rows[madeup.LONG][0] == f"9{NBSP}op{NBSP}16 [>{NBSP}10{NBSP}op{NBSP}20]"
    assert rows["Geen tekort in de financiering"][:3] == ["Negatief [Positief]", "Positief", "–"]


def test_a_scorecard_of_rooms_has_a_column_for_each_and_totaal_last() -> None:
    head, *rows = _cells(tables.scorecard(_card()))
    assert head == ["Indicator", *madeup.ROOMS, "Totaal"]
    assert rows[0] == ["Impact"]
    assert rows[1][1] == f"63% [>{NBSP}50%] ● gehaald 53%–73%, n = 80, onzeker"
    assert rows[4][1] == f"4 [>{NBSP}15] tussentijds >{NBSP}11 ○ achter"


def test_the_bar_beside_a_figure_does_not_contradict_its_status() -> None:
    rows = _rows(_room(_card(value=7.96, interim_target=8.0, status="nabij")))
    assert rows["Inzet medewerkers en vrijwilligers"][:3] == [f"7,96 [>{NBSP}8]", f">{NBSP}8,0", "99,5%"]


def test_a_figure_in_steps_is_told_as_its_range_in_words_and_bar() -> None:
    card = madeup.scorecard().astype({"value": object})
    here = card["indicator"].eq("P4") & card["room"].eq("Kamer Noord")
    card.loc[here, "status"] = UNTOLD
    card["value"] = [Span(30.0, 45.0) if mine else value for mine, value in zip(here, card["value"], strict=True)]
    html = _room(shown(card, PUBLIC)).html
    assert _rows(_room(shown(card, PUBLIC)))["Taal"] == ["30–45 [50]", "38", "80%–120%", "? niet te zeggen"]
    assert "width: 60.0%; background: var(--chart-pale)" in html  # up to the high end, out of twice the target
    assert "width: 66.7%; background: var(--main)" in html  # of that, up to the low end
    assert "30–45 [50]" in tables.scorecard(shown(card, PUBLIC)).html


@pytest.mark.parametrize("word", ["niet getoond [50]", "– [50]"])
def test_a_figure_that_is_not_told_is_neither_nought_nor_the_same_as_no_data(word: str) -> None:
    status = UNTOLD if "niet" in word else "geen gegevens"
    empty = dict.fromkeys(["value", "lower", "upper", "n"])
    assert _rows(_room(_card(**empty, status=status, uncertain=False)))["Taal"] == [
        word, "38", "–", f"{'?' if 'niet' in word else '–'} {status}",
    ]  # fmt: skip


@given(st.integers(0, 60), st.integers(0, 60))
def test_no_bar_of_a_range_ends_before_its_low_or_after_its_high_end(one: int, other: int) -> None:
    low, high = sorted([one, other])
    card = madeup.scorecard()
    card = card[card["indicator"].eq("P4")].assign(value=[Span(low, high)] * 4, interim_target=30.0)
    widths = [float(width) for width in re.findall(r"width: ([\d.]+)%", _room(shown(card)).html)]
    ends = widths if low == high else [widths[0], widths[0] * widths[1] / 100]
    assert ends == pytest.approx([high / 60 * 100, low / 60 * 100][: len(ends)], abs=0.2)


def test_the_definition_and_the_unit_without_data_come_from_the_agreement(agreement) -> None:
    block = _room(shown(madeup.scorecard().assign(unit=None, value=None, status="geen gegevens")), agreement=agreement)
    about = agreement.indicators.set_index("code").loc["I1"].dropna()
    said = about.get("explanation", about.get("method"))
    assert f'</summary><p>{said} <span class="code">(I1)</span></p>' in block.html
    assert f"– [&gt;{NBSP}50%]" in block.html


# --- money ------------------------------------------------------------------------------------------------------


def test_budget_shows_what_is_left_in_dutch_euros() -> None:
    block = tables.budget(shown(madeup.finance()), {**madeup.GROUPS, "Totaal": "Totaal"})
    assert _cells(block)[2] == ["B Mensen, social return", f"€{NBSP}100.000", f"€{NBSP}35.460", f"€{NBSP}64.540", "35%"]
    assert block.html.count('<tr class="strong">') == 1


def test_a_share_without_its_part_is_a_dash_and_not_zero() -> None:
    assert _cells(_money(madeup.finance(), "share_realised", "share_agreed", of="euro"))[1][1] == "– [2%]"


def test_money_shows_only_the_items_that_were_asked_for_in_the_unit_of_each() -> None:
    finance = shown(madeup.finance())
    rows = _cells(tables.money(finance, "share_agreed", of="euro", items=["Financier 2"], caption="Aandeel"))
    assert [row[0] for row in rows] == ["Post", "Financier 2"]
    assert _cells(tables.money(finance, "cost_per_result", caption="Kosten"))[1][1] == f"€{NBSP}312,46"
    assert _cells(tables.money(finance, "volunteer_hours", caption="Uren"))[1] == ["gerealiseerd", *["20.717"] * 4]


def test_euros_per_person_in_steps_are_whole_euros() -> None:
    cost = pd.DataFrame([("Totaal", "cost_per_result", "euro per deelnemer", Span(35.0, 41.0), "euro per persoon")])
    cost.columns = ["room", "kind", "item", "value", "unit"]
    assert _cells(_money(cost, "cost_per_result"))[1][1] == f"€{NBSP}35–41"


def test_a_figure_of_euros_that_is_empty_is_not_there_and_one_of_people_is_not_told() -> None:
    finance = madeup.finance().assign(value=None)
    assert _cells(_money(finance, "ratio_realised", "ratio_budget"))[1][1] == "– [–]"
    assert _cells(_money(finance, "cost_per_result"))[1][1] == "niet getoond"
    popular = finance.assign(item=finance["item"].str.replace("euro", "populair"))
    assert _cells(_money(popular, "share_agreed", of="populair"))[1][1] == "–"
    for_everyone = tables.money(shown(popular, PUBLIC), "share_agreed", of="populair", caption="Deel")
    assert _cells(for_everyone)[1][1] == "niet getoond"  # hours are part of it
    assert _cells(_money(finance, "share_agreed", of="euro"))[1][1] == "–"
    assert _cells(tables.money(shown(finance, ANALYST), "cost_per_result", caption="Kosten"))[1][1] == "–"


# --- any frame and the data behind it ---------------------------------------------------------------------------


def test_any_shown_frame_is_a_table_whose_numbers_are_told_in_the_unit_of_their_kind() -> None:
    frame = pd.DataFrame(
        {
            "dienst": ["taal", "werk"],
            "mensen": [Span(10.0, 14.0), Span(1.0, 4.0)],
            "deel": [0.5, None],
            "kosten": [1234.0, 0.0],
            "doel": [12.5, None],
            "dag": [pd.Timestamp(2021, 3, 1), pd.NaT],
            "month": [pd.Timestamp(2021, 3, 1), pd.NaT],
        }
    )
    kinds = {"mensen": "persons", "deel": "share of mensen / mensen", "kosten": "euro", "doel": "agreed"}
    kinds |= {"dag": "day", "month": "day"}
    block = tables.plain(shown(frame, **kinds), "Mensen per dienst")
    assert _cells(block)[1:] == [
        ["taal", "10–14", "50%", f"€{NBSP}1.234", "12,5", "1 maart 2021", "maart 2021"],
        ["werk", "1–4", "niet getoond", f"€{NBSP}0", "–", "–", "–"],
    ]
    assert block.html.count("gt_right") == 4 * 3


def test_problems_are_the_first_twenty_and_then_a_count() -> None:
    html = tables.problems(_problems(25)).html
    assert html.count('scope="row"') == 20
    assert "en nog 5" in html
    assert "25 waarschuwingen" in html
    assert "en nog" not in tables.problems(_problems(20)).html


def test_problems_are_for_the_analyst_alone() -> None:
    with pytest.raises(ValueError, match="alleen voor de analist"):
        tables.problems(shown(madeup.problems(1)))


def test_nothing_to_report_is_said_in_words() -> None:
    assert "Er is niets opgevallen." in tables.problems(_problems(0)).html
    none = shown(madeup.printed_totals().iloc[:0])
    assert "Alles klopt." in tables.plain(none, "Gedrukte totalen", nothing="Alles klopt.").html


def test_numbers_of_a_frame_with_units_are_in_the_unit_of_their_row_and_what_is_empty_is_a_dash() -> None:
    assert _cells(tables.plain(_observations("uren"), "Wat opvalt")) == [
        ["Subject", "Room", "Text", "Value", "Beside"],
        ["uren", "uren", "uren", "5.250", "21.000"],
        ["O2", "Totaal", "Te hoog", "21", "–"],
    ]
    printed = tables.plain(shown(madeup.printed_totals(), ANALYST), "Gedrukte totalen")
    assert [f"€{NBSP}52.532", f"€{NBSP}53.532"] == _cells(printed)[1][3:5]


def test_a_row_of_totaal_is_stressed() -> None:
    frame = pd.DataFrame({"kamer": ["Noord", "Totaal"], "mensen": [Span(10, 14), Span(15, 23)]})
    block = tables.plain(shown(frame, PUBLIC, mensen="persons"), "Mensen")
    assert _cells(block)[-1] == ["Totaal", "15–23"]
    assert block.html.count('<tr class="strong">') == 1


def test_a_file_name_can_break_so_that_a_table_stays_narrow() -> None:
    assert "deelnames_<wbr>kwartaal_<wbr>3.<wbr>xlsx, werkblad Deelnames, cel B5" in tables.problems(_problems(1)).html


def test_statuses_are_counted_over_the_rooms_and_never_over_their_total() -> None:
    html = tables.status_counts(_card(status="nabij")).html
    assert "<strong>21</strong>" in html  # seven indicators in three rooms
    assert "van 21" in html
    assert html.count('class="card"') == 1


def test_no_table_changes_the_frame_it_was_given() -> None:
    card, finance = _card(), shown(madeup.finance())
    before = card.frame.copy(deep=True), finance.frame.copy(deep=True)
    tables.scorecard(card)
    tables.budget(finance, madeup.GROUPS)
    pd.testing.assert_frame_equal(card.frame, before[0])
    pd.testing.assert_frame_equal(finance.frame, before[1])
