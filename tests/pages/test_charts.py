"""Charts: the same bytes, readable at any data, of what was shown alone, and a range never looks exact."""

import re
import warnings
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import combinations
from typing import Any

import madeup
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib import pyplot as plt
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from shown import shown

from bwk_analysis.disclosure import PUBLIC, UNTOLD, Shown, Span
from bwk_analysis.pages import charts, svg

SIX = [f"Buurtwerkkamer {letter} aan het lange plein" for letter in "ABCDEF"]


def card(*args: Any, **columns: Any) -> Shown:
    return shown(madeup.scorecard(*args).assign(**columns))


def weekly(rooms: list[str] = madeup.ROOMS, weeks: int = 39) -> Shown:
    return shown(madeup.in_steps(madeup.weekly(rooms, weeks), "persons"), persons="persons")


def hours(*args: Any) -> Shown:
    return shown(madeup.hours(*args), hours="hours")


def registrations(rooms: list[str], times: int = 1) -> Shown:
    frame = madeup.registrations(rooms).assign(rows=lambda f: f["rows"] * times)
    return shown(madeup.in_steps(frame, "rows"), rows="rows")


def shares(rooms: list[str]) -> Shown:
    frame = madeup.answer_shares(rooms).assign(share=lambda f: [Span(0.55, 0.62)] * len(f))
    return shown(madeup.in_steps(frame, "n"), share="share of numerator / n", n="persons")


def survey(shares: Shown) -> charts.Chart:
    return charts.bars(shares, "room", "share", group="text", interval=("lower", "upper"), of="n")


def persons(frame: pd.DataFrame) -> Shown:
    return shown(madeup.in_steps(frame, "persons"), persons="persons")


def beside(kind: str, target: str, of: str, finance: pd.DataFrame) -> Shown:
    """Figures of money of two kinds, each a column."""
    by_kind = finance.set_index(["kind", "room", "item"])["value"]
    frame = by_kind[kind].to_frame(kind).join(by_kind[target].rename(target)).reset_index()
    return shown(frame, **{kind: of, target: of})


def budget(finance: pd.DataFrame | None = None) -> charts.Chart:
    costs = beside("realised", "budget", "euro", madeup.finance() if finance is None else finance).pick(room="Totaal")
    return charts.bars(costs, "item", "realised", "budget", "room", "{} besteed", "begroot voor het hele jaar")


def ratios(finance: pd.DataFrame) -> charts.Chart:
    both = beside("ratio_realised", "ratio_budget", "share of euro", finance)
    return charts.bars(both, "item", "ratio_realised", "ratio_budget", "room", "{} van de kosten", "begroot")


def funder_shares(finance: pd.DataFrame) -> charts.Chart:
    """What was received is what is drawn: here twice what was agreed."""
    agreed = finance[finance["kind"] == "share_agreed"]
    realised = agreed.assign(kind="share_realised", value=agreed["value"] * 2)
    items = [f"Financier {i}" for i in range(11)]
    return charts.shares(shown(pd.concat([agreed, realised])), "euro", items, "{} van de euro's")


def range_of(value: float) -> Span:
    return Span(value, value + 4)


