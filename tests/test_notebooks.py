"""The notebooks compute in the open: rows, then a few lines of pandas, then one table or chart that may be shown."""

import ast
import re
from collections import Counter

import nbclient
import nbformat
import pandas as pd
import pytest
from conftest import EXAMPLE, PROJECT
from said import said

from bwk_analysis import finance, indicators
from bwk_analysis.dataset import open_data
from bwk_analysis.disclosure import BOARD, EDITIONS, PUBLIC
from bwk_analysis.pages import execute, render
from bwk_analysis.pages import page as pages
from bwk_analysis.pages.stories import stories
from bwk_analysis.steps import fives

FOLDER = PROJECT / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LONGEST_CELL = 10
COMPUTES = re.compile(
    r"\.(groupby|pivot|pivot_table|query|merge|join|value_counts|assign|agg|sum|nunique|resample|unstack|nlargest)\("
)
FRAME = '<table border="1" class="dataframe">'
ABOUT = dict.fromkeys(["title", "subtitle", "organisation", "period", "reference_date", "edition"], "-")


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request):
    return request.param


@pytest.fixture
def notebook(path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def constants(source):
    return [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)]


# --- as they stand ----------------------------------------------------------------------------------------------------


def test_a_notebook_has_one_cell_of_parameters_and_it_comes_first(notebook):
    tagged = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ())]
    assert tagged == [notebook.cells[0]]
    statements = ast.parse(tagged[0].source).body
    assert all(isinstance(line, ast.Assign) and isinstance(line.value, ast.Constant) for line in statements)
    assert {"dataset", "period", "edition"} <= {target.id for line in statements for target in line.targets}


def test_every_notebook_says_what_it_answers_and_has_a_place_of_its_own():
    told, passed_over = stories(FOLDER)
    assert [story.path for story in sorted(told, key=lambda story: story.path)] == NOTEBOOKS
    assert passed_over == []
    assert all(story.title and story.answers.endswith((".", "?")) for story in told)
    assert len({story.order for story in told}) == len(told)


def test_a_code_cell_is_a_few_lines_without_functions_and_without_figures(notebook):
    for cell in code_cells(notebook):
        assert len([line for line in cell.source.splitlines() if line.strip()]) <= LONGEST_CELL
        nodes = list(ast.walk(ast.parse(cell.source)))
        assert not [node for node in nodes if isinstance(node, (ast.FunctionDef, ast.Lambda, ast.ClassDef))]
    for cell in code_cells(notebook)[1:]:  # the first has its place on the index
        assert {number for number in constants(cell.source) if isinstance(number, (int, float))} <= {0, 1, 5}


def test_no_figure_is_typed_in_the_text_of_a_notebook(notebook):
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            assert not any(character.isdigit() for character in cell.source)


def test_no_output_is_kept_in_a_notebook(notebook):
    assert all(not cell.outputs and cell.execution_count is None for cell in code_cells(notebook))


def test_a_notebook_computes_in_plain_pandas(notebook):
    assert any(COMPUTES.search(cell.source) for cell in code_cells(notebook))


@pytest.fixture(scope="module")
def example():
    return open_data(EXAMPLE)


@pytest.fixture(scope="module")
def of_numbers(example):
    """The names of all columns that hold numbers, in whichever table or figures."""
    quarter = example.quarter()
    counts = indicators.counts(example, quarter)
    agreed = [frame for frame in vars(example.agreement).values() if isinstance(frame, pd.DataFrame)]
    figures = [counts, finance.lines(example, quarter), finance.figures(example, quarter, counts)]
    frames = [*example.tables.values(), *agreed, *figures, example.accounting]
    numbers = {str(name) for frame in frames for name in frame.select_dtypes("number")}
    assert {"uren", "euro", "numerator", "rows_read"} <= numbers
    return numbers


def test_no_column_of_numbers_is_declared_a_word_or_made_one(notebook, of_numbers):
    for cell in code_cells(notebook):
        nodes = list(ast.walk(ast.parse(cell.source)))
        for words in (node for node in nodes if isinstance(node, ast.Dict)):
            pairs = zip(words.keys, words.values, strict=True)
            declared = {ast.literal_eval(key) for key, kind in pairs if getattr(kind, "value", "") in ("word", "day")}
            assert not declared & of_numbers
        made = [node for node in nodes if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "astype"]
        texts = {"str", "object", "string", "category"}
        assert not [call for call in made if {getattr(a, "id", getattr(a, "value", "")) for a in call.args} & texts]


# --- as they run ------------------------------------------------------------------------------------------------------


def copy_of(path, folder, dataset="", more=()):
    """A copy of a notebook, of a dataset, with cells added behind its last."""
    notebook = nbformat.read(path, as_version=4)
    first = notebook.cells[0]
    first.source = re.sub(r'^dataset = ""', f'dataset = "{dataset}"', first.source, flags=re.MULTILINE)
    notebook.cells += [nbformat.v4.new_code_cell(source) for source in more]
    nbformat.write(notebook, folder / path.name)
    return folder / path.name


