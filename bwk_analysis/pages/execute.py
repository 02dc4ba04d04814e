"""A notebook run in this very process, as JupyterLab runs one: what its cells show and print is kept.

A kernel per notebook would cost a start of Python and an import of everything. What a notebook sets for a whole
process (options, environment) ends with the process: give each its own.
"""

import ast
import os
import sys
from collections.abc import Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any

# nbformat's validator would build a grammar of web addresses, a second of work, for a format that no notebook has
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

import matplotlib
import nbformat
import pandas as pd
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import CapturingDisplayPublisher
from IPython.core.inputtransformer2 import TransformerManager
from IPython.core.interactiveshell import InteractiveShell
from matplotlib_inline import backend_inline
from nbformat import NotebookNode
from traitlets.config import Config

_INLINE = "module://matplotlib_inline.backend_inline"
_QUIET = Config({"HistoryManager": {"enabled": False}})


class NotebookFailed(Exception):
    """A cell that raised: its number and the error."""

    def __init__(self, cell: int, error: BaseException) -> None:
        super().__init__(f"cell {cell}: {type(error).__name__}")  # its words may hold the data it was working on
        self.cell, self.error = cell, error


class _Result(DisplayHook):
    """Keeps a cell's last value among its outputs."""

    def write_output_prompt(self) -> None:
        """A page has none."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        shell: Any = self.shell
        shell.display_pub.publish(format_dict, md_dict)

    def finish_displayhook(self) -> None:
        self._is_active = False


class _Shell(InteractiveShell):
    display_pub_class = CapturingDisplayPublisher
    displayhook_class = _Result

    def init_display_formatter(self) -> None:
        """What a frame looks like is not worked out: no page shows it."""
        super().init_display_formatter()
        formatter: Any = self.display_formatter
        html, plain = (formatter.formatters[f"text/{kind}"] for kind in ("html", "plain"))
        html.for_type(pd.DataFrame, lambda _: "<table>")
        for kind in (pd.DataFrame, pd.Series):
            plain.for_type(kind, lambda _, page, __: page.text("dtype: frame"))

    def showtraceback(self, *_: Any, **__: Any) -> None:
        """The caller tells what went wrong."""

    def enable_gui(self, gui: Any = None) -> None:
        """`%matplotlib inline` asks for no window."""


def warm() -> None:
    """Do once, before processes are copied from this one, what each would do again."""
    matplotlib.use(_INLINE)  # looks through all that is installed
    _Shell(config=_QUIET).restore_sys_module_state()


def read(path: Path) -> NotebookNode:
    """A notebook as it stands, with a byte order mark or without."""
    return nbformat.reads(path.read_text(encoding="utf-8-sig"), as_version=4)


def parsed(source: str) -> ast.Module:
    """A cell as Python, its magics as calls. Raises SyntaxError."""
    return ast.parse(TransformerManager().transform_cell(source))


def with_parameters(source: str, parameters: dict[str, str]) -> str:
    """A first cell in which its parameters have these values from the start, whatever it assigns to them."""
    values = {name: ast.parse(f"{name} = {value!r}").body[0] for name, value in parameters.items()}
    body = list(values.values())
    for statement in (tree := parsed(source)).body:
        stored = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        body += [statement, *(value for name, value in values.items() if name in stored)]
    tree.body = body
    return ast.unparse(tree)


@contextmanager
def _printed() -> Iterator[IO[str]]:
    """A file that gets what is printed, by other programs too, so that nothing reaches a terminal."""
    with TemporaryFile("w+", encoding="utf-8", errors="replace") as file:
        terminal = {number: os.dup(number) for number in (1, 2)}
        try:
            for number in terminal:
                os.dup2(file.fileno(), number)
            with redirect_stdout(file), redirect_stderr(file):
                yield file
        finally:
            for number, copy in terminal.items():
                os.dup2(copy, number)
                os.close(copy)


def run(path: Path, parameters: dict[str, str]) -> NotebookNode:
    """A notebook executed, its first code cell with these parameters; each cell has what it showed, then its prints.

    Raises NotebookFailed at the first cell that raises.
    """
    notebook = read(path)
    cells = [(number, cell) for number, cell in enumerate(notebook.cells, start=1) if cell.cell_type == "code"]
    _Shell.clear_instance()
    shell: Any = _Shell.instance(config=_QUIET)
    sys.path[:0] = [""] * ("" not in sys.path)  # a module beside the notebook is found, as in JupyterLab
    with chdir(path.parent), matplotlib.rc_context({"interactive": True}), _printed() as printed:
        matplotlib.use(_INLINE)
        for number, cell in cells:
            source = with_parameters(cell.source, parameters) if cell is cells[0][1] else cell.source
            cell.outputs = _outputs(shell, number, source, printed)
    return notebook


def _outputs(shell: Any, number: int, source: str, printed: IO[str]) -> list[NotebookNode]:
    outcome = shell.run_cell(source, store_history=True)  # `;` and `_` look at the history
    backend_inline.flush_figures()
    if not outcome.success:
        raise NotebookFailed(number, outcome.error_in_exec or outcome.error_before_exec)
    shown = [NotebookNode(output_type="display_data", **output) for output in shell.display_pub.outputs]
    shell.display_pub.outputs = []
    printed.seek(0)
    text = printed.read()
    printed.seek(0)
    printed.truncate()
    return [*shown, NotebookNode(output_type="stream", name="stdout", text=text)] if text else shown
