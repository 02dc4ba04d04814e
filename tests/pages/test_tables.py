"""Tables and the scorecard: real headers, Dutch figures, and text that stays text."""

import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import madeup
import pandas as pd
import pytest
from conftest import GOLDEN
from hypothesis import given
from hypothesis import strategies as st
from shown import shown

from bwk_analysis.disclosure import ANALYST, PUBLIC, UNTOLD, Shown, Span
from bwk_analysis.door.read import read_folder
from bwk_analysis.pages import formats, tables
from bwk_analysis.pages.block import MIME, Block

NBSP = "\N{NO-BREAK SPACE}"
AGREEMENT = read_folder(sorted((GOLDEN / "dataset").iterdir()))[0]
NO_DATA = {"value": None, "status": "geen gegevens"}
NASTY = re.sub(r"\d", "x", madeup.NASTY)  # a caption holds no number of its own


def _nasty(frame: pd.DataFrame, *columns: str) -> pd.DataFrame:
    return frame.assign(**dict.fromkeys(columns, NASTY))


def _card(**columns: object) -> Shown:
    return shown(madeup.scorecard().assign(**columns))


def _room(card: Shown, room: str = "Kamer Noord", **options: Any) -> Block:
    return tables.score(card, AGREEMENT, room=room, **options)


def _money(finance: pd.DataFrame, kind: str, beside: str = "", **options: str) -> Block:
    return tables.money(shown(finance), kind, beside, caption=NASTY, **options)


def _problems(count: int) -> Shown:
    return shown(madeup.problems(count), ANALYST)


BLOCKS: dict[str, Callable[[], Block]] = {
    "scorecard": lambda: tables.score(shown(_nasty(madeup.scorecard(), "name", "level")), AGREEMENT, note=NASTY),
    "scorecard of a room": lambda: _room(shown(_nasty(madeup.scorecard(), "room", "name", "target")), NASTY),
    "scorecard of ten rooms": lambda: tables.score(
        shown(madeup.scorecard([f"{NASTY}{i}" for i in "abcdefghij"])), AGREEMENT
    ),
    "scorecard of a funder": lambda: tables.score(_card(), AGREEMENT, rooms=madeup.ROOMS[:2], first=["P4"]),
    "scorecard, since": lambda: tables.score(_card(), AGREEMENT, _card(), shown(madeup.finance())),
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
    "legend": lambda: tables.legend(_card()),
}


def _observations(text: str) -> Shown:
    columns = ["subject", "room", "text", "value", "beside", "unit"]
    rows = [(text, text, text, 5250.0, 21000.0, "uren"), ("O2", "Totaal", "Te hoog", 21.0, None, "personen")]
    return shown(pd.DataFrame(rows, columns=columns), value="agreed", beside="agreed")


