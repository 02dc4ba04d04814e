import os
import pickle
import sys
import time

import psutil
import pytest
from handmade import LIMITS, refused, small_workbook

from bwk_analysis import problems
from bwk_analysis.door import apart
from bwk_analysis.door.apart import Reader
from bwk_analysis.door.cells import Limits
from bwk_analysis.door.workbook import read_sheets
from bwk_analysis.problems import Refused


def add(first, second):
    return first + second


def sleep_long():
    time.sleep(60)


def take_memory(megabytes):
    blocks = []
    for _ in range(megabytes):
        blocks.append(bytearray(1_000_000))
        time.sleep(0.0005)
    return len(blocks)


def take_memory_at_once(megabytes):
    return len(bytearray(megabytes * 1_000_000))


class Panic(BaseException):
    """As a native reader raises."""


def panic():
    os.write(2, b"panicked at Jansen")
    raise Panic("Jansen")


def fail():
    raise KeyError("Jansen")


def die():
    os.abort()


def refuse_it():
    raise problems.refused("is_xaf", "b.xlsx")


def unpicklable():
    return lambda: None


def process_id():
    return os.getpid()


def is_alive(number):
    return psutil.pid_exists(number) and psutil.Process(number).status() != psutil.STATUS_ZOMBIE


def isolated(function, *arguments, limits=LIMITS):
    with Reader(limits) as reader:
        return reader.run(function, *arguments, file="x.xlsx")


def test_a_result_comes_back_from_another_process():
    assert isolated(add, [1], [2]) == [1, 2]
    assert isolated(process_id) != os.getpid()


def test_a_workbook_is_read_in_another_process(tmp_path):
    path = small_workbook(tmp_path / "x.xlsx")
    sheets = isolated(read_sheets, path, LIMITS)
    assert sheets == read_sheets(path, LIMITS)


@pytest.mark.parametrize(
    ("function", "arguments", "limits", "said"),
    [
        (sleep_long, (), Limits(seconds=0.2), "0.2 seconden"),
        (take_memory, (400,), Limits(memory_megabytes=100), "geheugen"),
        (take_memory_at_once, (3_000,), Limits(memory_megabytes=100), "geheugen"),
        (panic, (), LIMITS, "Panic, test_apart.py regel"),
        (fail, (), LIMITS, "KeyError, test_apart.py regel"),
        (die, (), LIMITS, "afgebroken"),
        (unpicklable, (), LIMITS, "fout in het programma"),
        (refuse_it, (), LIMITS, "dit is een auditfile"),
    ],
)
def test_whatever_goes_wrong_in_the_other_process_is_a_message(function, arguments, limits, said, capfd):
    problem = refused(lambda: isolated(function, *arguments, limits=limits))
    assert said in problem.problem
    assert "Jansen" not in str(problem)
    assert capfd.readouterr() == ("", "")


def test_memory_is_watched_also_where_the_system_does_not_bound_it(monkeypatch):
    monkeypatch.setattr(apart, "_bound_memory", lambda memory: psutil.Process().memory_info().rss)
    problem = refused(lambda: isolated(take_memory, 2_000, limits=Limits(memory_megabytes=100)))
    assert "100 MB geheugen" in problem.problem


def test_memory_asked_for_faster_than_it_is_watched_is_bounded_where_the_system_can(monkeypatch):
    monkeypatch.setattr(apart, "POLL_SECONDS", 5)
    if sys.platform != "linux":
        pytest.skip("memory is only watched here")
    with Reader(Limits(memory_megabytes=100)) as reader:
        first = reader.run(process_id, file="a.xlsx")
        problem = refused(lambda: reader.run(take_memory_at_once, 300, file="x.xlsx"))
        assert "100 MB geheugen" in problem.problem
        assert reader.run(process_id, file="b.xlsx") != first


def test_no_process_is_left_behind():
    with Reader(Limits(seconds=0.2)) as reader:
        first = reader.run(process_id, file="x.xlsx")
        refused(lambda: reader.run(sleep_long, file="x.xlsx"))
        assert not is_alive(first)
        second = reader.run(process_id, file="x.xlsx")
    assert first != second
    assert not is_alive(second)


def test_one_process_reads_one_file_after_another_and_is_replaced_when_it_died():
    with Reader(LIMITS) as reader:
        first = reader.run(process_id, file="a.xlsx")
        refused(lambda: reader.run(fail, file="b.xlsx"))
        assert reader.run(process_id, file="c.xlsx") == first
        refused(lambda: reader.run(die, file="d.xlsx"))
        assert reader.run(process_id, file="e.xlsx") != first


def test_a_process_can_be_started_afresh_as_on_windows(tmp_path, monkeypatch):
    path = small_workbook(tmp_path / "x.xlsx")
    monkeypatch.setattr(sys, "platform", "darwin")
    with Reader(LIMITS) as reader:
        assert reader._context.get_start_method() == "spawn"
        assert reader.run(read_sheets, path, LIMITS, file="x.xlsx") == read_sheets(path, LIMITS)


def test_a_refusal_can_cross_a_pipe():
    problem = refused(refuse_it)
    assert pickle.loads(pickle.dumps(Refused(problem))).problem == problem
