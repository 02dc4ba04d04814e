"""Notebooks and lists of pages into finished HTML: one file, nothing loaded from elsewhere, no script.

`gate` reads a finished page and says why it may not be published.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import mistune
from nbconvert.exporters import TemplateExporter
from nbformat import NotebookNode

FAILED = '<p class="failed">'

_TEMPLATE = Path(__file__).parent / "templates"
# matplotlib's letters: most of a page by count, and of one shape that holds nothing else
_LETTER = re.compile(r'<use href="#c[0-9a-f]{6}-[0-9a-f]+b?" x="\d+"/>')
_ADDRESSES = {
    "src",
    "href",
    "xlink:href",
    "srcset",
    "action",
    "formaction",
    "poster",
    "data",
    "background",
    "cite",
    "ping",
}
_FOREIGN_TAGS = {"script", "iframe", "object", "embed", "link", "base", "form", "applet", "frame", "portal"}
_ABSOLUTE = re.compile(
    r"(?<![\w./<])/(?:home|Users|root|tmp|var|usr|opt|mnt|media|srv|etc|private|work|Volumes|Library|app|data)/[\w.~-]"
    r"|(?<!\w)[A-Za-z]:[\\/][\w.~-]|\\\\[\w.-]+\\\w|file:/",
)


def page_html(notebook: NotebookNode) -> str:
    """An executed notebook as a page for readers.

    Parameters
    ----------
    notebook
        Its `metadata["bwk"]` has title, subtitle, organisation, period, reference_date (texts as shown), fictional
        (bool) and links (a list of href and text). Its `##` headings make the contents list.
    """
    html, _ = _exporter().from_notebook_node(notebook)
    headings: list[str] = []

    def numbered(heading: re.Match[str]) -> str:
        headings.append(heading[1])
        return f'<h2 id="deel-{len(headings)}">{heading[1]}</h2>'

    html = re.sub(r"<h2>(.*?)</h2>", numbered, html)
    items = "".join(f'<li><a href="#deel-{i}">{re.sub("<[^>]*>", "", h)}</a></li>' for i, h in enumerate(headings, 1))
    contents = f'<nav class="contents" aria-labelledby="lijst"><h2 id="lijst">Inhoud</h2><ul>{items}</ul></nav>'
    return html.replace("<!--contents-->", contents if len(headings) > 1 else "", 1)


def warm() -> None:
    """Have the exporter ready, before processes are copied from this one."""
    _exporter()


def index_html(
    metadata: Mapping[str, Any], pages: Sequence[Mapping[str, str]], periods: Sequence[Mapping[str, str]] = ()
) -> str:
    """The page that links the set.

    Parameters
    ----------
    metadata
        As in `page_html`.
    pages
        In reading order: href, title and a line on what it answers.
    periods
        The other periods rendered so far: href and text.
    """
    template = _exporter().environment.get_template("overview.html.j2")
    return template.render(meta=metadata, pages=pages, periods=periods)


def gate(html: str, holds_personal_value: Callable[[str], bool] = lambda text: False) -> list[str]:
    """Why a finished page may not be published; empty when it may.

    Parameters
    ----------
    holds_personal_value
        Says of a text whether a personal value of the input is in it.
    """
    reader = _Reader()
    reader.feed(_LETTER.sub("", html))
    reader.close()
    reasons = [*reader.reasons]
    text = " ".join(" ".join(reader.texts).split())
    if FAILED in html:
        reasons.append("een onderdeel kon niet worden gemaakt")
    if "Traceback (most recent call last)" in text or re.search(r'File "[^"]+", line \d+', text):
        reasons.append("een foutmelding van Python")
    if re.search(r"<[\w.]+ object(?: at 0x[0-9a-f]+)?>", text):
        reasons.append("een object van Python in plaats van tekst")
    reasons += [f"een pad: {path[0]}…" for path in _ABSOLUTE.finditer(text)]
    if holds_personal_value(text):
        reasons.append("een persoonlijk gegeven uit de invoer")  # which one stays out of the message
    return list(dict.fromkeys(reasons))


class _Reader(HTMLParser):
    """What a page asks of the browser, and the text it shows or says."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.reasons: list[str] = []
        self.texts: list[str] = []
        self.in_style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.in_style = tag == "style"
        if tag in _FOREIGN_TAGS:
            self.reasons.append(f"een <{tag}>")
        if tag == "meta" and ("http-equiv", "refresh") in [(n, (v or "").lower()) for n, v in attrs]:
            self.reasons.append("een pagina die zichzelf vervangt")
        for name, value in attrs:
            value = value or ""
            if name.startswith("on"):
                self.reasons.append(f"een attribuut {name}")
            elif name in _ADDRESSES:
                self._address(value)
            elif name == "style":
                self._style(value)
            elif name not in ("d", "id", "class"):
                self.texts.append(value)

    def handle_endtag(self, tag: str) -> None:
        self.in_style = False

    def handle_data(self, data: str) -> None:
        if self.in_style:
            self._style(data)
        else:
            self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.texts.append(data)

    def _address(self, value: str) -> None:
        # a browser ignores spaces and control characters in front of and inside a scheme
        address = re.sub(r"[\x00-\x20]", "", value).lower().replace("\\", "/")
        if address.startswith("data:image/"):
            return
        if re.match(r"[a-z][a-z0-9+.-]*:", address):
            self.reasons.append(f"een adres buiten de pagina: {address.split(':')[0]}:")
        elif "//" in address or address.startswith("/"):
            self.reasons.append("een adres buiten de pagina")
        self.texts.append(value)

    def _style(self, value: str) -> None:
        if re.search(r"@import|expression\s*\(|\\", value, re.IGNORECASE):
            self.reasons.append("een stijl die iets van elders haalt")
        for address in re.findall(r"url\s*\(\s*['\"]?([^)'\"]*)", value, re.IGNORECASE):
            if not address.startswith("#"):
                self._address(address)


@cache
def _exporter() -> TemplateExporter:
    """nbconvert's exporter without what only its own templates need: reading a page again for `<img>` takes seconds."""
    exporter = TemplateExporter(
        template_name=_TEMPLATE.name,
        extra_template_basedirs=[str(_TEMPLATE.parent)],
        template_file="index.html.j2",
        file_extension=".html",
    )
    exporter.register_filter("words", mistune.create_markdown(escape=True, plugins=["table"]))
    return exporter
