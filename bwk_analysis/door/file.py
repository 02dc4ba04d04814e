"""What a file is, by its bytes and not by its name; and the parts of the zip that a workbook is, within limits."""

import copy
import hashlib
import math
import os
import re
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml import DefusedXmlException

from bwk_analysis.door.cells import MEGABYTE, Limits
from bwk_analysis.door.schema import content
from bwk_analysis.problems import ADVICE, Refused, refused

SMALL = 10 * MEGABYTE  # below this no part of a package is a bomb, whatever its ratio
BLOCK = 1 << 20  # parts are unpacked in pieces of about this many bytes
TEXT_START = 4096
ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
KINDS = content("kinds.toml")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
AUDIT_FILE = re.compile(r"<(?:\w+:)?auditfile[\s>]")


def is_lock_file(path: Path | str) -> bool:
    """Whether this is the mark that Excel (`~$x.xlsx`) or LibreOffice (`.~lock.x.xlsx#`) leaves beside an open file."""
    name = Path(path).name
    return name.startswith("~$") or (name.startswith(".~lock.") and name.endswith("#"))


def inspect(path: Path | str, limits: Limits) -> str:
    """What a file is, by its bytes and not by its name: "xlsx" (also .xlsm) or "xaf".

    Raises Refused for everything else, with a message of its own per kind of file.
    """
    path = Path(path)
    file = path.name
    if is_lock_file(path):
        raise refused("is_lock_file", file)
    with opened(path) as handle:
        size = os.fstat(handle.fileno()).st_size
        start = handle.read(TEXT_START)
        if not start:
            raise refused("empty_file", file)
        if size > limits.file_megabytes * MEGABYTE:
            large = f"{math.ceil(size / MEGABYTE):,} MB".replace(",", ".")
            raise refused("large_file", file, large=large, most=limits.file_megabytes)
        if start.startswith(OLE):
            whole = start + handle.read()
            raise _kind(file, "ole", lambda sign: sign.encode("utf-16-le") in whole)
        if start.startswith(ZIP_STARTS):
            open_package(handle, file, limits)
            return "xlsx"
    return _inspect_text(file, start)


def digest(path: Path) -> str:
    """SHA-256 of a file; empty for one that cannot be opened, so that reading it says what is wrong."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def opened(path: Path) -> BinaryIO:
    """The file, open for reading. Raises Refused when it cannot be opened."""
    try:
        return path.open("rb")
    except OSError as error:
        raise refused("not_opened", path.name, error=type(error).__name__) from None


@dataclass
class Package:
    """An open zip whose directory is sound."""

    file: str
    archive: zipfile.ZipFile
    limits: Limits
    unpacked: int = 0  # bytes of all parts so far

    def blocks(self, name: str) -> Iterator[bytes]:
        """The part's bytes, unpacked once and piece by piece; refused as soon as it is a bomb, corrupt or no plain XML.

        The data and not the directory say how long a part is: the reader that comes after goes by the data too.
        """
        listed = next((info for info in self.archive.infolist() if _part_name(info) == name), None)
        if listed is None:
            raise refused("corrupt", self.file)
        unbounded = copy.copy(listed)
        unbounded.file_size = sys.maxsize
        size, tail = 0, b""
        try:
            with self.archive.open(unbounded) as handle:
                while block := handle.read(BLOCK):
                    size += len(block)
                    too_large = self.unpacked + size > self.limits.unpacked_megabytes * MEGABYTE
                    if too_large or _swells(size, listed.compress_size, self.limits):
                        raise refused("bomb", self.file)
                    self._check_markup(tail + block, first=size == len(block))
                    tail = block[-16:]
                    yield block
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
            raise refused("corrupt", self.file) from None
        if size != listed.file_size:
            raise refused("corrupt", self.file)
        self.unpacked += size

    def _check_markup(self, block: bytes, first: bool) -> None:
        if b"<!DOCTYPE" in block or b"<!ENTITY" in block:
            raise refused("has_dtd", self.file)
        if first:
            declared = re.match(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']+)", block)
            encoding = declared.group(1).lower() if declared else b"utf-8"
            if b"\x00" in block or encoding not in (b"utf-8", b"us-ascii", b"ascii"):
                raise refused("odd_encoding", self.file)

    def tree(self, name: str) -> Element:
        """A small part as an XML tree."""
        try:
            return defusedxml.ElementTree.fromstring(b"".join(self.blocks(name)), forbid_dtd=True)
        except (ParseError, DefusedXmlException, ValueError):
            raise refused("corrupt", self.file) from None


def open_package(handle: BinaryIO, file: str, limits: Limits) -> Package:
    """The zip that a workbook is, its directory checked. Raises Refused when it is no workbook or passes a limit."""
    try:
        archive = zipfile.ZipFile(handle)
    except Exception:  # besides BadZipFile, directories made to hurt let struct.error and others out
        raise refused("corrupt", file) from None
    listed = archive.infolist()
    names = {_part_name(info) for info in listed}
    if any(info.flag_bits & 1 for info in listed):
        raise refused("zip_password", file)
    if "xl/workbook.xml" not in names:
        raise _kind(file, "zip", lambda sign: any(name.startswith(sign) for name in names))
    if len(listed) > limits.parts or sum(info.file_size for info in listed) > limits.unpacked_megabytes * MEGABYTE:
        raise refused("bomb", file)
    if any(_swells(info.file_size, info.compress_size, limits) for info in listed):
        raise refused("bomb", file)
    packed = {info.compress_type for info in listed}
    if len({name.lower() for name in names}) < len(listed) or packed - {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise refused("unusual", file)
    return Package(file, archive, limits)


def _part_name(info: zipfile.ZipInfo) -> str:
    """As Excel writes names; some programs write backslashes in them."""
    return info.filename.replace("\\", "/").lstrip("/")


def _swells(size: int, packed: int, limits: Limits) -> bool:
    """Whether a part is larger than its packed size can explain."""
    return size > SMALL and size > limits.ratio * max(packed, 1)


def _kind(file: str, sort: str, shows: Callable[[str], object]) -> Refused:
    """What is said of the first kind of file of which the sign shows."""
    kind = next(kind for kind in KINDS[sort] if not kind["sign"] or shows(kind["sign"]))
    return refused("other_kind", file, what=kind["problem"], instead=kind.get("advice", ADVICE["save_as_xlsx"]))


def _inspect_text(file: str, start: bytes) -> str:
    in_two_bytes = start.startswith((b"\xff\xfe", b"\xfe\xff"))
    whole = start[: len(start) // 2 * 2] if in_two_bytes else start.removeprefix(b"\xef\xbb\xbf")
    text = whole.decode("utf-16" if in_two_bytes else "utf-8", errors="replace")
    if AUDIT_FILE.search(text) and not CONTROL.search(text):
        return "xaf"
    raise _kind(file, "text", lambda sign: re.search(sign, text, re.IGNORECASE))
