"""Finished pages: what a reader gets, and what may never be published."""

import re

import madeup
import nbformat.v4 as v4
import pytest
import test_charts
import test_tables
from matplotlib.figure import Figure
from nbformat import NotebookNode
from rows import golden_agreement
from shown import shown as told

from bwk_analysis.disclosure import ANALYST
from bwk_analysis.pages import charts, tables
from bwk_analysis.pages import page as pages
from bwk_analysis.pages.block import MIME, Block

NASTY = madeup.NASTY + "{{ 7 * 7 }} **vet** | a |"
METADATA = {
    "title": "Bestuursrapport",
    "subtitle": "Drie kamers",
    "organisation": "Coöperatie van bewoners",
    "period": "1 januari tot en met 30 september 2021",
    "reference_date": "30 september 2021",
    "edition": "openbare uitgave",
    "fictional": True,
    "foot": "Coöperatie van bewoners · Bestuursrapport",
    "links": [{"href": "index.html", "text": "Alle rapporten"}],
}
FINDINGS = '<ul class="findings"><li>Van de streefwaarden is een derde gehaald.</li></ul>'


def code(*outputs: NotebookNode, source: str = "geheim = 1") -> NotebookNode:
    return v4.new_code_cell(source, execution_count=7, outputs=list(outputs))


def shown(html: str) -> NotebookNode:
    """A cell whose output came through `show`."""
    return code(v4.new_output("display_data", {MIME: html, "text/html": "niet dit", "text/plain": "noch dit"}))


def notebook(*cells: NotebookNode) -> NotebookNode:
    return v4.new_notebook(cells=list(cells))


def page(*cells: NotebookNode, **about: object) -> str:
    return pages.page_html(notebook(*cells), METADATA | about)


def block(made: Block) -> NotebookNode:
    return code(v4.new_output("execute_result", made._repr_mimebundle_()))


def handed_over() -> charts.Chart:
    frame = told(madeup.hours().groupby("room", as_index=False)["hours"].sum())
    figure = Figure()
    figure.subplots().bar(frame.low["room"], frame.low["hours"])
    return charts.hand_over(figure, [frame], "Uren per kamer", "Staven per kamer")


def report() -> str:
    """A whole report of the made-up frames."""
    card, finance = told(madeup.scorecard()), told(madeup.finance())
    agreed = golden_agreement()
    return page(
        v4.new_markdown_cell("## Conclusies\n\nWat valt op?"),
        shown(FINDINGS),
        block(charts.dots(card)),
        v4.new_markdown_cell("## Indicatoren & meer\n\n### Per *kamer*\n\n| a | b |\n|---|--:|\n| 1 | `x` |"),
        block(tables.legend(card)),
        block(tables.score(card, agreed)),
        block(tables.score(card, agreed, room="Zuiderhuis")),
        block(tables.score(card, agreed, rooms=["Zuiderhuis"])),
        block(charts.lines(test_charts.weekly(), {"Zuiderhuis": 400.0}, 2021)),
        block(charts.months(told(madeup.hours(), hours="hours"))),
        v4.new_markdown_cell("## Geld"),
        block(tables.budget(finance, {**madeup.GROUPS, "Totaal": "Totaal"})),
        block(test_charts.budget()),
        block(test_charts.ratios(madeup.finance())),
        block(test_charts.funder_shares(madeup.finance())),
        v4.new_markdown_cell("## Gegevens & methode"),
        block(tables.problems(told(madeup.problems(), ANALYST))),
        block(tables.plain(told(madeup.accounting(), ANALYST), "Rijen")),
        block(handed_over()),
    )


def index() -> str:
    pages_ = [{"href": "05_bestuursrapport.html", "title": "Bestuursrapport", "line": "Wat het bestuur leest"}]
    listed = [("Ik zit in het bestuur", "Zonder blad", pages_), ("Ik ben financier", "", [])]
    about = METADATA | {"links": []}
    return pages.index_html(about, listed, [{"href": "../2021Q2/index.html", "text": "tweede kwartaal 2021"}])


def test_a_page_is_dutch_self_contained_and_the_same_each_time() -> None:
    html = report()
    assert html.startswith('<!DOCTYPE html>\n<html lang="nl" style="')
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in html
    assert '<meta name="viewport"' in html
    assert html == report()
    assert pages.gate(html) == []