THIRTY = card(SIX, madeup.many_indicators())
CHARTS: dict[str, Callable[[], charts.Chart]] = {
    "overview": lambda: charts.overview(card()),
    "overview, thirty indicators in six rooms": lambda: charts.overview(THIRTY),
    "overview, one room": lambda: charts.overview(card(["Enige"])),
    "overview, untold": lambda: charts.overview(card(status=UNTOLD)),
    "against target": lambda: charts.against_target(card(), "Zuiderhuis"),
    "against target, thirty indicators": lambda: charts.against_target(THIRTY, SIX[0]),
    "against target, nasty names": lambda: charts.against_target(card(name=madeup.NASTY)),
    "against target, no data": lambda: charts.against_target(card(value=None, status="geen gegevens")),
    "against target, not told": lambda: charts.against_target(card(value=None, status=UNTOLD)),
    "against target, ranges": lambda: charts.against_target(
        card(value=[range_of(5 * i) for i in range(28)], unit="personen")
    ),
    "lines": lambda: charts.lines(weekly(), {"Zuiderhuis": 400.0}, 2021),
    "lines, two weeks": lambda: charts.lines(weekly(["Enige"], 2), {"Enige": 2.0}),
    "lines, six rooms": lambda: charts.lines(weekly(SIX), {SIX[0]: Span(500.0, 500.0), SIX[1]: None}),
    "months": lambda: charts.months(hours()),
    "months, large": lambda: charts.months(hours(SIX, 123456.0)),
    "months, zeros": lambda: charts.months(shown(madeup.hours().assign(hours=0.0))),
    "months, by table": lambda: charts.months(registrations(madeup.ROOMS), "rows", "table"),
    "months, millions in six rooms": lambda: charts.months(registrations(SIX, 10_000), "rows", "table"),
    "survey shares": lambda: survey(shares(SIX)),
    "bars in groups": lambda: charts.bars(persons(madeup.answers()), "answer_text", "persons", group="text"),
    "bars of stages": lambda: charts.bars(persons(madeup.referrals(SIX)), "stage", "persons", group="room"),
    "bars, zeros": lambda: charts.bars(persons(madeup.referrals().assign(persons=0.0)), "stage", "persons"),
    "bars below nought": lambda: charts.bars(
        shown(pd.DataFrame({"post": ["a", "b"], "euro": [Span(-90, -45), Span(-10, 20)]}), euro="euro"), "post", "euro"
    ),
    "budget": budget,
    "budget, negative": lambda: budget(madeup.finance().assign(value=lambda f: -f["value"])),
    "ratios": lambda: ratios(madeup.finance([madeup.NASTY])),
    "shares of eleven funders": lambda: funder_shares(madeup.finance()),
}
EVERY_CHART = pytest.mark.parametrize("draw", CHARTS.values(), ids=CHARTS)


class _Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def _apart(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    """Whether two boxes (left, top, right, bottom) do not overlap, half a pixel aside."""
    return a[2] <= b[0] + 0.6 or b[2] <= a[0] + 0.6 or a[3] <= b[1] + 0.6 or b[3] <= a[1] + 0.6


def _bars(chart: charts.Chart, opacity: float | None = None) -> list[Any]:
    """The boxes of the bars in pixels: of their certain part, or of their range."""
    boxes = []
    for axes in chart.figure.axes:
        for lines in axes.collections:
            if isinstance(lines, LineCollection) and lines.get_linewidth()[0] > 5 and lines.get_alpha() == opacity:
                thick = lines.get_linewidth()[0] / 2
                for (x0, y0), (x1, y1) in map(axes.transData.transform, lines.get_segments()):
                    across, up = (0, thick) if y0 == y1 else (thick, 0)
                    boxes.append((min(x0, x1) - across, min(y0, y1) - up, max(x0, x1) + across, max(y0, y1) + up))
    return boxes


def _lengths(chart: charts.Chart, opacity: float | None = None) -> list[float]:
    return [right - left for left, _, right, _ in _bars(chart, opacity)]


def _texts(chart: charts.Chart) -> list[str]:
    return re.findall(r"<text[^>]*>(.*?)</text>", chart.html)


@EVERY_CHART
def test_no_text_overlaps_another_or_a_bar_or_leaves_the_chart(draw) -> None:
    chart = draw()
    chart.figure.set_dpi(72)
    renderer = FigureCanvasAgg(chart.figure).get_renderer()  # measures by the widest font that a page may get
    texts = [text for text in chart.figure.artists if isinstance(text, plt.Text) and text.get_text() != "»"]
    boxes = [(text.get_text(), text.get_window_extent(renderer).extents) for text in texts]
    for axis in (axis for axes in chart.figure.axes for axis in (axes.xaxis, axes.yaxis) if axis.get_visible()):
        boxes.append(("ticks", axis.get_tightbbox(renderer).extents))
    for text, box in boxes:
        assert box[0] >= -1, text
        assert box[2] <= svg.WIDTH + 1, text
    for (a, of_a), (b, of_b) in combinations(boxes, 2):
        assert _apart(of_a, of_b), (a, b)
    for bar in _bars(chart) + _bars(chart, 0.4):
        for text, box in boxes:
            assert bar[0] == bar[2] or bar[1] == bar[3] or _apart(bar, box), (bar, text)


@EVERY_CHART
def test_the_same_data_give_the_same_bytes_without_a_warning(draw) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert draw().html == draw().html


@EVERY_CHART
def test_a_chart_is_a_figure_with_a_title_and_its_words(draw) -> None:
    chart = draw()
    tags = _Tags(chart.html).tags
    assert [tag for tag, _ in tags[:3]] == ["figure", "figcaption", "svg"]
    assert tags[2][1]["role"] == "img"
    assert tags[2][1]["aria-label"] == f"{chart.title}. {chart.alt}"
    assert not {tag for tag, _ in tags} - {
        "figure",
        "figcaption",
        "svg",
        "g",
        "path",
        "use",
        "defs",
        "text",
        "clippath",
        "rect",
    }
    assert not any(name.startswith("on") for _, attributes in tags for name in attributes)
    drawn = chart.html[chart.html.index('style="max') :]
    assert "http" not in re.sub(">[^<]*<", "><", drawn)


@EVERY_CHART
def test_every_reference_inside_a_chart_is_to_itself(draw) -> None:
    html = draw().html
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'(?:href="|url\()#([^")]+)', html)) == set(ids)


