"""The project as a whole: what it is set up from, and that its code names no room, funder or year."""

import re
import tomllib

import pytest
from conftest import EXAMPLE, PROJECT

from bwk_analysis import results

LOCK = (PROJECT / "requirements.txt").read_text()
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text())
CODE = [path for path in (PROJECT / "bwk_analysis").rglob("*") if path.suffix in (".py", ".toml", ".j2")]


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
    wanted = [line for line in lines if re.match(r'    "[a-z-]+[>=]', line)]
    assert len(wanted) == len(PYPROJECT["project"]["dependencies"]) + len(
        PYPROJECT["project"]["optional-dependencies"]["dev"]
    )
    assert all(re.search(r"# \w", line) for line in wanted)


def test_no_room_funder_post_or_year_is_named_outside_the_example():
    agreement = results.read_dataset(EXAMPLE).agreement
    names = {*agreement.rooms["name"], *agreement.funding["funder"], *agreement.rooms["neighbourhood"]}
    codes = {*agreement.rooms["room"], *agreement.accounts["account"], *agreement.indicators["code"]}
    for path in CODE:
        if path.stem.startswith("example"):
            continue
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
    modules = [path.stem for path in (PROJECT / "bwk_analysis").glob("*.py") if not path.stem.startswith("_")]
    assert [name for name in [*notebooks, *modules] if f"`{name}`" not in readme] == []


def test_data_of_residents_cannot_enter_version_control():
    ignored = (PROJECT / ".gitignore").read_text().splitlines()
    assert {"data/raw/*", "!data/raw/2021-voorbeeld/", "data/processed/*", "reports/"} <= set(ignored)
