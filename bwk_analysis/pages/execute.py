"""A notebook run in this very process: its parameters set, its cells executed, its outputs kept.

A kernel per notebook costs a start of Python and an import of everything; here a process that has all that runs one
notebook after the other, each in a namespace of its own.
"""

import sys
from pathlib import Path
from typing import Any

# nbformat's validator would build a grammar of web addresses, a second of work, for a format that no notebook has
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

import nbformat
from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from nbformat import NotebookNode
from traitlets.config import Config

PARAMETERS = "parameters"  # the tag of the cell with defaults, as papermill has it


class NotebookFailed(Exception):
    """A cell that raised: which notebook and cell, and the kind of error; never the data it was working on."""

    def __init__(self, notebook: str, cell: int, error: BaseException) -> None:
        super().__init__(f"{notebook}, cell {cell}: {type(error).__name__}")
        self.notebook, self.cell, self.error = notebook, cell, error


class _Outputs(DisplayPublisher):
    """Keeps what a cell displays, as notebook outputs."""

    kept: list[NotebookNode]

    def publish(self, data: Any, metadata: Any = None, *_: Any, **__: Any) -> None:
        self.kept.append(nbformat.v4.new_output("display_data", data=data, metadata=metadata or {}))

    def clear_output(self, wait: bool = False) -> None:
        self.kept.clear()


class _Result(DisplayHook):
    """Keeps a cell's last value among its outputs."""

    def __call__(self, result: Any = None) -> None:
        shell: Any = self.shell
        if result is not None:
            shell.display_pub.publish(*shell.display_formatter.format(result))


class _Shell(InteractiveShell):
    display_pub_class = _Outputs
    displayhook_class = _Result

    def showtraceback(self, *_: Any, **__: Any) -> None:
        """The caller tells what went wrong."""


def _shell() -> _Shell:
    config = Config()
    config.HistoryManager.enabled = False
    _Shell.clear_instance()
    return _Shell.instance(config=config)


def about(path: Path) -> dict[str, Any] | None:
    """What a notebook says of itself in its metadata `bwk`; None when it says nothing."""
    found: dict[str, Any] | None = nbformat.read(path, as_version=4).metadata.get("bwk")
    return found


def with_parameters(notebook: NotebookNode, parameters: dict[str, Any]) -> NotebookNode:
    """The notebook with values in place of the defaults of its `parameters` cell."""
    cells = list(notebook.cells)
    for position, cell in enumerate(cells):
        if PARAMETERS in cell.metadata.get("tags", ()):
            values = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
            cells[position] = nbformat.v4.new_code_cell(f"{cell.source}\n{values}", metadata=cell.metadata, id=cell.id)
    return nbformat.from_dict(notebook | {"cells": cells})


def run(path: Path, parameters: dict[str, Any]) -> NotebookNode:
    """A notebook executed. Raises NotebookFailed at the first cell that raises."""
    notebook = with_parameters(nbformat.read(path, as_version=4), parameters)
    shell = _shell()
    shell.display_pub.kept = []
    for number, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code":
            outcome = shell.run_cell(cell.source, store_history=False)
            if not outcome.success:
                raise NotebookFailed(path.name, number, outcome.error_in_exec or outcome.error_before_exec)
            cell.outputs = list(shell.display_pub.kept)
            shell.display_pub.kept.clear()
    return notebook
