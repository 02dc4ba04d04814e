"""Finished pages: what a reader gets, and what may never be published."""

import html as html_module
import re

import madeup
import nbformat.v4 as v4
import pytest
from nbformat import NotebookNode

from bwk_analysis.pages import charts, tables
from bwk_analysis.pages import page as pages

METADATA = {
    "title": "Bestuursrapport",
    "subtitle": "Drie kamers",
    "organisation": "Coöperatie van bewoners",
    "period": "1 januari tot en met 30 september 2021",
    "reference_date": "30 september 2021",
    "fictional": True,
    "links": [{"href": "index.html", "text": "Alle rapporten"}],
}


def code(*outputs: NotebookNode, source: str = "geheim = 1") -> NotebookNode:
    return v4.new_code_cell(source, execution_count=7, outputs=list(outputs))


def shown(block: charts.Chart | tables.Block) -> NotebookNode:
    return code(v4.new_output("execute_result", {"text/html": block._repr_html_(), "text/plain": "niet dit"}))


def notebook(*cells: NotebookNode, **metadata: object) -> NotebookNode:
    made = v4.new_notebook(cells=list(cells))
    made.metadata["bwk"] = {**METADATA, **metadata}
    return made


def report() -> NotebookNode:
    """A whole report of the made-up frames."""
    scorecard, finance = madeup.hidden(madeup.scorecard(), "P4", "Zuiderhuis"), madeup.finance()
    side = charts.SideBySide(
        [charts.scorecard_overview(scorecard), charts.realised_against_target(scorecard, "Zuiderhuis")]
    )
    return notebook(
        v4.new_markdown_cell("## Conclusies\n\nWat valt op?"),
        shown(tables.sentences(["Van de streefwaarden is een derde gehaald."])),
        shown(tables.cards([("Unieke deelnemers", "1.234", "streefwaarde nu 1.047", "gehaald"), ("Besteed", "75%")])),
        shown(tables.status_counts(scorecard)),
        v4.new_markdown_cell("## Indicatoren\n\n### Per kamer"),
        shown(tables.legend()),
        shown(tables.scorecard_by_room(scorecard.assign(explanation="Gesloten in de zomer."))),
        shown(tables.scorecard_of_room(scorecard, "Zuiderhuis")),
        shown(side),
        shown(charts.indicator_by_room(scorecard, "I1")),
        shown(charts.weekly_participants(madeup.weekly(), {"Zuiderhuis": 400.0}, 2021)),
        shown(charts.volunteer_hours(madeup.hours())),
        shown(charts.survey_shares(madeup.answer_shares(), {"vertrouwen": 0.5})),
        shown(charts.survey_answers(madeup.answers())),
        shown(charts.referral_funnel(madeup.referrals())),
        v4.new_markdown_cell("## Geld"),
        shown(tables.budget_against_realised(finance, {**madeup.GROUPS, "Totaal": "Totaal"})),
        shown(tables.ratios(finance)),
        shown(tables.funder_shares(finance)),
        shown(charts.budget_against_realised(finance, madeup.GROUPS)),
        shown(charts.ratios(finance)),
        shown(charts.funder_shares(finance)),
        v4.new_markdown_cell("## Gegevens & methode"),
        shown(tables.problems(madeup.problems())),
        shown(tables.accounting(madeup.accounting())),
        shown(tables.agreement_check(madeup.printed_totals())),
        shown(charts.registrations(madeup.registrations())),
        shown(tables.definitions(scorecard)),
    )


def index() -> str:
    listed = [{"href": "05_bestuursrapport.html", "title": "Bestuursrapport", "line": "Wat het bestuur leest"}]
    return pages.index_html(METADATA, listed, [{"href": "../2021Q2/index.html", "text": "tweede kwartaal 2021"}])


def test_a_page_is_dutch_self_contained_and_the_same_each_time() -> None:
    html = pages.page_html(report())
    assert html.startswith('<!DOCTYPE html>\n<html lang="nl">')
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in html
    assert '<meta name="viewport"' in html
    assert html == pages.page_html(report())
    assert pages.gate(html) == []
    assert len(html.encode()) < 1_500_000


def test_a_page_says_what_it_is_about_and_for_when() -> None:
    html = pages.page_html(notebook())
    assert "<title>Bestuursrapport – Drie kamers – 1 januari tot en met 30 september 2021</title>" in html
    for text in (
        "Coöperatie van bewoners",
        "<h1>Bestuursrapport</h1>",
        "Peildatum 30 september 2021",
        "Alle rapporten",
    ):
        assert text in html


def test_only_a_fictional_dataset_has_the_banner() -> None:
    assert "Fictieve gegevens:" in pages.page_html(notebook())
    assert "Fictieve gegevens:" in index()
    assert "Fictieve gegevens:" not in pages.page_html(notebook(fictional=False))


