"""A notebook run in this very process, as JupyterLab runs one: what its cells show and print is kept.

A kernel per notebook would cost a start of Python and an import of everything. What a notebook sets for a whole
process (options, environment) ends with the process: give each its own.
"""

import ast
import os
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from io import TextIOBase
from pathlib import Path
from typing import Any

# nbformat's validator would build a grammar of web addresses, a second of work, for a format that no notebook has
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

import matplotlib
import nbformat
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
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


class _Outputs(DisplayPublisher):
    """Keeps what a cell displays, as notebook outputs."""

    kept: list[NotebookNode]

    def publish(self, data: Any, metadata: Any = None, *_: Any, **__: Any) -> None:
        self.kept.append(NotebookNode(output_type="display_data", data=data, metadata=metadata or {}))

    def clear_output(self, wait: bool = False) -> None:
        self.kept.clear()


class _Result(DisplayHook):
    """Keeps a cell's last value among its outputs."""

    def write_output_prompt(self) -> None:
        """A page has none."""

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        shell: Any = self.shell
        shell.display_pub.publish(format_dict, md_dict)

    def finish_displayhook(self) -> None:
        self._is_active = False


class _Printed(TextIOBase):
    """Keeps what a cell prints among its outputs."""

    def __init__(self, name: str, kept: list[NotebookNode]) -> None:
        self.name, self.kept = name, kept

    def write(self, text: str) -> int:
        if not self.kept or self.kept[-1].get("name") != self.name:
            self.kept.append(NotebookNode(output_type="stream", name=self.name, text=""))
        self.kept[-1]["text"] += text
        return len(text)


class _Shell(InteractiveShell):
    display_pub_class = _Outputs
    displayhook_class = _Result

    def showtraceback(self, *_: Any, **__: Any) -> None:
        """The caller tells what went wrong."""

    def enable_gui(self, gui: Any = None) -> None:
        """`%matplotlib inline` asks for no window."""


def warm() -> None:
    """Do once, before processes are copied from this one, what each would do again."""
    matplotlib.rcParams["backend"] = _INLINE  # looks through all that is installed
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
def _other_programs() -> Iterator[Callable[[], str]]:
    """What a cell has other programs print goes to a file; the function empties it. Nothing reaches a terminal."""
    with tempfile.TemporaryFile() as file:

        def printed() -> str:
            file.seek(0)
            text = file.read().decode(errors="replace")
            file.seek(0)
            file.truncate()
            return text

        terminal = {number: os.dup(number) for number in (1, 2)}
        try:
            for number in terminal:
                os.dup2(file.fileno(), number)
            yield printed
        finally:
            for number, copy in terminal.items():
                os.dup2(copy, number)
                os.close(copy)


def run(path: Path, parameters: dict[str, str]) -> NotebookNode:
    """A notebook executed, its first code cell with these parameters; each cell has the outputs of JupyterLab.

    Raises NotebookFailed at the first cell that raises.
    """
    notebook = read(path)
    cells = [(number, cell) for number, cell in enumerate(notebook.cells, start=1) if cell.cell_type == "code"]
    _Shell.clear_instance()
    shell: Any = _Shell.instance(config=_QUIET)
    sys.path[:0] = [""] * ("" not in sys.path)  # a module beside the notebook is found, as in JupyterLab
    with chdir(path.parent), matplotlib.rc_context({"interactive": True}), _other_programs() as printed:
        matplotlib.rcParams["backend"] = _INLINE
        for number, cell in cells:
            source = with_parameters(cell.source, parameters) if cell is cells[0][1] else cell.source
            cell.outputs = _outputs(shell, number, source, printed)
    return notebook


def _outputs(shell: Any, number: int, source: str, printed: Callable[[], str]) -> list[NotebookNode]:
    kept: list[NotebookNode] = []
    shell.display_pub.kept = kept
    errors = _Printed("stderr", kept)
    with redirect_stdout(_Printed("stdout", kept)), redirect_stderr(errors):
        outcome = shell.run_cell(source, store_history=True)  # `;` and `_` look at the history
        backend_inline.flush_figures()
    if text := printed():
        errors.write(text)
    if not outcome.success:
        raise NotebookFailed(number, outcome.error_in_exec or outcome.error_before_exec)
    return kept
