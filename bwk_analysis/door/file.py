"""What a file is, by its bytes and not by its name; and the parts of the zip that a workbook is, within limits."""

import copy
import hashlib
import io
import math
import os
import posixpath
import re
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import quoteattr

import defusedxml.ElementTree
from defusedxml import DefusedXmlException

from bwk_analysis.door.cells import MEGABYTE, Limits
from bwk_analysis.door.schema import content
from bwk_analysis.problems import ADVICE, Refused, refused

SMALL = 10 * MEGABYTE  # below this no part of a package is a bomb, whatever its ratio
BLOCK = 1 << 20  # parts are unpacked in pieces of about this many bytes
TEXT_START = 4096
ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
WORKBOOK, READ = "xl/workbook.xml", ("worksheet", "sharedStrings", "styles")
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
RELATION = (
    '<Relationship Id={} Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" Target="{}"/>'
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MARKS = {
    b"\xef\xbb\xbf": "utf-8",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
    b"<\0": "utf-16-le",
    b"\0<": "utf-16-be",
}
KINDS = content("kinds.toml")
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
            if packed := packed_alone(handle, file, limits):
                return _inspect_text(file, packed[:TEXT_START])
            open_package(handle, file, limits)
            return "xlsx"
    return _inspect_text(file, start)


def audit_text(path: Path, limits: Limits) -> str:
    """The text of an audit file, which may be the only file in a zip."""
    with opened(path) as handle:
        packed = handle.read(2) == b"PK" and packed_alone(handle, path.name, limits)
        handle.seek(0)
        return as_text(packed or handle.read())


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
    main: str = WORKBOOK  # the part that names the sheets
    unpacked: int = 0  # bytes of all parts so far

    def listed(self, name: str) -> zipfile.ZipInfo | None:
        """The part of this name, in whichever case it is written."""
        return next((info for info in self.archive.infolist() if _part_name(info).lower() == name.lower()), None)

    def relations_of(self, part: str = "") -> str:
        """The part that says what the workbook (or another part) refers to."""
        folder, name = posixpath.split(part or self.main)
        return posixpath.join(folder, "_rels", f"{name}.rels").lstrip("/")

    def relations(self, of: str = "") -> dict[str, tuple[str, str]]:
        """Kind and part name of everything that the workbook (or another part) refers to, by id."""
        folder, found = posixpath.dirname(of or self.main), {}
        for element in self.tree(self.relations_of(of)):
            target = element.get("Target", "").replace("\\", "/")
            part = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            found[element.get("Id", "")] = (element.get("Type", "").rpartition("/")[2], part)
        return found

    def blocks(self, name: str) -> Iterator[bytes]:
        """The part's bytes, unpacked once and piece by piece; refused as soon as it is a bomb, corrupt or no plain XML.

        The data and not the directory say how long a part is: the reader that comes after goes by the data too.
        """
        listed = self.listed(name)
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
    names = {_part_name(info).lower() for info in listed}
    if any(info.flag_bits & 1 for info in listed):
        raise refused("zip_password", file)
    package = Package(file, archive, limits)
    if WORKBOOK not in names and not (main := _main_part(package)):
        raise _kind(file, "zip", lambda sign: any(re.match(sign, name) for name in names))
    if len(listed) > limits.parts or sum(info.file_size for info in listed) > limits.unpacked_megabytes * MEGABYTE:
        raise refused("bomb", file)
    if any(_swells(info.file_size, info.compress_size, limits) for info in listed):
        raise refused("bomb", file)
    packed = {info.compress_type for info in listed}
    if len(names) < len(listed) or packed - {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise refused("unusual", file)
    return package if WORKBOOK in names else replace(package, main=main)


def _main_part(package: Package) -> str:
    """The part that the package says its workbook is; empty where there is none."""
    if package.listed("_rels/.rels") is None:
        return ""
    parts = (part for kind, part in package.relations("/").values() if kind == "officeDocument")
    return next((part for part in parts if "workbook" in part.lower() and part.endswith(".xml")), "")


def packed_alone(handle: BinaryIO, file: str, limits: Limits) -> bytes:
    """The audit file that is the only file in a zip; empty where there is something else in it."""
    handle.seek(0)
    with suppress(zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
        archive = zipfile.ZipFile(handle)
        infos = [info for info in archive.infolist() if not re.search(r"/$|^__macosx/", _part_name(info).lower())]
        if len(infos) == 1 and infos[0].filename.lower().endswith((".xaf", ".xml")) and not infos[0].flag_bits & 1:
            most = int(limits.file_megabytes * MEGABYTE)
            with archive.open(infos[0]) as packed:
                content = packed.read(most + 1)
            if len(content) > most:
                raise refused("bomb", file)
            return content if b"<auditfile" in content[:TEXT_START].replace(b"\0", b"").lower() else b""
    return b""


def in_one_layout(package: Package) -> io.BytesIO | None:
    """The workbook with its parts where every reader looks for them; None where they are there already.

    A package may have its workbook in any folder and its names in any case.
    """
    every = package.relations()
    relations = {key: found for key, found in every.items() if found[0] in READ and package.listed(found[1])}
    names = {_part_name(info) for info in package.archive.infolist()}
    plain = not re.search(rb"[\"']\.\.?/|\\", b"".join(package.blocks(package.relations_of())))
    if plain and {WORKBOOK, *(part for _, part in relations.values())} <= names:
        return None
    made, parts, lines = io.BytesIO(), {WORKBOOK: package.main}, [RELATION.format('"1"', "officeDocument", WORKBOOK)]
    for number, (key, (kind, part)) in enumerate(relations.items()):
        name = f"worksheets/sheet{number}.xml" if kind == "worksheet" else f"{kind}.xml"
        parts[f"xl/{name}"] = part
        lines.append(RELATION.format(quoteattr(key), kind, name))
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, found in (("_rels/.rels", lines[:1]), ("xl/_rels/workbook.xml.rels", lines[1:])):
            archive.writestr(name, f'<Relationships xmlns="{RELATIONS}">{"".join(found)}</Relationships>')
        for name, part in parts.items():
            with archive.open(name, "w", force_zip64=True) as written:
                for block in package.blocks(part):
                    written.write(block)
    return made


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
    text = as_text(start[: len(start) // 2 * 2])
    if AUDIT_FILE.search(text) and text.lstrip().startswith("<"):
        return "xaf"
    raise _kind(file, "text", lambda sign: re.search(sign, text, re.IGNORECASE))


def as_text(content: bytes) -> str:
    """Bytes as text by their mark, or as their XML declares; what is no text then is of an older Windows program."""
    for start, encoding in MARKS.items():
        if content.startswith(start):
            return content.decode(encoding, errors="replace").removeprefix("\ufeff")
    declared = re.match(rb"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)", content)
    with suppress(UnicodeDecodeError, LookupError):
        return content.decode(declared[1].decode() if declared else "utf-8")
    return content.decode("cp1252", errors="replace")