def test_a_page_says_what_it_is_about_for_when_and_for_whom() -> None:
    html = page()
    assert "<title>Bestuursrapport – Drie kamers – 1 januari tot en met 30 september 2021</title>" in html
    for text in (
        "Coöperatie van bewoners",
        "<h1>Bestuursrapport – Drie kamers</h1>",
        "stand op 30 september 2021",
        "Openbare uitgave",
        "Alle rapporten",
    ):
        assert text in html
    assert "Openbare uitgave" in index()
    assert "<h1>Hoe ging het?</h1>" in page(question="Hoe ging het?")


def test_only_a_fictional_dataset_has_the_banner() -> None:
    assert "deze cijfers zijn verzonnen" in page()
    assert "deze cijfers zijn verzonnen" in index()
    assert "deze cijfers zijn verzonnen" not in page(fictional=False)


def test_headings_make_the_contents_list() -> None:
    html = report()
    listed = re.findall(r'<li><a href="#(deel-\d)">(.*?)</a>', html)
    assert [name for _, name in listed] == ["Conclusies", "Indicatoren &amp; meer", "Geld", "Gegevens &amp; methode"]
    for anchor, name in listed:
        assert f'<h2 id="{anchor}">{name}</h2>' in html
    assert "Inhoud" not in page(v4.new_markdown_cell("## Enige"))
    assert "Inhoud" not in page(*map(v4.new_markdown_cell, ["## Een", "## Twee"]), question="Hoe ging het?")


def test_a_section_is_a_heading_with_what_is_below_it_and_one_with_nothing_to_read_but_its_heading_stays() -> None:
    html = page(
        code(), v4.new_markdown_cell("## Een\n\nVraag"), shown(FINDINGS), v4.new_markdown_cell("## Twee"), code()
    )
    sections = re.findall(r"<section.*?</section>", html, re.DOTALL)
    assert [("Een" in each, "een derde" in each, "Twee" in each) for each in sections] == [
        (True, True, False),
        (False, False, True),
    ]


def test_the_foot_of_a_printed_page_stays_within_its_style() -> None:
    html = page(foot="'; background: url(x) } <b> \\")
    assert pages.gate(html) == []
    assert "--foot: ' background: url\N{WORD JOINER}(x)  b '" in html


def test_of_a_code_cell_a_page_shows_nothing_but_what_came_through_show() -> None:
    html = page(shown(FINDINGS))
    assert "een derde gehaald" in html
    for text in ("geheim", "niet dit", "noch dit", "[7]"):
        assert text not in html


LEFT_OUT = {
    "een tabel die niet door show ging": [
        {"text/html": "<div><style>x</style><table>geheim</table></div>", "text/plain": "geheim"},
        {"text/plain": "0    geheim\nName: n, dtype: int64"},
    ],
    "een figuur die niet met charts.hand_over is overgedragen": [
        {"image/png": "geheim", "text/plain": "<Figure size 640x480 with 1 Axes>"},
        {"text/plain": "<Figure size 640x480 with 1 Axes>"},
        {"image/svg+xml": "<svg>geheim</svg>"},
    ],
    "een waarde": [{"text/plain": "geheim"}],
    "opgemaakte tekst": [
        {"text/html": "<p>geheim</p>", "text/plain": "geheim"},
        {"text/markdown": "geheim"},
        {"text/latex": "geheim"},
        {"application/javascript": "geheim"},
        {"application/vnd.jupyter.widget-view+json": {"model_id": "geheim"}, "text/plain": "geheim"},
        {"text/vnd.mermaid": "geheim"},
    ],
}


@pytest.mark.parametrize(("kind", "data"), [(kind, data) for kind, all_of in LEFT_OUT.items() for data in all_of])
def test_any_other_output_is_left_out_and_told_by_its_cell(kind: str, data: dict[str, object]) -> None:
    cells = (
        v4.new_markdown_cell("## Vraag"),
        shown(FINDINGS),
        code(v4.new_output("display_data", data, metadata={"a": "geheim"})),
    )
    assert "geheim" not in page(*cells)
    assert pages.left_out(notebook(*cells)) == [(3, kind)]


