"""Every problem that can be said has its text, and every text is said."""

import ast
from string import Formatter

import pytest
from conftest import PROJECT

from bwk_analysis.problems import ADVICE, MESSAGES, SEVERITIES

CODE = [ast.parse(path.read_text(encoding="utf-8")) for path in (PROJECT / "bwk_analysis").rglob("*.py")]
PLACE = {"file", "sheet", "cell", "column", "severity", "word"}
SAYING = {"say", "refused", "_refused", "bad", "message", "_each", "_no_key"}


def calls():
    """(name of a message, names of what fills it in, or None when they are given as a whole) of every call."""
    for node in (node for tree in CODE for node in ast.walk(tree) if isinstance(node, ast.Call)):
        if getattr(node.func, "attr", getattr(node.func, "id", "")) in SAYING:
            given = {keyword.arg for keyword in node.keywords}
            for text in (each.value for each in node.args if isinstance(each, ast.Constant)):
                if text in MESSAGES:
                    yield text, None if None in given else given - PLACE


def needed(name):
    texts = (MESSAGES[name]["problem"], MESSAGES[name]["advice"])
    return {field for text in texts for _, field, _, _ in Formatter().parse(text) if field} - ADVICE.keys()


def test_every_call_fills_in_what_its_text_needs():
    found = list(calls())
    assert len(found) > 50
    assert [name for name, given in found if given is not None and not needed(name) - {"path"} <= given] == []


def test_every_text_is_said_somewhere():
    written = {node.value for tree in CODE for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert [name for name in [*MESSAGES, *ADVICE] if name not in written and name not in advised()] == []


def advised():
    texts = (given["advice"] for given in MESSAGES.values())
    return {field for text in texts for _, field, _, _ in Formatter().parse(text) if field}


@pytest.mark.parametrize("name", MESSAGES)
def test_every_text_says_what_is_wrong_what_to_do_and_how_bad_it_is(name):
    given = MESSAGES[name]
    assert given["problem"]
    assert given["advice"]
    assert given.get("severity", "error") in SEVERITIES