def test_a_notebook_runs_as_in_jupyterlab_and_its_page_has_no_frame(path, tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(PROJECT))
    notebook = nbformat.read(copy_of(path, tmp_path, EXAMPLE.name), as_version=4)
    assert f'dataset = "{EXAMPLE.name}"' in notebook.cells[0].source
    nbclient.NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    outputs = [output for cell in code_cells(notebook) for output in cell.outputs]
    assert any(FRAME in output.get("data", {}).get("text/html", "") for output in outputs)
    html = pages.page_html(notebook, ABOUT | {"fictional": True, "links": []})
    assert "<table" in html
    assert FRAME not in html
    assert "dataframe" not in html
    assert pages.gate(html) == []


NEWCOMER = """from bwk_analysis import charts, open_data, show
data = open_data(dataset)
visits = data.until(data.quarter(period)).deelnames
per_service = visits.groupby("categorie", observed=True)["deelnemer"].nunique()"""
IN_STEPS = 'charts.bars(show(per_service.rename("persons"), data, edition), "categorie", "persons")'
REFUSED = {
    "undeclared": 'charts.bars(show(per_service, data, edition), "categorie", "deelnemer")',
    "a word": 'charts.bars(show(per_service, data, edition, {"deelnemer": "word"}), "categorie", "deelnemer")',
    "no show": 'charts.bars(per_service.reset_index(name="persons"), "categorie", "persons")',
    "drawn": "charts.hand_over("
    'per_service.plot.bar().figure, [show(per_service.rename("persons"), data, edition)], "Mensen", "Per dienst")',
}


def numbers_on(html):
    return Counter(re.findall(r"(?<![\d.,])\d+(?![\d.,])", said(html)))


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_newcomers_chart_of_people_per_service_is_in_steps_and_its_exact_numbers_are_nowhere(
    example, edition, tmp_path
):
    quarter = example.quarter()
    visits = example.until(quarter).deelnames
    people = visits.groupby("categorie", observed=True)["deelnemer"].nunique()
    telling = {str(number) for number in people if number not in fives(number)}  # not an end of its own step
    assert len(telling) > 1
    notebooks = tmp_path / "notebooks"
    notebooks.mkdir()
    original = FOLDER / "02_indicatoren.ipynb"
    copy_of(original, notebooks, more=[NEWCOMER, IN_STEPS, "per_service.plot.bar()"]).rename(notebooks / "mijn.ipynb")
    copy_of(original, notebooks)
    made = render.render_set(example, quarter, edition, tmp_path / "set", notebooks=notebooks)
    with_chart, without = (
        (tmp_path / "set" / f"{name}.html").read_text(encoding="utf-8") for name in ("mijn", original.stem)
    )
    more = numbers_on(with_chart) - numbers_on(without)
    assert more
    assert not set(more) & telling
    assert all(name in said(with_chart) for name in people.index)
    assert any("mijn" in sentence and "hand_over" in sentence for sentence in made.left_out)


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("how", REFUSED)
def test_a_newcomers_chart_that_is_not_in_steps_is_refused(example, edition, how, tmp_path):
    first = nbformat.read(FOLDER / "02_indicatoren.ipynb", as_version=4).cells[0]
    cells = [first, *map(nbformat.v4.new_code_cell, [NEWCOMER, REFUSED[how]])]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), tmp_path / "mijn.ipynb")
    with pytest.raises(execute.NotebookFailed) as failed:
        execute.run(tmp_path / "mijn.ipynb", {"dataset": str(EXAMPLE), "period": "", "edition": edition})
    assert failed.value.cell == len(cells)
    assert isinstance(failed.value.error, (ValueError, TypeError))


# --- where there is little to tell ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def only_an_agreement(tmp_path_factory):
    folder = tmp_path_factory.mktemp("raw") / "leeg"
    folder.mkdir()
    (folder / "afspraak.xlsx").write_bytes((EXAMPLE / "samenwerkingsafspraak-2021.xlsx").read_bytes())
    return open_data(folder, folder.parent / "processed")


@pytest.mark.parametrize(
    ("which", "period", "edition"), [("only_an_agreement", "", BOARD), ("example", "2021Q1", PUBLIC)]
)
def test_every_notebook_runs_where_little_or_nothing_was_registered(request, which, period, edition, tmp_path):
    data = request.getfixturevalue(which)
    quarter = data.quarter(period)
    render.render_set(data, quarter, edition, tmp_path / "set", analyst=tmp_path)
    assert len({story.path for story in stories(FOLDER)[0]}) == len(NOTEBOOKS)
    assert list(tmp_path.glob("*.html"))
    for path in tmp_path.rglob("*.html"):
        name, html = path.name, path.read_text(encoding="utf-8")
        assert pages.gate(html) == [], name
        assert not re.search(r"\b(nan|NaN|None|NaT|inf)\b", said(html)), name
