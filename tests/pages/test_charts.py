"""Charts: the same bytes, readable at any data, of what was shown alone, and a range never looks exact."""

import re
import warnings
from collections.abc import Callable
from dataclasses import replace
from html import escape
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
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text
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


def leading(rooms: list[str]) -> Shown:
    rows = madeup.scorecard(rooms).query("indicator == 'P4'").assign(value=12_345.0, target=123_456.0)
    return shown(rows, value="persons", target="agreed")


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


def money(times: float = 1.0, due: float = 0.0, rooms: list[str] = madeup.ROOMS, item: str = "Totaal") -> Shown:
    kinds = {"funding_agreed": 25_000.0, "funding_realised": 18_000.0, "to_receive": due, "realised": 20_000.0}
    rows = [(room, kind, item, euro * times, "euro") for room in [*rooms, "Totaal"] for kind, euro in kinds.items()]
    return shown(pd.DataFrame(rows, columns=["room", "kind", "item", "value", "unit"]))


FORTY = card(SIX, madeup.many_indicators(40))
NO_DATA = {"value": None, "status": "geen gegevens"}
CHARTS: dict[str, Callable[[], charts.Chart]] = {
    "dots": lambda: charts.dots(card()),
    "dots, forty indicators in six rooms": lambda: charts.dots(FORTY),
    "dots, nasty name": lambda: charts.dots(card([madeup.NASTY])),
    "dots, untold": lambda: charts.dots(card(value=None, status=UNTOLD)),
    "balance": lambda: charts.balance(money(due=7_000.0)),
    "balance, millions": lambda: charts.balance(money(1000, 7_000.0)),
    "balance, paid back": lambda: charts.balance(money(-1)),
    "paid": lambda: charts.paid(money(100, 7_000.0, SIX, "Fonds"), "Fonds"),
    "intervals": lambda: charts.intervals(card()),
    "intervals, long names": lambda: charts.intervals(card(name=f"{madeup.LONG} {madeup.LONG}")),
    "lines": lambda: charts.lines(weekly(), {"Zuiderhuis": 400.0}, 2021),
    "lines, two weeks": lambda: charts.lines(weekly(["Enige"], 2), {"Enige": 2.0}),
    "lines, six rooms": lambda: charts.lines(weekly(SIX), {SIX[0]: Span(500.0, 500.0), SIX[1]: None}),
    "months": lambda: charts.months(hours()),
    "months, large": lambda: charts.months(hours(SIX, 123456.0)),
    "months, zeros": lambda: charts.months(shown(madeup.hours().assign(hours=0.0))),
    "months, by table": lambda: charts.months(registrations(madeup.ROOMS), "rows", "table"),
    "months, millions in six rooms": lambda: charts.months(registrations(SIX, 10_000), "rows", "table"),
    "survey shares": lambda: survey(shares(SIX)),
    "bars of targets": lambda: charts.bars(leading(SIX), "room", "value", "target"),
    "bars in groups": lambda: charts.bars(persons(madeup.answers()), "answer_text", "persons", group="text"),
    "bars of stages": lambda: charts.bars(persons(madeup.referrals(SIX)), "stage", "persons", group="room"),
    "bars, zeros": lambda: charts.bars(persons(madeup.referrals().assign(persons=0.0)), "stage", "persons"),
    "bars, capitals": lambda: charts.bars(persons(madeup.referrals().assign(stage="W" * 90)), "stage", "persons"),
    "bars below nought": lambda: charts.bars(
        shown(pd.DataFrame({"post": ["a", "b"], "euro": [Span(-90, -45), Span(-10, 20)]}), euro="euro"), "post", "euro"
    ),
    "budget": budget,
    "budget, negative": lambda: budget(madeup.finance().assign(value=lambda f: -f["value"])),
    "ratios": lambda: ratios(madeup.finance([madeup.NASTY])),
    "shares of eleven funders": lambda: funder_shares(madeup.finance()),
}
EMPTY: dict[str, Callable[[], charts.Chart]] = {
    "dots": lambda: charts.dots(shown(madeup.scorecard().iloc[:0])),
    "dots, no target": lambda: charts.dots(card(target=None, status="geen streefwaarde")),
    "balance": lambda: charts.balance(shown(madeup.finance().iloc[:0])),
    "balance, not known": lambda: charts.balance(shown(madeup.finance().assign(value=None))),
    "paid": lambda: charts.paid(money(), "Fonds"),
    "paid, nothing": lambda: charts.paid(money(0, item="Fonds"), "Fonds"),
    "intervals": lambda: charts.intervals(card(**NO_DATA)),
    "shares": lambda: funder_shares(madeup.finance().iloc[:0]),
    "lines": lambda: charts.lines(weekly([])),
    "lines, one week": lambda: charts.lines(weekly(["Enige"], 1)),
    "months": lambda: charts.months(hours([])),
    "months, by table": lambda: charts.months(registrations([]), "rows", "table"),
    "survey": lambda: survey(shown(madeup.answer_shares().iloc[:0])),
    "bars": lambda: charts.bars(shown(madeup.finance().iloc[:0]), "item", "value"),
}
EVERY = CHARTS | {f"nothing: {name}": draw for name, draw in EMPTY.items()}
EVERY_CHART = pytest.mark.parametrize("draw", EVERY.values(), ids=EVERY)


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


