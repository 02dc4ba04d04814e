"""Reading in a child process with bounded time and memory, so that no file can take the run down."""

import faulthandler
import multiprocessing
import os
import pickle
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from bwk_analysis.door.cells import MEGABYTE, SAVE_AGAIN, Limits
from bwk_analysis.problems import Refused, refuse

POLL_SECONDS = 0.02


class Reader:
    """Runs functions on files in a child process, one file at a time, within bounded time and memory.

    The child is started when first needed, kept for the next file (a start costs a second where processes cannot be
    forked) and replaced when it died. Functions, arguments and results cross by pickle. Use as a context manager.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._context: Any = multiprocessing.get_context("fork" if sys.platform == "linux" else "spawn")
        self._process: Any = None
        self._pipe: Any = None

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def run(self, function: Callable[..., Any], *arguments: Any, file: str) -> Any:
        """The function's result; `file` is the name that a message gives.

        Raises
        ------
        Refused
            What the function refused; or when it ran out of time or memory, failed, or took its process down.
        """
        if self._process is None or not self._process.is_alive():
            self._start()
        try:
            self._pipe.send((function, arguments))
            outcome, result = self._wait(file)
            if outcome == "memory":
                raise self._too_much_memory(file)
        except (EOFError, OSError):
            self.close()
            problem = "het lezen van het bestand is afgebroken: het is beschadigd of vraagt te veel geheugen"
            raise refuse(file, problem, SAVE_AGAIN) from None
        except BaseException:
            self.close()
            raise
        if outcome == "result":
            return result
        if outcome == "refused":
            raise result
        problem = f"het bestand kan niet worden gelezen door een fout in het programma ({result})"
        raise refuse(file, problem, f"{SAVE_AGAIN} Blijft de melding, geef haar dan door aan de beheerder.")

    def close(self) -> None:
        """End the child, whatever it is doing."""
        if self._process is not None:
            self._pipe.close()
            self._process.kill()
            self._process.join()
            self._process = None

    def _start(self) -> None:
        self.close()
        self._pipe, theirs = self._context.Pipe()
        self._process = self._context.Process(
            target=_serve, args=(theirs, self.limits.memory_megabytes * MEGABYTE), daemon=True
        )
        self._process.start()
        theirs.close()

    def _wait(self, file: str) -> tuple[str, Any]:
        deadline = time.monotonic() + self.limits.seconds
        bound = self._pipe.recv() + self.limits.memory_megabytes * MEGABYTE
        child = psutil.Process(self._process.pid)
        while not self._pipe.poll(POLL_SECONDS):
            if time.monotonic() > deadline:
                problem = f"het lezen van het bestand duurde langer dan {self.limits.seconds:g} seconden en is gestopt"
                raise refuse(file, problem, f"{SAVE_AGAIN} Helpt dat niet, lever de export dan in delen aan.")
            with suppress(psutil.Error):
                if child.memory_info().rss > bound:
                    raise self._too_much_memory(file)
        return self._pipe.recv()

    def _too_much_memory(self, file: str) -> Refused:
        problem = f"het lezen van het bestand vraagt meer dan {self.limits.memory_megabytes:g} MB geheugen"
        advice = "Verwijder lege opgemaakte rijen en kolommen, of lever de export in delen aan."
        return refuse(file, problem, advice)


def isolated(function: Callable[..., Any], *arguments: Any, limits: Limits, file: str) -> Any:
    """`function(*arguments)` in a child process of its own; see `Reader.run`."""
    with Reader(limits) as reader:
        return reader.run(function, *arguments, file=file)


def _serve(pipe: Any, memory: float) -> None:
    """In the child: answer one call after another until the pipe closes."""
    _quiet()
    while True:
        try:
            function, arguments = pipe.recv()
        except EOFError:
            return
        pipe.send(_bound_memory(memory))
        try:
            answer = pickle.dumps(("result", function(*arguments)))
        except Refused as refused:
            answer = pickle.dumps(("refused", refused))
        except MemoryError:
            answer = pickle.dumps(("memory", None))
        except BaseException as error:  # a panic of a native reader is not an Exception
            answer = pickle.dumps(("failed", _place(error)))
        pipe.send_bytes(answer)


def _quiet() -> None:
    """What a native reader prints when it panics is not for the terminal: it may quote the file."""
    faulthandler.disable()
    sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - as long as the process lives
    os.dup2(sys.stderr.fileno(), 2)


def _bound_memory(memory: float) -> int:
    """Bound what this process may still ask for, where the system can; bytes in use now."""
    used = psutil.Process().memory_info()
    if sys.platform != "win32":
        import resource

        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
            _, hard = resource.getrlimit(resource.RLIMIT_AS)
            resource.setrlimit(resource.RLIMIT_AS, (int(used.vms + memory), hard))
    return used.rss


def _place(error: BaseException) -> str:
    """The kind of error and the line of the program where it arose; never its text."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = "".join(f", {Path(frame.filename).name} regel {frame.lineno}" for frame in last)
    return f"{type(error).__name__}{where}"
