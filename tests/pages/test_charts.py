"""Charts: the same bytes, readable at any data, and silent about what is hidden."""

import re
import warnings
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import combinations

import madeup
import pandas as pd
import pytest

from bwk_analysis.pages import charts, drawing

NAN = float("nan")
SIX = [f"Buurtwerkkamer {letter} aan het lange plein" for letter in "ABCDEF"]
THIRTY = madeup.scorecard(SIX, madeup.many_indicators())

CHARTS: dict[str, Callable[[], charts.Chart]] = {
    "overview": lambda: charts.scorecard_overview(madeup.scorecard()),
    "overview, thirty indicators in six rooms": lambda: charts.scorecard_overview(THIRTY),
    "overview, one room": lambda: charts.scorecard_overview(madeup.scorecard(["Enige"])),
    "realised": lambda: charts.realised_against_target(madeup.scorecard(), "Zuiderhuis"),
    "realised, thirty indicators": lambda: charts.realised_against_target(THIRTY, SIX[0]),
    "realised, nasty names": lambda: charts.realised_against_target(madeup.scorecard().assign(name=madeup.NASTY)),
    "realised, no data": lambda: charts.realised_against_target(
        madeup.scorecard().assign(value=None, lower=NAN, status="geen gegevens")
    ),
    "indicator": lambda: charts.indicator_by_room(madeup.scorecard(), "P4"),
    "indicator with interval in six rooms": lambda: charts.indicator_by_room(madeup.scorecard(SIX), "I1"),
    "weekly": lambda: charts.weekly_participants(madeup.weekly(), {"Zuiderhuis": 400.0}, 2021),
    "weekly, one week": lambda: charts.weekly_participants(madeup.weekly(["Enige"], 1), {"Enige": 2.0}, 2021),
    "weekly, six rooms": lambda: charts.weekly_participants(madeup.weekly(SIX), {SIX[0]: 500.0}, 2021),
    "hours": lambda: charts.volunteer_hours(madeup.hours()),
    "hours, large": lambda: charts.volunteer_hours(madeup.hours(SIX, 123456.0)),
    "hours, zeros": lambda: charts.volunteer_hours(madeup.hours().assign(hours=0.0)),
    "survey": lambda: charts.survey_shares(madeup.answer_shares(SIX), {"vertrouwen": 0.5}),
    "answers": lambda: charts.survey_answers(madeup.answers()),
    "budget": lambda: charts.budget_against_realised(madeup.finance(), madeup.GROUPS),
    "budget, negative": lambda: charts.budget_against_realised(
        madeup.finance().assign(value=lambda f: -f["value"]), madeup.GROUPS
    ),
    "ratios": lambda: charts.ratios(madeup.finance([madeup.NASTY])),
    "shares of eleven funders": lambda: charts.funder_shares(madeup.finance()),
    "funnel": lambda: charts.referral_funnel(madeup.referrals(SIX)),
    "funnel, zeros": lambda: charts.referral_funnel(madeup.referrals().assign(persons=0.0)),
    "registrations": lambda: charts.registrations(madeup.registrations()),
    "registrations, millions in six rooms": lambda: charts.registrations(
        madeup.registrations(SIX).assign(rows=lambda f: f["rows"] * 10_000)
    ),
}
EVERY_CHART = pytest.mark.parametrize("draw", CHARTS.values(), ids=CHARTS)


@pytest.fixture
def sheet(monkeypatch: pytest.MonkeyPatch) -> drawing.Drawing:
    """The texts and bars of the chart that is drawn last, in their places."""
    last = drawing.Drawing()
    finish = drawing.Drawing.chart

    def chart(self: drawing.Drawing, title: str, alt: str) -> drawing.Chart:
        last.texts, last.bars = self.texts, self.bars
        return finish(self, title, alt)

    monkeypatch.setattr(drawing.Drawing, "chart", chart)
    return last


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


@EVERY_CHART
def test_no_text_overlaps_another_or_a_bar_or_leaves_the_chart(draw, sheet) -> None:
    draw()
    boxes = {}
    for text in sheet.texts:
        box = (text.left, text.top, text.left + text.width, text.top + text.size * drawing.LINE)
        assert box[0] >= 0, text
        assert box[2] <= drawing.WIDTH + 0.5, text
        if not text.over:
            boxes[text] = box
    for a, b in combinations(boxes, 2):
        assert _apart(boxes[a], boxes[b]), (a, b)
    # the cells of a heat table (PALE, GRID) are meant to have a number on them
    bars = [
        corners for style, bars in sheet.bars.items() for corners in bars if style[0] in (drawing.TRACK, drawing.MAIN)
    ]
    for corners in bars:
        for text, box in boxes.items():
            assert _apart((*corners[0], *corners[2]), box), (corners, text)


@EVERY_CHART
def test_the_same_data_give_the_same_bytes_without_a_warning(draw) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert draw()._repr_html_() == draw()._repr_html_()


@EVERY_CHART
def test_a_chart_is_a_figure_with_a_title_and_its_words(draw) -> None:
    chart = draw()
    tags = _Tags(chart._repr_html_()).tags
    assert [tag for tag, _ in tags[:3]] == ["figure", "figcaption", "svg"]
    assert tags[2][1]["role"] == "img"
    assert tags[2][1]["aria-label"] == f"{chart.title}. {chart.alt}"
    assert not {tag for tag, _ in tags} - {"figure", "figcaption", "svg", "g", "path", "use", "defs"}
    assert not any(name.startswith("on") for _, attributes in tags for name in attributes)
    assert "http" not in chart.svg.replace(chart.svg[chart.svg.index("aria-label") : chart.svg.index('style="max')], "")


