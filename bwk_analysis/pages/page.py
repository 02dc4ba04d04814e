"""Executed notebooks and the list of a set's pages as HTML: one file each, no script, nothing from elsewhere.

A page holds a notebook's markdown and its outputs of one type, which only what is made of shown frames has. `gate`
reads a finished page and says why it may not be published.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from html.parser import HTMLParser
from itertools import takewhile
from typing import Any, NamedTuple

import mistune
from markupsafe import Markup
from nbconvert.exporters import TemplateExporter
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from bwk_analysis.pages.block import MIME, TEMPLATES, template

_MAY = tomllib.loads((TEMPLATES / "gate.toml").read_text(encoding="utf-8"))  # patterns
_MARKUP = re.compile(rf"(?ix) < (?! !DOCTYPE\ html> | !--[^<>-]*--> | /?({_MAY['tags']})[\s/>] ) [^\s>]*")


def warm() -> None:
    """Have the exporter ready, before processes are copied from this one."""
    _exporter().from_notebook_node(new_notebook())


def page_html(notebook: NotebookNode, about: Mapping[str, Any]) -> str:
    """An executed notebook as a page for readers; its `##` headings make the contents list.

    about : title, subtitle, question, organisation, period, reference_date, edition and foot (texts as shown),
    fictional (bool) and links (a list of href and text).
    """
    answered = _answered(notebook)
    headings = [section.title for section in _sections(answered) if section.title]
    body = _exporter().from_notebook_node(answered)[0]
    return template("page.html.j2").render(meta=about, body=Markup(body), headings=headings)


class Section(NamedTuple):
    """A `##` heading of a notebook, with its number, and the cells below it."""

    number: int
    title: str
    cells: list[NotebookNode]


def _sections(notebook: NotebookNode) -> list[Section]:
    found = [Section(0, "", [])]
    for cell in notebook.cells:
        first, _, rest = cell.source.partition("\n") if cell.cell_type == "markdown" else ("", "", "")
        if first.startswith("## "):
            found.append(Section(len(found), first.removeprefix("## ").strip(), []))
            cell = NotebookNode(cell | {"source": rest})
        found[-1].cells.append(cell)
    return [section for section in found if section.title or any(map(_is_read, section.cells))]


def _is_read(cell: NotebookNode) -> bool:
    return any(map(_on_page, cell.get("outputs", []))) if cell.cell_type == "code" else bool(cell.source.strip())


def _answered(notebook: NotebookNode) -> NotebookNode:
    """The notebook without the questions that only JupyterLab has an answer to; their headings stay."""
    cells = list(notebook.cells)
    for at, cell in enumerate(cells):
        after = takewhile(lambda below: below.cell_type == "code", cells[at + 1 :])
        outputs = [output for below in after for output in below.outputs]
        if cell.cell_type == "markdown" and outputs and not any(map(_on_page, outputs)):
            heads = "\n".join(line for line in cell.source.splitlines() if line.startswith("#"))
            cells[at] = NotebookNode(cell | {"source": heads})
    return NotebookNode(notebook | {"cells": cells})


@cache
def _exporter() -> TemplateExporter:
    """nbconvert's exporter of what a page takes of a notebook."""
    places = {"template_name": TEMPLATES.name, "extra_template_basedirs": [str(TEMPLATES.parent)]}
    exporter = TemplateExporter(
        default_preprocessors=[], template_file="notebook.html.j2", file_extension=".html", **places
    )
    exporter.register_filter("words", mistune.create_markdown(escape=True, plugins=["table"]))
    exporter.register_filter("sections", _sections)
    exporter.environment.globals |= {"shown_type": MIME}
    return exporter


def _on_page(output: NotebookNode) -> bool:
    return output.output_type == "error" or MIME in output.get("data", {})


def left_out(notebook: NotebookNode) -> list[tuple[int, str]]:
    """What JupyterLab shows of an executed notebook and its page does not: the cell's number, and what in Dutch."""
    cells = enumerate(notebook.cells, start=1)
    return [(i, _kind(output)) for i, cell in cells for output in cell.get("outputs", []) if not _on_page(output)]


def _kind(output: NotebookNode) -> str:
    types = output.get("data", {})
    plain = str(types.get("text/plain", ""))
    if output.output_type == "stream":
        return "geprinte tekst"
    if plain.startswith("<Figure ") or any(name.startswith("image/") for name in types):
        return "een figuur die niet met charts.hand_over is overgedragen"
    if "<table" in str(types.get("text/html")) or re.search(r"\bdtype: \w+$", plain):
        return "een tabel die niet door show ging"
    return "een waarde" if set(types) == {"text/plain"} else "opgemaakte tekst"


def index_html(
    about: Mapping[str, Any],
    readers: Sequence[tuple[str, str, Sequence[Mapping[str, Any]]]],
    periods: Sequence[Mapping[str, str]] = (),
) -> str:
    """The page that links the set.

    about : as in `page_html`. readers : (who, a note, their pages in reading order: href, title, subtitle and a line on
    what it answers).
    periods : the other periods rendered so far, with href and text.
    """
    return template("index.html.j2").render(meta=about, readers=readers, periods=periods)


def gate(html: str) -> list[str]:
    """Why a finished page may not be published; empty when it may."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    text = " ".join(" ".join(reader.texts).split())
    # a browser reads some tags as text and some text as tags; so each < is looked at, wherever it stands
    reasons = [f"een {tag[0].lower()}>" for tag in _MARKUP.finditer(html)]
    reasons += [reason for asked in reader.asked for reason in _refused(*asked)]
    reasons += [reason for reason, pattern in _MAY["no_text"].items() if re.search(pattern, text)]
    reasons += [f"een pad: {path[0]}…" for path in re.finditer(_MAY["not"]["path"], text)]
    return list(dict.fromkeys(reasons))


class _Reader(HTMLParser):
    """What a page asks of the browser (tag, attribute, value), and the text it shows or says."""

    # newer Pythons read a title as text alone; inside a drawing a browser does not
    RCDATA_CONTENT_ELEMENTS = ()  # type: ignore[misc]

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.asked: list[tuple[str, str, str]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.asked += [(tag, name, value or "") for name, value in attrs]
        self.texts += [value or "" for name, value in attrs if name not in ("d", "id", "class", "style")]

    def handle_data(self, data: str) -> None:
        if self.cdata_elem == "style":
            self.asked.append(("style", "style", data))
        else:
            self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.texts.append(data)


def _refused(tag: str, name: str, value: str) -> Iterator[str]:
    """Why an attribute, or a style sheet, may not be on a page."""
    addresses, allowed = [value], _MAY["addresses"].get(f"{tag} {name}")
    if name not in ("href", "xlink:href", "src", "srcset"):
        addresses = re.findall(r"url\s*\(\s*['\"]?\s*([^)'\"]*)", value, re.IGNORECASE)
        allowed = _MAY["addresses"]["url"]
        if not re.fullmatch(_MAY["attribute"], name):
            yield f"een attribuut {name}"
        if (name == "style" or addresses) and re.search(_MAY["not"]["style"], value):
            yield "een stijl die iets van elders haalt"
        if name == "http-equiv" and value != "Content-Security-Policy":
            yield "een pagina die zichzelf vervangt"
    for address in addresses:
        if not (allowed and re.fullmatch(allowed, address)):
            # a browser ignores spaces and control characters in front of and inside a scheme
            scheme = re.match(r"[a-z][a-z0-9+.-]*:", re.sub(r"[\x00-\x20]", "", address).lower())
            yield "een adres buiten de pagina" + (f": {scheme[0]}" if scheme else "")