def _bars(chart: charts.Chart, colour: str) -> list[Any]:
    """The bars of a colour, in pixels."""
    return [
        bar.get_window_extent()
        for axes in chart.figure.axes
        for bar in axes.patches
        if to_hex(bar.get_facecolor()) == colour and bar.get_facecolor()[3]
    ]


def _lengths(chart: charts.Chart, colour: str) -> list[float]:
    return [bar.width for bar in _bars(chart, colour)]


def _texts(chart: charts.Chart) -> list[str]:
    return [text.replace("\xa0", " ") for text in re.findall(r"<text[^>]*>(.*?)</text>", chart.html)]


@EVERY_CHART
def test_no_text_overlaps_another_or_a_bar_or_leaves_the_chart(draw) -> None:
    chart = draw()
    with warnings.catch_warnings(action="ignore"):  # of letters that matplotlib has not
        renderer = FigureCanvasAgg(chart.figure).get_renderer()  # measures by the widest font that a page may get
        hidden = {label for axes in chart.figure.axes for label in axes.findobj(Text) if not axes.axison}
        hidden |= {label for axes in chart.figure.axes for label in axes.yaxis.findobj(Text)}
        hidden -= {text for axes in chart.figure.axes for text in axes.texts}
        boxes = [
            (text.get_text(), text.get_window_extent(renderer).extents)
            for text in chart.figure.findobj(Text)
            if text.get_text() and text.get_visible() and text not in hidden
        ]
    for text, box in boxes:
        assert box[0] >= -1, text
        assert box[2] <= charts.WIDTH + 1, text
        assert -1 <= box[1] < box[3] <= chart.figure.bbox.height + 1, text
    for (a, of_a), (b, of_b) in combinations(boxes, 2):
        assert _apart(of_a, of_b), (a, b)
    for bar in [
        bar.extents for colour in (svg.ACCENT, svg.STRONG, svg.SOFT, svg.PAPER) for bar in _bars(chart, colour)
    ]:
        for text, box in boxes:
            assert bar[0] == bar[2] or bar[1] == bar[3] or _apart(bar, box), (bar, text)


@EVERY_CHART
def test_the_same_data_give_the_same_bytes_without_a_warning(draw) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert draw().html == draw().html


@EVERY_CHART
def test_a_chart_is_a_figure_whose_picture_has_a_finding_in_words(draw) -> None:
    chart = draw()
    tags = _Tags(chart.html).tags
    assert [tag for tag, _ in tags if tag in ("figure", "figcaption", "div", "svg")] == [
        "figure", *["figcaption"] * bool(chart.title), "div", "svg",
    ]  # fmt: skip
    picture = next(attributes for tag, attributes in tags if tag == "div")
    assert (picture["role"], picture["aria-label"]) == ("img", chart.alt)
    assert len(chart.alt) <= svg.MOST
    assert not re.search(r"\b(nan|None|NaT)\b", f"{chart.title} {chart.alt} {' '.join(_texts(chart))}")
    drawn = {"figure", "figcaption", "div", "svg", "g", "path", "use", "defs", "text", "clippath", "rect", "pattern"}
    assert not {tag for tag, _ in tags} - drawn
    assert not any(name.startswith("on") for _, attributes in tags for name in attributes)
    assert "http" not in re.sub(f">[^<]*<|xmlns=[^ >]*|{re.escape(escape(chart.alt))}", "><", chart.html)


