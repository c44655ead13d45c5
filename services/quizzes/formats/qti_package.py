"""Packages of questions in QTI: what is in them shows in the files themselves, not in their table of contents."""

import posixpath
import re
from collections.abc import Collection

from services.core.packages import Package
from services.core.phrases import phrase
from services.quizzes.formats import qti2, qti12
from services.quizzes.formats.findings import Findings, Read, Wrong
from services.quizzes.formats.texts import Attached

CANVAS_FILES = '$IMS-CC-FILEBASE$/'
"""what the addresses of files begin with that Canvas keeps in a folder of its own"""
CANVAS_SETTINGS = 'assessment_meta.xml'
_FILES = '.xml', '.qti', '.dat'
"""how files end that can have questions in them; Blackboard calls all of them .dat"""
_TESTS = frozenset({'assessmentTest', 'qti-assessment-test'})
_ROOTS = qti2.ROOTS | _TESTS | {qti12.ROOT}
_ROOT = re.compile(rb'<(?:[A-Za-z0-9_.-]{1,60}:)?([A-Za-z][A-Za-z0-9-]{0,60})[\s/>]')


def root_of(content: bytes, known: frozenset[str]) -> str:
    """Return the name of the outermost element of XML, if it is one of those."""
    beginning = content[:4000].replace(b'\x00', b'')
    return next((tag for found in _ROOT.findall(beginning) if (tag := found.decode()) in known), '')


def read(package: Package) -> Read:
    """Return the questions of all files in a package; raises `Wrong` where it has none."""
    findings = Findings()
    number = read_files = 0
    shown: set[str] = set()
    for name in package.names:
        if not name.endswith(_FILES) or _is_said_better(name, package):
            continue
        content = package.read(name)
        root = root_of(content, _ROOTS)
        if root in _TESTS or posixpath.basename(name) == CANVAS_SETTINGS:
            findings.lose('tests')
        if not root or root in _TESTS:
            continue
        reader = qti12.read_into if root == qti12.ROOT else qti2.read_into
        number = reader(findings, content, _beside(name, package, shown), before=number)
        read_files += 1
        shown.add(name)
    if not read_files:
        raise Wrong(phrase('There are no questions in QTI or table in this ZIP file.'))
    for _ in _not_shown(package, shown):
        findings.lose('unused')
    return findings.read()


def _is_said_better(name: str, package: Package) -> bool:
    """Return whether Canvas wrote the same questions again, with the kinds that others do not know."""
    return f'non_cc_assessments/{posixpath.dirname(name)}.xml.qti' in package


def _not_shown(package: Package, shown: Collection[str]) -> list[str]:
    """Return the files that are no XML, and that no question shows."""
    return [name for name in package.names if not name.endswith(('.xml', '.qti', '/')) and name not in shown]


def _beside(name: str, package: Package, shown: set[str]) -> Attached:
    """Return what finds the files that a file in a package refers to; `shown` takes the names of those."""

    def find(address: str) -> bytes | None:
        from_canvas = address.removeprefix(CANVAS_FILES)
        places = [
            posixpath.join(posixpath.dirname(name), address),
            address,
            posixpath.join('web_resources', from_canvas),
        ]
        found = next((each for each in map(posixpath.normpath, places) if each in package), None)
        if found is None:
            return None
        shown.add(found)
        return package.read(found)

    return find