def test_headings_make_the_contents_list() -> None:
    html = pages.page_html(report())
    listed = re.findall(r'<li><a href="#(deel-\d)">(.*?)</a>', html)
    assert [name for _, name in listed] == ["Conclusies", "Indicatoren", "Geld", "Gegevens &amp; methode"]
    for anchor, name in listed:
        assert f'<h2 id="{anchor}">{name}</h2>' in html
    assert "Inhoud" not in pages.page_html(notebook(v4.new_markdown_cell("## Enige")))


def test_code_prompts_and_plain_text_beside_html_are_left_out() -> None:
    html = pages.page_html(notebook(shown(tables.sentences(["Bevinding"]))))
    assert "Bevinding" in html
    for text in ("geheim", "niet dit", "[7]"):
        assert text not in html


def test_printed_and_plain_text_is_escaped() -> None:
    plain = v4.new_output("execute_result", {"text/plain": madeup.NASTY})
    printed = v4.new_output("stream", name="stdout", text=madeup.NASTY)
    html = pages.page_html(notebook(code(plain, printed)))
    assert html.count("&lt;script&gt;alert(1)") == 2
    assert pages.gate(html) == []


def test_warnings_on_stderr_are_not_for_readers() -> None:
    assert "pas op" not in pages.page_html(notebook(code(v4.new_output("stream", name="stderr", text="pas op"))))


def test_metadata_and_markdown_stay_text() -> None:
    nasty = dict.fromkeys(["title", "subtitle", "organisation", "period", "reference_date"], madeup.NASTY)
    links = [{"href": 'index.html"><script>', "text": madeup.NASTY}]
    html = pages.page_html(
        notebook(v4.new_markdown_cell("## <img src=x onerror=alert(1)>\n\n<script>"), **nasty, links=links)
    )
    assert pages.gate(html) == []
    assert "<img" not in html


def test_the_index_links_the_pages_with_a_line_each_and_the_other_periods() -> None:
    assert '<a href="05_bestuursrapport.html">Bestuursrapport</a> <span>Wat het bestuur leest</span>' in index()
    assert '<a href="../2021Q2/index.html">tweede kwartaal 2021</a>' in index()
    assert pages.gate(index()) == []
    assert "Andere periodes" not in pages.index_html(METADATA, [])


def test_an_error_is_not_printed_and_holds_the_page_back() -> None:
    error = v4.new_output("error", ename="KeyError", evalue="'Jansen'", traceback=["Traceback", "/home/iemand/x.py"])
    html = pages.page_html(notebook(code(error)))
    assert "Jansen" not in html
    assert "/home" not in html
    assert pages.gate(html) == ["een onderdeel kon niet worden gemaakt"]


def holds_personal_value(text: str) -> bool:
    return any(
        value in text.casefold().split(" ") or f"{value} " in f"{text.casefold()} "
        for value in ("piet jansen", "06-12345678")
    )


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
        ("<p>De heer <b>Piet</b> JANSEN belde</p>", "een persoonlijk gegeven uit de invoer"),
        ("<svg aria-label='Piet&nbsp;Jansen'></svg>", "een persoonlijk gegeven uit de invoer"),
        ("<details><summary>x</summary>06-12345678</details>", "een persoonlijk gegeven uit de invoer"),
    ],
)
def test_the_gate_holds_back(fragment: str, reason: str) -> None:
    page = index().replace("</main>", f"{fragment}</main>")
    assert any(found.startswith(reason) for found in pages.gate(page, holds_personal_value))


@pytest.mark.parametrize(
    "fragment",
    [
        "<a href='kamer-noord.html'>a</a>",
        "<a href='../2021Q2/index.html#deel-1'>a</a>",
        "<p>&lt;script&gt; en onclick= en javascript: als tekst</p>",
        "<p>begroting en/of kosten, 24/7, ja/nee, w/v</p>",
        "<p>Pieter Jansens en Jansen Piet</p>",
        "<img alt='x' src='data:image/png;base64,AAAA'>",
        "<p>Zie http://elders.example</p>",
    ],
)
def test_the_gate_lets_ordinary_text_and_links_through(fragment: str) -> None:
    assert pages.gate(index().replace("</main>", f"{fragment}</main>"), holds_personal_value) == []


def test_the_gate_never_repeats_a_personal_value() -> None:
    page = index().replace("</main>", "<p>Piet Jansen</p></main>")
    assert "Jansen" not in " ".join(pages.gate(page, holds_personal_value))


def test_no_text_of_a_workbook_gets_out_of_its_place_on_a_page() -> None:
    nasty = madeup.scorecard([madeup.NASTY]).assign(name=madeup.NASTY, definition=madeup.NASTY, hidden=madeup.NASTY)
    html = pages.page_html(
        notebook(
            shown(charts.scorecard_overview(nasty)),
            shown(charts.realised_against_target(nasty, madeup.NASTY)),
            shown(tables.scorecard_by_room(nasty, madeup.NASTY)),
        )
    )
    assert pages.gate(html) == []
    assert html_module.escape(madeup.NASTY) in html
    assert "<script" not in html
    assert "<img" not in html
    assert '<a href="http' not in html
