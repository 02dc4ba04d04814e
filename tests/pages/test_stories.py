"""Which files of the folder of notebooks are pages, and which are named as passed over."""

import nbformat
import pytest

from bwk_analysis.pages.stories import Story, stories


@pytest.fixture
def write(tmp_path):
    def one(name, first="report = 'Eigen pagina'"):
        notebook = nbformat.v4.new_notebook(
            cells=[nbformat.v4.new_markdown_cell("## Vraag"), nbformat.v4.new_code_cell(first)]
        )
        nbformat.write(notebook, tmp_path / name)
        return tmp_path / name

    return one


def test_a_notebook_is_a_page_when_its_first_code_cell_says_so_and_only_then(write, tmp_path):
    write("eigen.ipynb")
    write("proef.ipynb", "dataset = ''")
    write("tekst.ipynb", "# report = 'Uitgezet'\nx = 'report = 1'")
    found, passed_over = stories(tmp_path)
    assert found == [Story(tmp_path / "eigen.ipynb", "Eigen pagina")]
    assert passed_over == []


def test_the_first_cell_may_say_what_it_answers_its_place_a_page_per_what_and_for_whom(write, tmp_path):
    path = write(
        "a.ipynb",
        "report = 'A'\nanswers = 'Wat dan?'\norder = 7\nper = 'kamer'\nreader = 'analist'\n%matplotlib inline",
    )
    assert stories(tmp_path)[0] == [Story(path, "A", "Wat dan?", 7, "kamer", "analist")]


def test_pages_stand_in_their_order_and_those_without_one_come_last_by_name(write, tmp_path):
    for name, order in (("a", ""), ("b", "order = 20"), ("c", "order = 5"), ("d", "")):
        write(f"{name}.ipynb", f"report = '{name}'\n{order}")
    assert [story.title for story in stories(tmp_path)[0]] == ["c", "b", "a", "d"]


@pytest.mark.parametrize(
    "name",
    ["eigen-Copy1.ipynb", "eigen-Copy12.ipynb", "eigen 2.ipynb", "eigen (1).ipynb", "eigen - kopie.ipynb", "eigen copy.ipynb",
     "eigen-checkpoint.ipynb", "eigen (conflicted copy 2021-03-04).ipynb"],
)  # fmt: skip
def test_a_copy_publishes_nothing_and_is_named(write, tmp_path, name):
    write("eigen.ipynb")
    write(name)
    (tmp_path / ".ipynb_checkpoints").mkdir()
    write(".ipynb_checkpoints/eigen-checkpoint.ipynb")
    found, passed_over = stories(tmp_path)
    assert [story.path.name for story in found] == ["eigen.ipynb"]
    assert passed_over == [f"{name} is overgeslagen: een kopie; geef het een eigen naam als het een eigen pagina is"]


HALF_MERGED = '{"cells": [\n<<<<<<< eigen\n], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "het is leeg"),
        (b" \n", "het is leeg"),
        (HALF_MERGED.encode(), "het is half samengevoegd"),
        (b"{", "het is geen notebook"),
        (b"{}", "het is geen notebook"),
        (b"[1]", "het is geen notebook"),
        (
            b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code"}]}',
            "het is geen notebook",
        ),
        (b"\xff\xfe\x00\xd8", "het is niet te lezen"),
    ],
)
def test_a_file_that_is_no_notebook_stops_nothing_and_is_named(write, tmp_path, content, reason):
    write("eigen.ipynb")
    (tmp_path / "Untitled.ipynb").write_bytes(content)
    (tmp_path / "._eigen.ipynb").write_bytes(bytes([0, 5, 22, 7]))
    found, passed_over = stories(tmp_path)
    assert len(found) == 1
    assert passed_over[0] == "._eigen.ipynb is overgeslagen: een schaduwbestand van een Mac"
    assert passed_over[1].startswith(f"Untitled.ipynb is overgeslagen: {reason}")


def test_a_cell_with_the_marks_of_a_merge_is_half_merged(write, tmp_path):
    write("eigen.ipynb", "report = 'A'\n<<<<<<< HEAD\nx = 1")
    assert "half samengevoegd" in stories(tmp_path)[1][0]


def test_a_byte_order_mark_is_read_over(write, tmp_path):
    path = write("eigen.ipynb")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(stories(tmp_path)[0]) == 1


@pytest.mark.parametrize(
    ("first", "reason"),
    [
        ("report = open_report()", "report in de eerste cel is geen gewone tekst"),
        ("report = ' '", "report is leeg"),
        ("report = 'A'\nper = 'kamers'", "per is 'kamers'; bedoeld is 'kamer'"),
        ("report = 'A'\nreader = 'bestuur'", "reader is 'bestuur'; bedoeld is 'analist'"),
        ("report = 'A'\norder = '5'", "order is geen geheel getal"),
        ("report = 'A", "de eerste cel met code is geen Python"),
    ],
)
def test_a_first_cell_that_is_not_understood_is_named_with_what_was_meant(write, tmp_path, first, reason):
    write("eigen.ipynb", first)
    assert stories(tmp_path) == ([], [stories(tmp_path)[1][0]])
    assert stories(tmp_path)[1][0].startswith(f"eigen.ipynb is overgeslagen: {reason}")