EVERY_BLOCK = pytest.mark.parametrize("make", BLOCKS.values(), ids=BLOCKS)
EXPECTED_TAGS = {
    *("table", "caption", "thead", "tbody", "tr", "th", "td", "colgroup", "col", "wbr"),
    *("span", "p", "strong", "b", "h3", "svg", "use", "rect", "line"),
}
EXPECTED_ATTRIBUTES = {
    *("class", "role", "aria-label", "aria-hidden", "aria-colspan", "scope", "span", "colspan", "data-l"),
    *("viewbox", "href", "width", "height", "x", "y", "x1", "x2", "y1", "y2"),
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
    assert attributes <= EXPECTED_ATTRIBUTES
    assert "&amp;lt;" not in make().html  # escaped once, not twice


@EVERY_BLOCK
def test_the_same_frame_gives_the_same_bytes(make) -> None:
    assert make().html == make().html


@pytest.mark.parametrize("name", [name for name in BLOCKS if "<table" in BLOCKS[name]().html])
def test_a_table_has_a_caption_headers_with_a_scope_and_the_roles_that_a_phone_takes_away(name: str) -> None:
    html = BLOCKS[name]().html
    tags = _Reader(html).tags
    assert html.count("<table") == html.count("<caption")
    scopes = [attributes.get("scope") for tag, attributes in tags if tag == "th"]
    assert {"col", "row"} <= set(scopes) <= {"col", "row", "rowgroup"}
    roles = {"thead": "rowgroup", "tbody": "rowgroup", "tr": "row", "td": "cell"}
    assert all(of["role"] == roles[tag] for tag, of in tags if tag in roles)
    wide = [
        [int(span or 1) for span in re.findall(r'<t[hd](?: [^>]*? colspan="(\d+)")?[ >]', row)]
        for row in re.findall(r"<tr[^>]*>.*?</tr>", html, flags=re.DOTALL)
    ]
    assert len({sum(row) for row in wide}) == 1


def test_figures_are_aligned_right_and_words_left_and_each_says_of_what_it_is() -> None:
    html = tables.plain(shown(madeup.accounting(), ANALYST), "Rijen").html
    assert html.count('class="num"') == 5 * 3  # five counts: the header and two files
    assert '<th scope="col" role="columnheader">File</th>' in html
    assert html.count('class="num" data-l="Rows_read"') == 2


@pytest.mark.parametrize(
    "make",
    [
        lambda frame: tables.score(frame, AGREEMENT),
        lambda frame: tables.score(_card(), AGREEMENT, before=frame),
        lambda frame: tables.budget(frame, {}),
        lambda frame: tables.money(frame, "budget", caption="Kosten"),
        lambda frame: tables.plain(frame, "Aantallen"),
        lambda frame: tables.problems(frame),
        lambda frame: tables.legend(frame),
    ],
)
def test_a_frame_that_was_not_shown_is_refused_with_what_to_do(make) -> None:
    with pytest.raises(TypeError, match=r"geef een getoond frame: show\(frame, data, edition\)"):
        make(madeup.scorecard())


def test_a_block_shows_itself_to_a_page_and_in_a_notebook() -> None:
    block = tables.legend(_card(interim_target=None))
    bundle = block._repr_mimebundle_()
    assert bundle[MIME] == block.html
    assert block.html in bundle["text/html"]
    assert "<style>" in bundle["text/html"]
    assert "<style>" not in bundle[MIME]
    assert '<g id="s-near">' in bundle["text/html"]  # the signs that it uses
    assert bundle["text/plain"] == "gehaald bijna niet gehaald"


# --- the scorecard ----------------------------------------------------------------------------------------------


def _rows(block: Block) -> dict[str, list[str]]:
    return {row[0]: [" ".join(re.split(r"[ \n]+", cell)) for cell in row[1:]] for row in _cells(block)}


def _told(room: str = "Kamer Noord", code: str = "P4", **cells: object) -> Shown:
    """A scorecard in which one figure is told otherwise."""
    card = madeup.scorecard().astype(object)
    here = card["indicator"].eq(code) & card["room"].eq(room)
    for name, value in cells.items():
        card[name] = [value if mine else cell for mine, cell in zip(here, card[name], strict=True)]
    return shown(card, PUBLIC)


def test_a_room_reads_what_was_agreed_what_is_due_what_was_done_and_how_that_stands() -> None:
    rows = _rows(_room(_card()))
    assert rows["Afspraak"] == ["Doel", "Gedaan", "Uitkomst", "Plaats van de kamers tussen0% doel 200%"]
    assert rows["Taal"][:3] == ["50 nu 38", "36", "bijna"]
    assert rows["Sleutelbeheerders"][:3] == [f">{NBSP}15 nu 11", "4", "achter op schema"]
    assert rows["Vertrouwen in eigen kunnen"][1:3] == ["63% marge 53–73%, 80 antwoorden", "gehaald ± (kan toeval zijn)"]
    assert rows[madeup.LONG][:2] == [f">{NBSP}10{NBSP}op{NBSP}20 nu 8", "9 op 16"]
    assert rows["Geen tekort in de financiering"][:3] == ["ja", "nee", "niet gehaald"]


def test_the_board_reads_a_line_per_indicator_and_a_sign_is_also_a_word() -> None:
    rows = _rows(tables.score(_card(interim_target=None), AGREEMENT))
    assert list(rows)[:3] == ["Afspraak", formats.LEVELS["impact"], "Vertrouwen in eigen kunnen"]
    assert rows["Afspraak"][:5] == ["Doel per kamer", *madeup.ROOMS, "Samen"]
    assert rows["Taal"][:3] == ["50", "36 bijna", "15 niet gehaald"]
    assert rows["Vertrouwen in eigen kunnen"][1] == "63% ± gehaald, kan toeval zijn"


def test_a_target_that_rooms_share_is_said_once_and_one_that_a_room_lacks_is_a_dash() -> None:
    def goal(*targets: float | None) -> str:
        card = madeup.scorecard().query("indicator == 'O1'").assign(target=[*targets, None], interim_target=None)
        return _rows(tables.score(shown(card), AGREEMENT))["Sleutelbeheerders"][0]

    assert goal(15.0, 15.0, 15.0) == goal(15.0, None, 15.0) == f">{NBSP}15"
    assert goal(15.0, 12.0, 10.0) == f">{NBSP}15/12/10"
    assert goal(15.0, None, 10.0) == f">{NBSP}15/–/>{NBSP}10"
    assert goal(None, None, None) == "geen"


def test_a_target_without_a_course_is_not_said_twice() -> None:
    assert "nu " not in " ".join(row[0] for row in _rows(_room(_card(interim_target=None))).values() if row)


def test_a_figure_beside_its_target_does_not_contradict_its_status() -> None:
    rows = _rows(_room(_card(value=7.96, interim_target=8.0, status="nabij")))
    assert rows["Inzet medewerkers en vrijwilligers"][:3] == [f">{NBSP}8", "7,96 80 antwoorden"[:4], "bijna"]


def test_a_figure_in_steps_is_told_as_its_range_in_words_and_on_the_strip() -> None:
    card = _told(value=Span(30.0, 45.0), status=UNTOLD)
    html = _room(card).html
    assert _rows(_room(card))["Taal"][1:3] == ["30–45", "niet te zeggen"]
    assert '<line class="range" x1="30.0%" x2="45.0%"' in html  # the target of the year is halfway
    assert "30–45" in tables.score(card, AGREEMENT).html


@pytest.mark.parametrize(("status", "word"), [(UNTOLD, "niet getoond"), ("geen gegevens", "geen gegevens")])
def test_a_figure_that_is_not_told_is_neither_nought_nor_the_same_as_no_data(status: str, word: str) -> None:
    card = _card(**dict.fromkeys(["value", "lower", "upper", "n"]), status=status, uncertain=False)
    assert _rows(_room(card))["Taal"][1:4] == ["–" if word == "geen gegevens" else "", word, ""]
    board = tables.score(card, AGREEMENT).html
    assert re.search(rf"<span>(?:(?!</span>).)*</svg> {word}</span>", board)  # the legend says what the sign is
    assert "kan toeval zijn</span></td>" not in board


def test_to_the_analyst_a_figure_without_a_margin_is_not_said_to_be_chance() -> None:
    assert (
        "±" not in _rows(tables.score(shown(madeup.scorecard().assign(uncertain=None), ANALYST), AGREEMENT))["Taal"][1]
    )


@given(st.integers(-20, 200), st.integers(-20, 200))
def test_a_strip_holds_both_ends_of_a_range_and_nothing_outside_it(one: int, other: int) -> None:
    low, high = sorted([one, other])
    html = _room(_told(value=Span(low, high), target=Span(50.0, 50.0))).html
    row = re.search(r"<tr[^>]*><th[^>]*>Taal<.*?</tr>", html, re.DOTALL)[0]
    ends = [float(x) for x in re.findall(r' x[12]?="([\d.-]+)%"', row)]
    assert all(0 <= end <= 100 for end in ends)
    if low < 100 and low != high:
        assert {min(max(low, 0), 100), min(max(high, 0), 100)} <= set(ends)
    assert ('href="#more"' in row) == (high > 100)


@pytest.mark.parametrize(
    ("then", "now", "expected"),
    [
        (30.0, 36.0, "+6"),
        (40.0, 36.0, "−4"),
        (36.0, 36.0, "gelijk"),
        (Span(35, 39), Span(35, 39), "was 35–39"),  # whether it is equal nobody knows
        (Span(35, 35), Span(35, 39), "was 35"),
        (None, Span(35, 39), "–"),
        (36.0, None, "–"),
    ],
)
def test_what_changed_is_a_count_only_where_both_figures_are_exact(then: Any, now: Any, expected: str) -> None:
    card, before = _told("Totaal", value=now), _told("Totaal", value=then)
    rows = _rows(tables.score(card, AGREEMENT, before))
    assert rows["Afspraak"][5] == "Samen, sinds kw 3"
    assert rows["Taal"][5] == expected


def test_of_a_share_and_a_verdict_it_is_said_what_they_were() -> None:
    was = madeup.scorecard().assign(period="2021-08")
    now = was.replace({"value": {"Negatief": "Positief", 1.26 * 0.5: 0.5}})
    rows = _rows(_room(shown(now), "Zuiderhuis", before=shown(was)))
    assert rows["Afspraak"][3] == "Sinds augustus 2021"
    assert rows["Geen tekort in de financiering"][3] == "was nee"
    assert _rows(_room(shown(now), before=shown(was)))["Vertrouwen in eigen kunnen"][3] == "was 63%"


def test_a_verdict_has_the_euros_that_it_is_about() -> None:
    finance = pd.DataFrame(
        [
            ("Kamer Noord", kind, "Totaal", euro, "euro")
            for kind, euro in (("funding_agreed", 932.0), ("budget", 1000.0))
        ],
        columns=["room", "kind", "item", "value", "unit"],
    )
    code = AGREEMENT.indicators.set_index("field").loc["saldo", "code"]
    card = shown(madeup.scorecard().query("indicator == 'N1'").assign(indicator=code))
    rows = _rows(tables.score(card, AGREEMENT, finance=shown(finance)))
    assert rows["Geen tekort in de financiering"][1] == f"nee €{NBSP}68 te weinig niet gehaald"


def test_of_a_funder_its_rooms_without_the_total_and_its_own_indicators_first() -> None:
    block = tables.score(_card(), AGREEMENT, rooms=madeup.ROOMS[:2], first=["P4"])
    assert list(_rows(block))[1:3] == [tables.FIRST, "Taal"]
    assert _rows(block)["Afspraak"] == ["Doel per kamer", *madeup.ROOMS[:2]]
    assert tables.FIRST not in tables.score(_card(), AGREEMENT, first=["elders"]).html


def test_ten_rooms_have_their_codes_as_heads_which_the_legend_explains() -> None:
    names = {f"K{i}": f"Kamer {i}" for i in range(10)}
    agreement = replace(AGREEMENT, rooms=pd.DataFrame({"room": [*names], "name": [*names.values()]}))
    for options in ({}, {"rooms": [*names.values()]}):
        block = tables.score(shown(madeup.scorecard([*names.values()])), agreement, **options)
        assert [*names] == _rows(block)["Afspraak"][1:11]
        assert all(f"<b>{code}</b> {name}" in block.html for code, name in names.items())


def test_from_which_part_it_is_nearly_so_is_as_agreed() -> None:
    near = replace(AGREEMENT, settings=replace(AGREEMENT.settings, near=0.85))
    assert "bijna, 85% of meer" in tables.score(_card(), near).html


def test_without_indicators_that_is_said() -> None:
    assert "Er zijn geen indicatoren." in tables.score(shown(madeup.scorecard().iloc[:0]), AGREEMENT).html


def test_the_unit_without_data_comes_from_the_agreement() -> None:
    share = AGREEMENT.indicators.set_index("measure").loc[["aandeel"], "code"].iloc[0]
    card = madeup.scorecard().query("indicator == 'I1'").assign(indicator=share, unit=None, **NO_DATA)
    assert _rows(tables.score(shown(card), AGREEMENT))["Vertrouwen in eigen kunnen"][0] == f">{NBSP}50%"


# --- money ------------------------------------------------------------------------------------------------------


def test_budget_shows_what_is_left_in_dutch_euros() -> None:
    block = tables.budget(shown(madeup.finance()), {**madeup.GROUPS, "Totaal": "Totaal"})
    assert _cells(block)[2] == ["B Mensen, social return", f"€{NBSP}100.000", f"€{NBSP}35.460", f"€{NBSP}64.540", "35%"]
    assert block.html.count('class="sum"') == 1


def test_a_share_without_its_part_is_a_dash_and_not_zero() -> None:
    assert _cells(_money(madeup.finance(), "share_realised", "share_agreed", of="euro"))[1][1] == "– [2%]"


def test_money_shows_only_the_items_that_were_asked_for_in_the_unit_of_each() -> None:
    finance = shown(madeup.finance())
    rows = _cells(tables.money(finance, "share_agreed", of="euro", items=["Financier 2"], caption="Aandeel"))
    assert [row[0] for row in rows] == ["Post", "Financier 2"]
    assert _cells(tables.money(finance, "cost_per_result", caption="Kosten"))[1][1] == f"€{NBSP}312"
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
    assert block.html.count('class="num"') == 4 * 3


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
    assert block.html.count('class="sum"') == 1


def test_a_file_name_can_break_so_that_a_table_stays_narrow() -> None:
    assert "deelnames_<wbr>kwartaal_<wbr>3.<wbr>xlsx, werkblad Deelnames, cel B5" in tables.problems(_problems(1)).html


def test_no_table_changes_the_frame_it_was_given() -> None:
    card, finance = _card(), shown(madeup.finance())
    before = card.frame.copy(deep=True), finance.frame.copy(deep=True)
    tables.score(card, AGREEMENT)
    tables.budget(finance, madeup.GROUPS)
    pd.testing.assert_frame_equal(card.frame, before[0])
    pd.testing.assert_frame_equal(finance.frame, before[1])