def test_ids_of_different_charts_never_collide() -> None:
    ids = [set(re.findall(r' id="([^"]+)"', draw().html)) for draw in CHARTS.values()]
    assert not any(a & b for a, b in combinations(ids, 2))


def test_a_chart_shows_itself_to_a_page_to_a_notebook_and_in_words() -> None:
    one = charts.months(hours())
    bundle = charts.side_by_side([one, one])._repr_mimebundle_()
    assert bundle["application/vnd.bwk+html"].count("<figure") == 2
    assert ".charts { display: grid" in bundle["text/html"]
    assert bundle["text/plain"].count(one.title) == 2


REFUSED: dict[str, Callable[[Any], charts.Chart]] = {
    "overview": charts.overview,
    "against_target": charts.against_target,
    "lines": charts.lines,
    "months": charts.months,
    "bars": lambda frame: charts.bars(frame, "room", "persons"),
}


@pytest.mark.parametrize("draw", REFUSED.values(), ids=REFUSED)
def test_a_frame_that_was_not_shown_is_refused(draw) -> None:
    with pytest.raises(TypeError, match=re.escape("geef een getoond frame: show(frame, data, edition)")):
        draw(madeup.scorecard())


def test_what_is_no_chart_does_not_stand_beside_one() -> None:
    with pytest.raises(TypeError, match="geef grafieken"):
        charts.side_by_side([madeup.scorecard()])


def test_a_column_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(ValueError, match="kolom 'personen' staat niet in het frame; er staan: room, stage, persons"):
        charts.bars(persons(madeup.referrals()), "stage", "personen")


def test_the_style_of_an_analysts_own_figures_does_not_change_a_chart() -> None:
    draws = [CHARTS["lines"], CHARTS["against target"]]
    before = [draw().html for draw in draws]
    with plt.style.context(["dark_background", "ggplot"]):
        assert [draw().html for draw in draws] == before


def test_an_analyst_goes_on_with_a_figure_of_his_own_numbers() -> None:
    figure = charts.bars(persons(madeup.referrals(["Noord"])), "stage", "persons").figure
    assert figure.axes[0].get_xlim() == (0, 44)
    figure = charts.lines(weekly(), {"Zuiderhuis": 400.0}).figure
    assert [axes.get_ylim() for axes in figure.axes] == [(0, 400)] * 3


def test_names_of_sixty_characters_are_shown_whole() -> None:
    name = madeup.LONG[:60]
    chart = charts.against_target(shown(madeup.scorecard().query("indicator == 'O5'").assign(name=name)))
    assert name in " ".join(_texts(chart))
    assert "…" not in chart.html


def test_the_alt_text_has_the_values_as_they_are_told() -> None:
    frame = madeup.in_steps(madeup.scorecard().query("indicator == 'P4'"), "value")
    for row in frame.itertuples():
        alt = charts.against_target(shown(frame), row.room).alt
        assert f"Taal: {row.value.low:.0f}–{row.value.high:.0f} [" in alt
        assert f"], {row.status}" in alt