@EVERY_CHART
def test_every_reference_inside_a_chart_is_to_itself(draw) -> None:
    html = draw().html
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'(?:href="|url\()#([^")]+)', html)) == set(ids)


def test_what_charts_of_one_page_call_the_same_is_the_same() -> None:
    shape = r'<(\w+) [^>]*id="([^"]+)".*?</\1>|<\w+ [^>]*id="([^"]+)"[^>]*/>'
    shapes = {(m[2] or m[3], m[0]) for draw in CHARTS.values() for m in re.finditer(shape, draw().html, re.DOTALL)}
    assert len(shapes) == len({name for name, _ in shapes})


def test_a_chart_shows_itself_to_a_page_to_a_notebook_and_in_words() -> None:
    one = charts.months(hours())
    bundle = one._repr_mimebundle_()
    assert bundle["application/vnd.bwk+html"] == one.html
    assert one.html in bundle["text/html"]
    assert bundle["text/plain"] == f"{one.title}. {one.alt}"
    assert repr(charts.dots(card())).startswith("Afspraken gehaald")


@pytest.mark.parametrize("letters", range(150, 260, 7))
def test_what_a_chart_is_about_is_cut_off_before_where_its_figures_are(letters: int) -> None:
    alt = svg.chart_of(Figure(), "", "a" * letters, charts.BELOW).alt
    assert len(alt) <= svg.MOST
    assert alt.endswith(charts.BELOW)
    assert ("…" in alt) == (letters + len(charts.BELOW) >= svg.MOST)


REFUSED: dict[str, Callable[[Any], charts.Chart]] = {
    "dots": charts.dots,
    "balance": charts.balance,
    "paid": lambda frame: charts.paid(frame, "Fonds"),
    "intervals": charts.intervals,
    "lines": charts.lines,
    "months": charts.months,
    "bars": lambda frame: charts.bars(frame, "room", "persons"),
}


@pytest.mark.parametrize("draw", REFUSED.values(), ids=REFUSED)
def test_a_frame_that_was_not_shown_is_refused(draw) -> None:
    with pytest.raises(TypeError, match=re.escape("geef een getoond frame: show(frame, data, edition)")):
        draw(madeup.scorecard())


def test_a_column_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(ValueError, match="kolom 'personen' staat niet in het frame; er staan: room, stage, persons"):
        charts.bars(persons(madeup.referrals()), "stage", "personen")


def test_the_style_of_an_analysts_own_figures_does_not_change_a_chart() -> None:
    draws = [CHARTS["lines"], CHARTS["dots"]]
    before = [draw().html for draw in draws]
    with plt.style.context(["dark_background", "ggplot"]):
        assert [draw().html for draw in draws] == before


def test_an_analyst_goes_on_with_a_figure_of_his_own_numbers() -> None:
    figure = charts.bars(persons(madeup.referrals(["Noord"])), "stage", "persons").figure
    assert figure.axes[0].get_xlim() == (0, pytest.approx(44, rel=0.01))
    figure = charts.lines(weekly(), {"Zuiderhuis": 400.0}).figure
    assert [axes.get_ylim() for axes in figure.axes] == [(0, 420)] * 3
    assert [len(axes.patches) for axes in charts.months(hours()).figure.axes] == [8] * 3


@pytest.mark.parametrize("draw", [lambda rooms: charts.dots(card(rooms)), lambda rooms: charts.lines(weekly(rooms))])
def test_names_of_sixty_characters_are_shown_whole(draw) -> None:
    chart = draw([madeup.LONG])
    assert madeup.LONG in " ".join(_texts(chart))
    assert chart.figure.bbox.height >= draw(["Enige"]).figure.bbox.height + charts.STEP


# --- what each of them tells ----------------------------------------------------------------------------------------


