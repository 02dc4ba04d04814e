"""The README's own examples, run as they stand there."""

import re
from typing import Any

import pandas as pd
from conftest import PROJECT

from bwk_analysis import indicators

README = (PROJECT / "README.md").read_text(encoding="utf-8")


def test_the_examples_for_an_analyst_run_and_answer_their_questions() -> None:
    blocks = re.findall(r"^```python\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    assert len(blocks) >= 6
    cell: dict[str, Any] = {}
    for block in blocks:
        exec(compile(block, "README.md", "exec"), cell)
    visits: pd.DataFrame = cell["visits"]
    assert cell["days"].sum() == len(cell["all_visits"])  # every participation has a weekday and a service
    quarter = visits[visits["datum"].dt.quarter == cell["quarter"].quarter]
    here = quarter.groupby("kamer", observed=True)["deelnemer"].nunique()
    assert cell["persons"].groupby("kamer").sum().to_dict() == here.to_dict()  # new and returning are all who came
    rows = indicators.rows(cell["data"], "P4", "MultiBron", cell["quarter"])
    assert len(rows) > 0
    assert {"source_file", "source_sheet", "source_row"} <= set(rows)