# --- a range never looks exact --------------------------------------------------------------------------------------


def test_a_range_is_a_bar_to_its_low_end_and_a_paler_one_up_to_its_high() -> None:
    frame = pd.DataFrame({"day": ["ma", "di", "wo"], "rows": [Span(10, 14), Span(20, 20), None]})
    chart = charts.bars(shown(frame, rows="rows"), "day", "rows")
    *tracks, monday, tuesday = _lengths(chart)  # what is not told has no bar, but a place
    assert (len(tracks), monday) == (3, pytest.approx(tuesday / 2))
    assert _lengths(chart, 0.4) == [pytest.approx(tuesday / 5), 0.0]
    assert chart.alt == "ma: 10–14; di: 20; wo: niet getoond"


def test_few_rows_in_a_group_are_all_told_in_the_title() -> None:
    chart = charts.bars(persons(madeup.referrals(["Noord", "Totaal"])), "stage", "persons", group="room")
    assert chart.title == "Totaal: aangemeld 40–44, doet mee 25–29 en gestopt 5–9"


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 400), st.integers(1, 60))
def test_a_frame_of_ranges_tells_its_exact_numbers_nowhere(low: int, more: int) -> None:
    rows = pd.DataFrame({"room": ["Noord", "Totaal"], "rows": [Span(low, low + more)] * 2})
    frame = rows.assign(month=pd.Timestamp("2021-03-01"), persons=rows["rows"], stage="aangemeld")
    told = {str(low), str(low + more), str(2 * low), str(2 * low + 2 * more), "2021"}
    for chart in (
        charts.bars(shown(frame, rows="rows"), "room", "rows", group="stage"),
        charts.months(shown(frame, rows="rows"), "rows"),
    ):
        assert set(re.findall(r"\d+", f"{chart.title} {chart.alt}".replace(".", ""))) <= told


@pytest.mark.parametrize(
    ("tuesday", "expected"),
    [
        (Span(15, 19), "Het meest bij di, 15–19"),
        (Span(10, 14), "Geen is zeker de grootste"),
        (None, "Geen is zeker de grootste"),  # it may be larger
    ],
)
def test_the_largest_is_named_only_where_the_ranges_leave_no_doubt(tuesday: Span | None, expected: str) -> None:
    frame = pd.DataFrame({"day": ["ma", "di"], "rows": [Span(10, 14), tuesday]})
    assert charts.bars(shown(frame, rows="rows"), "day", "rows").title == expected


@pytest.mark.parametrize(
    ("persons", "expected"),
    [
        (Span(100, 104), "Deelnemers: op of boven de stippellijn"),
        (Span(60, 64), "Deelnemers: nog onder de stippellijn"),
        (Span(98, 102), "Deelnemers: rond de stippellijn"),
    ],
)
def test_a_line_has_reached_the_target_of_the_year_when_both_its_ends_have(persons: Span, expected: str) -> None:
    weeks = [pd.Timestamp("2021-06-25"), pd.Timestamp("2021-07-02")]
    frame = pd.DataFrame({"room": "Enige", "week": weeks, "persons": [persons, persons]})
    assert charts.lines(shown(frame, persons="persons"), {"Enige": 100.0}).title == expected


def test_a_week_that_is_not_told_breaks_the_line_and_its_band() -> None:
    frame = weekly(["Enige"], 7).frame
    broken = frame.assign(persons=[cell if i != 3 else None for i, cell in enumerate(frame["persons"])])
    whole, gap = (charts.lines(shown(f, persons="persons")).html for f in (frame, broken))
    for shape in (r'<path d="([^"]+)"[^>]*stroke: var\(--chart-main[^>]*stroke-width: 2.5', r'<path[^>]* d="([^"]+)z'):
        assert "".join(re.findall(shape, gap)).count("M") == "".join(re.findall(shape, whole)).count("M") + 1