def test_there_is_a_sign_for_every_target_of_a_room_and_none_for_the_total() -> None:
    frame = madeup.scorecard().assign(interim_target=None)
    frame.loc[frame["indicator"].eq("I1"), ["target", "status"]] = [None, "geen streefwaarde"]
    chart = charts.dots(shown(frame))
    assert sum(len(line.get_xdata()) for line in chart.figure.axes[0].lines) == 6 * len(madeup.ROOMS)
    met = frame[frame["status"].eq("gehaald")].groupby("room").size()
    assert (
        chart.alt
        == f"Afspraken gehaald: {', '.join(f'{room} {met[room]} van 6' for room in madeup.ROOMS)}. {charts.BELOW}"
    )
    assert f"{met['Zuiderhuis']} gehaald van 6" in _texts(chart)


def test_while_a_course_runs_a_room_is_late_and_has_not_failed() -> None:
    due = [Span(10.0, 10.0)] * 4
    frame = madeup.scorecard().query("indicator == 'P4'").assign(interim_target=due, value=12.0)
    behind, met = (charts.dots(shown(frame.assign(status=status))) for status in ("achter", "gehaald"))
    assert "0 gehaald van 1" in _texts(behind)
    assert "1 op schema van 1" in _texts(met)
    assert "gehaald: Kamer Noord 0 van 1" in met.alt


def test_a_balance_is_three_bars_on_one_scale_and_what_is_still_to_come_is_hatched() -> None:
    chart = charts.balance(money(due=7_000.0))
    (came,), (spent,), (due,) = (_lengths(chart, colour) for colour in (svg.ACCENT, svg.STRONG, svg.PAPER))
    assert (came / spent, due / spent) == (pytest.approx(18 / 20), pytest.approx(7 / 20))
    euros = "Afgesproken € 25.000; Ontvangen € 18.000, nog te ontvangen € 7.000; Uitgegeven € 20.000."
    assert chart.alt == f"{euros} {charts.BESIDE}".replace("€ ", "€\N{NO-BREAK SPACE}")
    assert "nog te ontvangen" not in charts.balance(money()).alt


def test_of_a_funder_only_the_rooms_it_agreed_something_for_or_paid() -> None:
    finance = money(item="Fonds")
    other = shown(finance.frame.assign(value=0.0, room="Elders"))
    chart = charts.paid(replace(finance, frame=pd.concat([finance.frame, other.frame])), "Fonds")
    assert [room for room in ("Elders", "Totaal", *madeup.ROOMS) if room in _texts(chart)] == madeup.ROOMS
    came = finance.where(lambda frame: frame["kind"] == "funding_realised")
    assert "niets afgesproken" in charts.paid(came, "Fonds").alt


def test_a_share_of_a_survey_is_a_dot_with_its_margin_beside_the_target() -> None:
    chart = charts.intervals(card())
    assert chart.alt.startswith("Vertrouwen in eigen kunnen 63% (marge 53–73%); Minder overlast")
    assert {"0%", "50%", "100%"} <= set(_texts(chart))
    assert madeup.LONG not in " ".join(_texts(chart))  # a count has no margin


# --- a range never looks exact --------------------------------------------------------------------------------------


def test_a_range_is_a_bar_to_its_low_end_and_a_paler_one_up_to_its_high() -> None:
    frame = pd.DataFrame({"day": ["ma", "di", "wo"], "rows": [Span(10, 14), Span(20, 20), None]})
    chart = charts.bars(shown(frame, rows="rows"), "day", "rows")
    monday, tuesday = _lengths(chart, svg.ACCENT)  # what is not told has no bar, but its words
    assert monday == pytest.approx(tuesday / 2)
    assert _lengths(chart, svg.SOFT) == [pytest.approx(tuesday / 5)]
    assert _texts(chart) == ["ma", "10–14", "di", "20", "wo", "niet getoond"]


def test_few_rows_in_a_group_are_all_told_in_the_title() -> None:
    chart = charts.bars(persons(madeup.referrals(["Noord", "Totaal"])), "stage", "persons", group="room")
    assert chart.title == "Totaal: aangemeld 40–44, doet mee 25–29 en gestopt 5–9"
    assert chart.alt == f"{chart.title}. {charts.BESIDE}"


@settings(deadline=None, max_examples=25)
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


def test_a_line_tells_the_last_week_that_is_told_beside_the_target_of_the_year() -> None:
    weeks = [pd.Timestamp("2021-06-25"), pd.Timestamp("2021-07-02"), pd.Timestamp("2021-07-09")]
    frame = pd.DataFrame({"room": "Enige", "week": weeks, "persons": [Span(0, 0), Span(60, 64), None]})
    chart = charts.lines(shown(frame, persons="persons"), {"Enige": 100.0})
    assert chart.alt == "Enige 60–64 deelnemers van 100."
    assert charts.lines(shown(frame.assign(persons=None), persons="persons")).alt == "Enige niet getoond."


