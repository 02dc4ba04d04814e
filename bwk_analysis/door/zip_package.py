"""The zip file that a workbook is: its directory checked, its parts unpacked once and within limits."""

import copy
import re
import sys
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO
from xml.etree.ElementTree import Element, ParseError

import defusedxml.ElementTree
from defusedxml import DefusedXmlException

from bwk_analysis.door.cells import EXPORT_AGAIN, MEGABYTE, SAVE_AGAIN, SAVE_AS_XLSX, Limits
from bwk_analysis.problems import Refused, refuse

SMALL = 10 * MEGABYTE  # below this no part is a bomb, whatever its ratio
BLOCK = 1 << 20  # parts are unpacked and looked through in pieces of about this many bytes
CORRUPT = "de werkmap is beschadigd of niet volledig en kan niet worden gelezen"
ASK_SENDER = "Vertrouw het bestand niet zomaar: vraag de afzender om een nieuwe export."
OTHER_PACKAGES = {
    "xl/workbook.bin": "dit is een binaire werkmap (.xlsb)",
    "word/": "dit is een Word-document, geen werkmap",
    "ppt/": "dit is een PowerPoint-presentatie, geen werkmap",
    "Index/": "dit is een bestand van Apple Numbers, geen Excel-werkmap",
    "content.xml": "dit is een OpenDocument-bestand (zoals .ods), geen Excel-werkmap",
}


@dataclass
class Package:
    """An open zip whose directory is sound."""

    file: str
    archive: zipfile.ZipFile
    limits: Limits
    unpacked: int = 0  # bytes of all parts so far

    @cached_property
    def parts(self) -> dict[str, zipfile.ZipInfo]:
        """By name, as Excel writes names; some programs write backslashes in them."""
        return {info.filename.replace("\\", "/").lstrip("/"): info for info in self.archive.infolist()}

    def blocks(self, name: str) -> Iterator[bytes]:
        """The part's bytes, unpacked once and piece by piece; refused as soon as it is a bomb, corrupt or no plain XML.

        The data and not the directory say how long a part is: the reader that comes after goes by the data too.
        """
        if name not in self.parts:
            raise self.corrupt()
        listed = self.parts[name]
        unbounded = copy.copy(listed)
        unbounded.file_size = sys.maxsize
        size, tail = 0, b""
        try:
            with self.archive.open(unbounded) as handle:
                while block := handle.read(BLOCK):
                    self._check_size(size := size + len(block), listed.compress_size)
                    self._check_markup(tail + block, first=size == len(block))
                    tail = block[-16:]
                    yield block
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError):
            raise self.corrupt() from None
        if size != listed.file_size:
            raise self.corrupt()
        self.unpacked += size

    def _check_size(self, size: int, packed: int) -> None:
        if self.swells(size, packed) or self.unpacked + size > self.limits.unpacked_megabytes * MEGABYTE:
            raise self.bomb()

    def swells(self, size: int, packed: int) -> bool:
        """Whether a part is larger than its packed size can explain."""
        return size > SMALL and size > self.limits.ratio * max(packed, 1)

    def _check_markup(self, block: bytes, first: bool) -> None:
        if b"<!DOCTYPE" in block or b"<!ENTITY" in block:
            problem = "in de werkmap staat een DTD of entiteit; geen enkel rekenprogramma schrijft die"
            raise refuse(self.file, problem, ASK_SENDER)
        if first:
            declared = re.match(rb"(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*[\"']([^\"']+)", block)
            encoding = declared.group(1).lower() if declared else b"utf-8"
            if b"\x00" in block or encoding not in (b"utf-8", b"us-ascii", b"ascii"):
                raise refuse(self.file, "de werkmap is in een ongewone tekencodering opgeslagen", SAVE_AGAIN)

    def tree(self, name: str) -> Element:
        """A small part as an XML tree."""
        try:
            return defusedxml.ElementTree.fromstring(b"".join(self.blocks(name)), forbid_dtd=True)
        except (ParseError, DefusedXmlException, ValueError):
            raise self.corrupt() from None

    def corrupt(self) -> Refused:
        return refuse(self.file, CORRUPT, EXPORT_AGAIN)

    def unusual(self) -> Refused:
        return refuse(self.file, "de werkmap is op een ongewone manier opgebouwd en wordt niet gelezen", SAVE_AGAIN)

    def bomb(self) -> Refused:
        problem = "de werkmap wordt bij het uitpakken veel groter dan een echte werkmap en wordt daarom niet gelezen"
        advice = f"{ASK_SENDER} Is de werkmap echt zo groot, verwijder dan lege opgemaakte rijen of splits de export."
        return refuse(self.file, problem, advice)


def open_package(handle: BinaryIO, file: str, limits: Limits) -> Package:
    """The open file as a package whose directory has been checked; raises Refused when it is no workbook."""
    try:
        archive = zipfile.ZipFile(handle)
    except Exception:  # besides BadZipFile, directories made to hurt let struct.error and others out
        raise refuse(file, CORRUPT, EXPORT_AGAIN) from None
    package = Package(file, archive, limits)
    _check_directory(package)
    return package


def _check_directory(package: Package) -> None:
    listed, limits = package.archive.infolist(), package.limits
    if any(info.flag_bits & 1 for info in listed):
        advice = "Pak het bestand uit en lever de werkmap zonder wachtwoord aan."
        raise refuse(package.file, "het bestand is met een wachtwoord beveiligd (zip)", advice)
    if "xl/workbook.xml" not in package.parts:
        raise _refuse_package(package)
    if len(listed) > limits.parts or sum(info.file_size for info in listed) > limits.unpacked_megabytes * MEGABYTE:
        raise package.bomb()
    if any(package.swells(info.file_size, info.compress_size) for info in listed):
        raise package.bomb()
    if len({name.lower() for name in package.parts}) < len(listed):
        raise package.unusual()
    if any(info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in listed):
        raise package.unusual()


def _refuse_package(package: Package) -> Refused:
    for start, problem in OTHER_PACKAGES.items():
        if any(name.startswith(start) for name in package.parts):
            return refuse(package.file, problem, SAVE_AS_XLSX)
    problem = "dit is een zip-bestand, maar geen Excel-werkmap"
    return refuse(package.file, problem, "Pak het bestand uit en lever de werkmappen die erin zitten los aan.")


def local_name(tag: str) -> str:
    """The name of an element or attribute without its name space."""
    return tag.rpartition("}")[2]