def test_a_month_that_is_not_told_is_a_dash_and_a_month_without_rows_a_nought() -> None:
    months = pd.date_range("2021-01-01", periods=3, freq="MS")
    frame = pd.DataFrame({"room": "Enige", "month": months, "rows": [Span(0, 0), None, Span(10, 14)]})
    chart = charts.months(shown(frame, rows="rows"), "rows")
    assert chart.alt == "Enige: rijen: niet getoond (januari 2021 0, februari 2021 niet getoond, maart 2021 10–14)"
    assert [text for text in _texts(chart) if text in ("0", "–", "?")] == ["0", "?", *"–" * 9]


def test_a_figure_that_is_not_told_leaves_no_trace() -> None:
    frame = madeup.scorecard().astype({"value": object, "status": object})
    here = (frame["indicator"] == "P4") & (frame["room"] == "Zuiderhuis")
    frame.loc[here, ["value", "status"]] = [None, UNTOLD]
    chart = charts.against_target(shown(frame, PUBLIC), "Zuiderhuis")
    assert f"Taal: niet getoond [38], {UNTOLD}" in chart.alt
    assert charts.overview(shown(frame, PUBLIC)).title.endswith(f" en 1 {UNTOLD}")


def test_without_data_a_figure_is_said_to_have_none() -> None:
    assert "Taal: geen gegevens" in charts.against_target(card(value=None, status="geen gegevens")).alt


def test_a_share_of_answers_is_told_with_its_interval_and_of_how_many() -> None:
    chart = survey(shares(["Noord"]))
    assert "Totaal: 55%–62% van 80–84, 95%-interval 47% tot 68%" in chart.alt
    assert chart.title.startswith("Ik woon prettiger in de buurt: Noord 55%–62% van 80–84 en Totaal")


def test_a_budget_is_told_beside_what_was_spent() -> None:
    chart = budget()
    assert chart.title == "Totaal: € 106.380 [€ 200.000] besteed".replace("€ ", "€\N{NO-BREAK SPACE}")
    assert "B: € 35.460 [€ 100.000]".replace("€ ", "€\N{NO-BREAK SPACE}") in chart.alt
    assert "gerealiseerd [begroot voor het hele jaar]" in _texts(chart)


def test_the_title_tells_the_ratios_of_the_whole() -> None:
    assert ratios(madeup.finance()).title == "Totaal: SROI 44% [42%] en Overhead 9% [7%] van de kosten"


def test_the_title_tells_the_largest_share_and_a_small_one_is_not_nothing() -> None:
    chart = funder_shares(madeup.finance(["Noord"]).replace({"value": {1 / 66: 0.002}}))
    assert chart.title == "Totaal: het meest bij Financier 10, 33% [17%] van de euro's"
    assert chart.alt.startswith("Noord. Financier 0: 0,4% [0%]; Financier 1: 6% [3%]; ")


def test_letters_are_left_to_the_browser_and_dollars_and_colours_stay_text() -> None:
    chart = funder_shares(madeup.finance(["$x^2$ \U0001f6d6 中", 'x id="a" #1a6798']))
    assert {"$x^2$ \U0001f6d6 中", 'x id="a" #1a6798'} <= set(_texts(chart))


@pytest.mark.parametrize(
    "draw",
    [
        lambda: charts.overview(shown(madeup.scorecard().iloc[:0])),
        lambda: charts.against_target(card(), "Bestaat niet"),
        lambda: funder_shares(madeup.finance().iloc[:0]),
        lambda: charts.lines(weekly([])),
        lambda: charts.lines(weekly(["Enige"], 1)),
        lambda: charts.months(hours([])),
        lambda: charts.months(registrations([]), "rows", "table"),
        lambda: survey(shown(madeup.answer_shares().iloc[:0])),
        lambda: charts.bars(shown(madeup.answers().iloc[:0]), "answer_text", "persons", group="text"),
        lambda: charts.bars(shown(madeup.finance().iloc[:0]), "item", "value"),
    ],
)
def test_an_empty_frame_gives_a_chart_that_says_so(draw) -> None:
    assert draw().alt == "Er zijn geen gegevens om te tekenen."


def test_no_chart_changes_the_frame_it_was_given() -> None:
    frame = card().frame
    before = frame.copy(deep=True)
    for draw in (charts.overview, charts.against_target):
        draw(shown(frame))
    pd.testing.assert_frame_equal(frame, before)
