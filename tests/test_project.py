"""The project as a whole: what it is set up from, and that its code names no room, funder or year."""

import ast
import re
import tomllib
from graphlib import TopologicalSorter

import pytest
from conftest import EXAMPLE, PROJECT

from bwk_analysis.dataset import open_data

LOCK = (PROJECT / "requirements.txt").read_text()
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text())
PACKAGE = PROJECT / "bwk_analysis"
CODE = [path for path in PACKAGE.rglob("*") if path.suffix in (".py", ".toml", ".j2")]
MODULES = {".".join(path.relative_to(PACKAGE).with_suffix("").parts): path for path in sorted(PACKAGE.rglob("*.py"))}
HOUSE = (
    ("agreement", "data", "course", "folders", "periods", "problems", "status", "steps"),
    ("door",),
    ("measures", "dataset"),
    ("finance", "balance", "indicators", "trends", "agreement_check"),
    ("alone", "declared", "tabled", "disclosure", "findings"),
    ("pages",),
    ("report",),
    ("cli", "__main__"),
)  # from the ground up: modules and folders import what stands in a line below theirs, or in their own
LONGEST_CHAIN, MOST_LINES, MOST_LINES_OF_A_FILE = 11, 11_090, 400


def name_of(requirement: str) -> str:
    return re.split(r"[<>=!~ \[;]", requirement, maxsplit=1)[0].lower()


def test_every_dependency_is_locked_with_a_version_and_a_hash():
    project = PYPROJECT["project"]
    wanted = {name_of(line) for line in [*project["dependencies"], *project["optional-dependencies"]["dev"]]}
    entries = re.split(r"\n(?=[a-z])", LOCK)
    locked = {name_of(entry) for entry in entries if "==" in entry and "--hash=sha256:" in entry}
    assert wanted <= locked


def test_the_lock_names_no_host():
    assert not re.search(r"https?://|--index|--find-links|--extra-index", LOCK)


def test_conda_makes_the_same_environment_from_the_same_lock():
    environment = (PROJECT / "environment.yml").read_text()
    assert f"- python{PYPROJECT['project']['requires-python']}\n" in environment
    assert "- -r requirements.txt\n" in environment


def test_every_dependency_says_in_a_line_what_it_is_for():
    lines = (PROJECT / "pyproject.toml").read_text().splitlines()
    wanted = [line for line in lines if re.match(r'    "[a-z0-9-]+[>=]', line)]
    assert len(wanted) == len(PYPROJECT["project"]["dependencies"]) + len(
        PYPROJECT["project"]["optional-dependencies"]["dev"]
    )
    assert all(re.search(r"# \w", line) for line in wanted)


def test_no_room_funder_post_or_year_is_named_outside_the_example():
    agreement = open_data(EXAMPLE).agreement
    names = {*agreement.rooms["name"], *agreement.funding["funder"], *agreement.rooms["neighbourhood"]}
    codes = {*agreement.rooms["room"], *agreement.accounts["account"], *agreement.indicators["code"]}
    for path in CODE:
        text = path.read_text()
        assert not [name for name in names if name in text], path.name
        quoted = set(re.findall(r"[\"']([A-Za-z]+\d*)[\"']", text))
        assert not quoted & codes, path.name


@pytest.mark.parametrize("name", ["report", "test", "lab", "check", "bench"])
def test_make_knows_the_commands_of_the_readme(name):
    assert re.search(rf"^{name}: ", (PROJECT / "Makefile").read_text(), re.MULTILINE)
    assert f"make {name}" in (PROJECT / "README.md").read_text()


def test_the_readme_tells_of_every_notebook_and_every_module():
    readme = (PROJECT / "README.md").read_text()
    notebooks = [path.stem for path in (PROJECT / "notebooks").glob("*.ipynb")]
    modules = [path.stem for path in PACKAGE.glob("*.py") if not path.stem.startswith("_")]
    assert [name for name in [*notebooks, *modules] if f"`{name}`" not in readme] == []


def test_data_of_residents_cannot_enter_version_control():
    ignored = (PROJECT / ".gitignore").read_text().splitlines()
    assert {"data/raw/*", "!data/raw/2021-voorbeeld/", "data/processed/*", "reports/"} <= set(ignored)


def imported(name):
    """The modules of the package that a module imports, inside its functions too."""
    whole = f"bwk_analysis.{name}".split(".")
    found = set()
    for node in ast.walk(ast.parse(MODULES[name].read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = [*whole[: -node.level], *filter(None, [node.module])] if node.level else [node.module]
            found |= {".".join(base), *(".".join([*base, alias.name]) for alias in node.names)}
    return {each.removeprefix("bwk_analysis.") for each in found} & set(MODULES) - {name}


@pytest.fixture(scope="module")
def uses():
    return {name: imported(name) for name in MODULES if not name.endswith("__init__")}


def floor(name):
    return next(at for at, line in enumerate(HOUSE) if name.split(".")[0] in line)


def test_every_module_has_a_place_in_the_house_and_imports_nothing_from_above_it(uses):
    known = {each for line in HOUSE for each in line}
    assert {name.split(".")[0] for name in uses} - known == set()
    upward = [f"{name} > {other}" for name, others in uses.items() for other in others if floor(other) > floor(name)]
    assert upward == []
    assert "report" in uses["cli"]  # which imports inside its functions


def test_the_longest_chain_of_imports_is_short_and_there_is_no_circle(uses):
    chains: dict[str, list[str]] = {}
    for name in TopologicalSorter(uses).static_order():  # raises CycleError for a circle
        chains[name] = [name, *max((chains[other] for other in uses[name]), key=len, default=[])]
    longest = max(chains.values(), key=len)
    assert len(longest) <= LONGEST_CHAIN, " > ".join(longest)


def test_the_library_is_small_enough_to_read():
    lines = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in MODULES.items()}
    assert {name: count for name, count in lines.items() if count > MOST_LINES_OF_A_FILE} == {}
    assert sum(lines.values()) <= MOST_LINES