@EVERY_CHART
def test_every_reference_inside_a_chart_is_to_itself(draw) -> None:
    svg = draw().svg
    ids = re.findall(r' id="([^"]+)"', svg)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', svg)) == set(ids)


def test_ids_of_different_charts_never_collide() -> None:
    ids = [set(re.findall(r' id="([^"]+)"', draw().svg)) for draw in CHARTS.values()]
    assert not any(a & b for a, b in combinations(ids, 2))


def test_names_of_sixty_characters_are_shown_whole(sheet) -> None:
    name = madeup.LONG[:60]
    frame = madeup.scorecard().query("indicator == 'O5'").assign(name=name)
    charts.realised_against_target(frame)
    assert " ".join(text.line for text in sheet.texts).count(name.split()[-1]) == 1
    assert not any(text.line.endswith("…") for text in sheet.texts)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (63.0, "Taal: 63 personen, 13 boven de tussentijdse streefwaarde"),
        (50.0, "Taal: 50 personen, gelijk aan de tussentijdse streefwaarde"),
        (37.0, "Taal: 37 personen, 13 onder de tussentijdse streefwaarde"),
        (0.0, "Taal: 0 personen, 50 onder de tussentijdse streefwaarde"),
        (NAN, "Taal: geen gegevens"),
    ],
)
def test_the_title_states_the_finding(value: float, expected: str) -> None:
    frame = madeup.scorecard().assign(value=value, interim_target=50.0)
    assert charts.indicator_by_room(frame, "P4").title == expected


def test_the_alt_text_has_the_values() -> None:
    frame = madeup.scorecard().query("indicator == 'P4'")
    alt = charts.indicator_by_room(frame, "P4").alt
    for row in frame.itertuples():
        assert f"{row.room}: {row.value:.0f} [38], {row.status}" in alt


HIDES: dict[str, Callable[[float], charts.Chart]] = {
    "realised": lambda v: charts.realised_against_target(_hidden(v), "Zuiderhuis"),
    "indicator": lambda v: charts.indicator_by_room(_hidden(v), "P4"),
    "overview": lambda v: charts.scorecard_overview(_hidden(v)),
    "survey": lambda v: charts.survey_shares(
        madeup.answer_shares().assign(share=v / 9, lower=v / 20, upper=v / 4, n=v, hidden="<10")
    ),
}


def _hidden(value: float) -> pd.DataFrame:
    frame = madeup.scorecard()
    frame.loc[(frame["indicator"] == "P4") & (frame["room"] == "Zuiderhuis"), "value"] = value
    return madeup.hidden(frame, "P4", "Zuiderhuis")


@pytest.mark.parametrize("draw", HIDES.values(), ids=HIDES)
def test_a_hidden_figure_leaves_no_trace_in_bytes_title_or_words(draw) -> None:
    # whatever the value is, the chart is the same one: nothing can be derived from it
    assert draw(1.0)._repr_html_() == draw(4.0)._repr_html_()


def test_a_hidden_week_breaks_the_line_instead_of_bridging_it() -> None:
    weekly = madeup.weekly(["Enige"], 5)
    weekly.loc[2, "persons"] = NAN
    whole, broken = (charts.weekly_participants(f, {}, 2021).svg for f in (madeup.weekly(["Enige"], 5), weekly))
    line = re.compile(r'<path d="([^"]+)"[^>]*var\(--chart-main')
    assert line.findall(whole)[0].count("M") == 1
    assert line.findall(broken)[0].count("M") == 2


def test_a_month_without_rows_is_outlined_and_counted() -> None:
    chart = charts.registrations(madeup.registrations(["Enige"]))
    assert chart.title == "Registraties: 3 keer een maand zonder rijen"
    assert "Klussen, Enige: 9.900, niets in januari 2021" in chart.alt


def test_letters_without_a_shape_become_a_box_and_dollars_stay_text(sheet) -> None:
    charts.funder_shares(madeup.finance(["$x^2$ \U0001f6d6 \U0001fae0 中"]))
    assert "$x^2$ □ □ □" in [text.line for text in sheet.texts]


@pytest.mark.parametrize(
    "draw",
    [
        lambda: charts.scorecard_overview(madeup.scorecard().iloc[:0]),
        lambda: charts.realised_against_target(madeup.scorecard(), "Bestaat niet"),
        lambda: charts.indicator_by_room(madeup.scorecard(), "Z9"),
        lambda: charts.weekly_participants(madeup.weekly([]), {}, 2021),
        lambda: charts.volunteer_hours(madeup.hours([])),
        lambda: charts.survey_shares(madeup.answer_shares().iloc[:0]),
        lambda: charts.survey_answers(madeup.answers().iloc[:0]),
        lambda: charts.budget_against_realised(madeup.finance(), {}),
        lambda: charts.ratios(madeup.finance().iloc[:0]),
        lambda: charts.funder_shares(madeup.finance().iloc[:0]),
        lambda: charts.referral_funnel(madeup.referrals([])),
        lambda: charts.registrations(madeup.registrations([])),
    ],
)
def test_an_empty_frame_gives_a_chart_that_says_so(draw) -> None:
    assert draw().alt == "Er zijn geen gegevens om te tekenen."


def test_no_chart_changes_the_frame_it_was_given() -> None:
    frame = madeup.scorecard()
    before = frame.copy(deep=True)
    for draw in (charts.scorecard_overview, charts.realised_against_target):
        draw(frame)
    pd.testing.assert_frame_equal(frame, before)