@pytest.mark.parametrize("name", ["stdout", "stderr"])
def test_what_is_printed_is_left_out_and_told_by_its_cell(name: str) -> None:
    cell = code(v4.new_output("stream", name=name, text="pas op"))
    assert "pas op" not in page(cell)
    assert pages.left_out(notebook(cell)) == [(1, "geprinte tekst")]


def test_a_raw_cell_is_left_out() -> None:
    assert "geheim" not in page(v4.new_raw_cell("geheim"))


def test_metadata_and_markdown_stay_text() -> None:
    nasty = dict.fromkeys(["title", "subtitle", "organisation", "period", "reference_date", "edition"], NASTY)
    links = [{"href": 'index.html"><script>', "text": NASTY}]
    html = page(v4.new_markdown_cell("## <img src=x onerror=alert(1)>\n\n<script>\n\n" + NASTY), **nasty, links=links)
    assert pages.gate(html) == ["een adres buiten de pagina"]  # the link's
    assert "<img" not in html
    assert "<script" not in html
    assert "{{ 7 * 7 }}" in html


def test_the_index_links_the_pages_with_a_line_each_and_the_other_periods() -> None:
    assert '<a href="05_bestuursrapport.html">Bestuursrapport</a><span>Wat het bestuur leest</span>' in index()
    assert '<a href="../2021Q2/index.html">tweede kwartaal 2021</a>' in index()
    assert pages.gate(index()) == []
    assert "Ik ben financier" not in index()  # nobody has a page there
    assert "Andere periodes" not in pages.index_html(METADATA, [])


def test_an_error_is_not_printed_and_holds_the_page_back() -> None:
    error = v4.new_output("error", ename="KeyError", evalue="'Jansen'", traceback=["Traceback", "/home/iemand/x.py"])
    html = page(code(error))
    assert "Jansen" not in html
    assert "/home" not in html
    assert pages.gate(html) == ["een onderdeel kon niet worden gemaakt"]


