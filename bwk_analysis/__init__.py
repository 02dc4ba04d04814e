"""What an analyst types: each name is imported when it is first used."""

from importlib import import_module
from typing import Any

_HOME = {
    "open_data": "dataset", "Data": "data", "Shown": "disclosure", "Span": "disclosure",
    "charts": "pages.charts", "tables": "pages.tables", "words": "pages.text",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = import_module(f"{__name__}.{_HOME[name]}")
    return getattr(module, name, module)