def test_a_week_that_is_not_told_breaks_the_line_and_its_band() -> None:
    frame = weekly(["Enige"], 7).frame
    broken = frame.assign(persons=[cell if i != 3 else None for i, cell in enumerate(frame["persons"])])
    whole, gap = (charts.lines(shown(f, persons="persons")).html for f in (frame, broken))
    for shape in (r'd="([^"]+)"[^>]*stroke: var\(--accent[^>]*stroke-width: 2', r'<path[^>]* d="([^"]+)z'):
        assert "".join(re.findall(shape, gap)).count("M") == "".join(re.findall(shape, whole)).count("M") + 1


def test_a_month_that_is_not_told_has_a_question_mark_and_one_without_rows_no_column() -> None:
    months = pd.date_range("2021-01-01", periods=3, freq="MS")
    frame = pd.DataFrame({"room": "Enige", "month": months, "rows": [Span(0, 0), None, Span(10, 14)]})
    chart = charts.months(shown(frame, rows="rows"), "rows")
    assert chart.alt == "Enige rijen: niet getoond."
    assert [text for text in _texts(chart) if re.search(r"[\d?]", text)] == ["?", "10–14", "0"]


def test_a_figure_that_is_not_told_leaves_no_trace() -> None:
    frame = madeup.scorecard().astype({"value": object, "status": object})
    here = (frame["indicator"] == "P4") & (frame["room"] == "Zuiderhuis")
    frame.loc[here, ["value", "status"]] = [None, UNTOLD]
    other = frame.assign(status=frame["status"].mask(here, "gehaald"))  # a status tells of a figure
    assert charts.dots(shown(frame, PUBLIC)) == charts.dots(shown(other, PUBLIC))
    assert "x" in [line.get_marker() for line in charts.dots(shown(frame, PUBLIC)).figure.axes[0].lines]


def test_a_share_of_answers_is_told_with_of_how_many() -> None:
    chart = survey(shares(["Noord"]))
    assert chart.title == "Ik woon prettiger in de buurt: Noord 55%–62% van 80–84 en Totaal 55%–62% van 80–84"


def test_a_budget_is_told_beside_what_was_spent() -> None:
    chart = budget()
    assert chart.title == "Totaal: € 106.380 besteed".replace("€ ", "€\N{NO-BREAK SPACE}")
    assert "€ 35.460, begroot voor het hele jaar € 100.000" in _texts(chart)


def test_the_title_tells_the_ratios_of_the_whole() -> None:
    assert ratios(madeup.finance()).title == "Totaal: SROI 44% en Overhead 9% van de kosten"


def test_the_title_tells_the_largest_share_and_a_small_one_is_not_nothing() -> None:
    chart = funder_shares(madeup.finance(["Noord"]).replace({"value": {1 / 66: 0.002}}))
    assert chart.title == "Totaal: het meest bij Financier 10, 33% van de euro's"
    assert _texts(chart)[:5] == ["Noord", "Financier 0", "0,4%, afgesproken 0%", "Financier 1", "6%, afgesproken 3%"]


def test_letters_are_left_to_the_browser_and_dollars_and_colours_stay_text() -> None:
    chart = funder_shares(madeup.finance(["$x^2$ \U0001f6d6 中", 'x id="a" #1a6798']))
    assert {"$x^2$ \U0001f6d6 中", 'x id="a" #1a6798'} <= set(_texts(chart))


@pytest.mark.parametrize("draw", EMPTY.values(), ids=EMPTY)
def test_an_empty_frame_gives_a_chart_that_says_so(draw) -> None:
    chart = draw()
    assert re.fullmatch("Er (is|zijn) .*(geen|niets).*", chart.alt)
    assert " ".join(_texts(chart)) == chart.alt


def test_no_chart_changes_the_frame_it_was_given() -> None:
    frame = card().frame
    before = frame.copy(deep=True)
    for draw in (charts.dots, charts.intervals):
        draw(shown(frame))
    pd.testing.assert_frame_equal(frame, before)