@pytest.mark.parametrize(
    ("fragment", "reason"),
    [
        ("<script>1</script>", "een <script>"),
        ("<SCRIPT src=x.js></SCRIPT>", "een <script>"),
        ("<svg><script>1</script></svg>", "een <script>"),
        ("<img src='data:image/png;base64,x' onerror=alert(1)>", "een attribuut onerror"),
        ("<p OnClick='x'>a</p>", "een attribuut onclick"),
        ("<a href='javascript:alert(1)'>a</a>", "een adres buiten de pagina: javascript:"),
        ("<a href=' java\tscript:alert(1)'>a</a>", "een adres buiten de pagina: javascript:"),
        ("<a href='&#106;avascript:alert(1)'>a</a>", "een adres buiten de pagina: javascript:"),
        ("<a href='https://elders.example'>a</a>", "een adres buiten de pagina: https:"),
        ("<img src='//elders.example/x.png'>", "een adres buiten de pagina"),
        ("<img src='\\\\elders.example\\x.png'>", "een adres buiten de pagina"),
        ("<a href='/etc'>a</a>", "een adres buiten de pagina"),
        ("<img srcset='x.png 1x, http://elders.example/x.png 2x'>", "een adres buiten de pagina"),
        ("<iframe></iframe>", "een <iframe>"),
        ("<link rel=stylesheet href=x.css>", "een <link>"),
        ("<base href='x'>", "een <base>"),
        ("<meta http-equiv='Refresh' content='0'>", "een pagina die zichzelf vervangt"),
        ("<p style='background: url(http://elders.example)'>a</p>", "een adres buiten de pagina: http:"),
        ("<style>@import 'x.css';</style>", "een stijl die iets van elders haalt"),
        ("<style>p { background: url( '//elders.example' ) }</style>", "een adres buiten de pagina"),
        ("<pre>Traceback (most recent call last):</pre>", "een foutmelding van Python"),
        ('<pre>File "x.py", line 3</pre>', "een foutmelding van Python"),
        ("<p>&lt;Axes object at 0x7f00&gt;</p>", "een object van Python in plaats van tekst"),
        ("<p>in /home/iemand/data</p>", "een pad: /home/i…"),
        ("<p title='C:\\Users\\iemand'>a</p>", "een pad: C:\\U…"),
        ("<p>/Users/iemand/data</p>", "een pad: /Users/i…"),
        ("<p>\\\\server\\map</p>", "een pad: \\\\server\\m…"),
        ("<!-- /tmp/x -->", "een pad: /tmp/x…"),
        # what nobody has allowed
        ("<marquee>a</marquee>", "een <marquee>"),
        ("<nieuw-ding></nieuw-ding>", "een <nieuw-ding>"),
        ("<form action='x.html'></form>", "een <form>"),
        ("<svg><foreignObject></foreignObject></svg>", "een <foreignobject>"),
        ("<svg><a><animate attributeName='href' to='x'/></a></svg>", "een <animate>"),
        ("<svg><set attributeName='x'/></svg>", "een <set>"),
        ("<svg><image href='x.png'/></svg>", "een <image>"),
        ("<p nieuw='1'>a</p>", "een attribuut nieuw"),
        ("<a ping='x.html'>a</a>", "een attribuut ping"),
        ("<p autofocus contenteditable>a</p>", "een attribuut autofocus"),
        ("<a href='mailto:iemand@elders.example'>a</a>", "een adres buiten de pagina: mailto:"),
        ("<a href='data:text/html,x'>a</a>", "een adres buiten de pagina: data:"),
        ("<a href='map/x.html'>a</a>", "een adres buiten de pagina"),
        ("<a href='../../x.html'>a</a>", "een adres buiten de pagina"),
        ("<a href='x.csv'>a</a>", "een adres buiten de pagina"),
        ("<svg><use href='x.html#a'/></svg>", "een adres buiten de pagina"),
        ("<img src='data:image/svg+xml;base64,AAAA'>", "een adres buiten de pagina: data:"),
        ("<img src='x.png'>", "een adres buiten de pagina"),
        ("<meta http-equiv='Set-Cookie' content='a=1'>", "een pagina die zichzelf vervangt"),
        ("<p style='background: image-set(\"x.png\" 1x)'>a</p>", "een stijl die iets van elders haalt"),
        ("<svg><rect fill='url(http://elders.example)'/></svg>", "een adres buiten de pagina: http:"),
        # what a browser and this reader might not read alike
        ("<svg><style><img src=x onerror=alert(1)></style></svg>", "een stijl die iets van elders haalt"),
        ("<svg><title><script>1</script></title></svg>", "een <script>"),
        ("<svg><title><p onclick='x'>a</p></title></svg>", "een attribuut onclick"),
        ("<!--><script>1</script>-->", "een <!-->"),
        ("<?php x ?>", "een <?php>"),
        ("<![CDATA[x]]>", "een <![cdata[x]]>"),
    ],
)
def test_the_gate_holds_back(fragment: str, reason: str) -> None:
    page = index().replace("</main>", f"{fragment}</main>")
    assert any(found.startswith(reason) for found in pages.gate(page))


@pytest.mark.parametrize(
    "fragment",
    [
        "<a href='kamer-noord.html'>a</a>",
        "<a href='../2021Q2/index.html#deel-1'>a</a>",
        "<p>&lt;script&gt; en onclick= en javascript: als tekst</p>",
        "<p>begroting en/of kosten, 24/7, ja/nee, w/v</p>",
        "<p>&lt;img onerror=x&gt; 3 &lt; 4 en a &gt; b</p>",
        "<p style='color: var(--ink); width: calc(100% - 2px)'>a</p>",
        "<img alt='x' src='data:image/png;base64,AAAA'>",
        "<p>Zie http://elders.example</p>",
        "<p title='een curl van 3 &lt; 4'>a</p>",
    ],
)
def test_the_gate_lets_ordinary_text_and_links_through(fragment: str) -> None:
    assert pages.gate(index().replace("</main>", f"{fragment}</main>")) == []


@pytest.mark.parametrize("name", [*test_tables.BLOCKS, *test_charts.CHARTS])
def test_every_table_and_chart_may_stand_on_a_page_whatever_the_rooms_write(name: str) -> None:
    html = page(block((test_tables.BLOCKS | test_charts.CHARTS)[name]()))
    assert pages.gate(html) == []
    assert "<script" not in html
    assert '<a href="http' not in html
