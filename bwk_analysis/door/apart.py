"""Reading in a child process with bounded time and memory, so that no file can take the run down."""

import faulthandler
import gc
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

from bwk_analysis.door.cells import MEGABYTE, Limits
from bwk_analysis.problems import Refused, refused

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

        Raises Refused, also when the function ran out of time or memory, failed, or took its process down.
        """
        if self._process is None or not self._process.is_alive():
            self.close()
            self._pipe, theirs = self._context.Pipe()
            self._process = self._context.Process(target=_serve, args=(theirs, self.limits), daemon=True)
            self._process.start()
            theirs.close()
        kept, answer = False, None
        try:
            self._pipe.send((function, arguments, file))
            kept, answer = self._answer(file)
        except (EOFError, OSError):
            answer = refused("broken_off", file)
        finally:
            if not kept:
                self.close()
        if isinstance(answer, Refused):
            raise answer
        return answer

    def close(self) -> None:
        """End the child, whatever it is doing."""
        if self._process is not None:
            self._pipe.close()
            self._process.kill()
            self._process.join()
            self._process = None

    def _answer(self, file: str) -> tuple[bool, Any]:
        """Whether the child is fit for another file, and its result or what is refused."""
        deadline = time.monotonic() + self.limits.seconds
        bound = self._pipe.recv() + self.limits.memory_megabytes * MEGABYTE
        child = psutil.Process(self._process.pid)
        while not self._pipe.poll(POLL_SECONDS):
            if time.monotonic() > deadline:
                return False, refused("too_slow", file, seconds=self.limits.seconds)
            with suppress(psutil.Error):
                if child.memory_info().rss > bound:
                    return False, refused("too_much_memory", file, most=self.limits.memory_megabytes)
        kept, answer = self._pipe.recv()
        return kept, answer


def _serve(pipe: Any, limits: Limits) -> None:
    """In the child: answer one call after another until the pipe closes; each time also the bytes in use before it."""
    faulthandler.disable()  # what a native reader prints when it panics is not for the terminal: it may quote the file
    sys.stderr = open(os.devnull, "w")  # noqa: SIM115 - as long as the process lives
    os.dup2(sys.stderr.fileno(), 2)
    gc.disable()  # cells make no circles, and a million rows of them are long to look through
    with suppress(EOFError):
        while True:
            function, arguments, file = pipe.recv()
            pipe.send(_bound_memory(limits.memory_megabytes * MEGABYTE))
            try:
                answer = pickle.dumps((True, function(*arguments)))
            except Refused as no:
                answer = pickle.dumps((True, no))
            except MemoryError:
                answer = pickle.dumps((False, refused("too_much_memory", file, most=limits.memory_megabytes)))
            except BaseException as error:  # a panic of a native reader is not an Exception
                last = traceback.extract_tb(error.__traceback__)[-1:]  # the place; never the error's text
                place = "".join(f", {Path(frame.filename).name} regel {frame.lineno}" for frame in last)
                answer = pickle.dumps((True, refused("own_fault", file, error=type(error).__name__, place=place)))
            pipe.send_bytes(answer)


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
