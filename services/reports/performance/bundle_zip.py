"""The ZIP with the reports of a class on the disk: first each report as a file of its own, then all of them in one."""

import errno
import os
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from zipfile import ZIP_STORED, ZipFile

from services.core.phrases import phrase
from services.core.spooling import KEPT_FREE
from services.core.text import line
from services.core.typesetting import NotPrinted
from settings import settings

LEFT_OUT = 'not printed.txt'


def path_of(bundle_id: int) -> Path:
    """Return where a ZIP is kept."""
    return _folder() / f'{bundle_id}.zip'


def piece(bundle_id: int, user_id: int) -> Path:
    """Return where one report is until the ZIP is packed."""
    return _pieces(bundle_id) / f'{user_id}.pdf'


def check_some_printed(bundle_id: int, enough: int) -> None:
    """Raise `NotPrinted` where so many reports could not be printed, and not a single one could."""
    pieces = _pieces(bundle_id)
    reasons = sorted(pieces.glob('*.reason'))
    if len(reasons) < enough or any(pieces.glob('*.pdf')):
        return
    said = reasons[0].read_text()
    for reason in reasons:
        reason.unlink()
    raise NotPrinted(phrase('{reason}', reason=said))


def reason_of(place: Path) -> Path:
    """Return where the reason is kept why a report could not be printed."""
    return place.with_suffix('.reason')


def keep(place: Path, pdf: bytes) -> None:
    """Put a PDF in its place whole or not at all."""
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if shutil.disk_usage(place.parent).free - len(pdf) < KEPT_FREE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    part = place.with_suffix(f'.{os.getpid()}.part')
    try:
        part.write_bytes(pdf)
        part.replace(place)
    finally:
        part.unlink(missing_ok=True)


def pack(bundle_id: int, names: Sequence[tuple[int, str]]) -> int:
    """Put all reports into the ZIP, one after the other; nothing of it is held in memory.

    Returns how many are left out.
    """
    whole = path_of(bundle_id)
    places = [(piece(bundle_id, user_id), name) for user_id, name in names]
    made = [(place, name) for place, name in places if place.exists()]
    left_out = [(reason, name) for place, name in places if (reason := reason_of(place)).exists()]
    if shutil.disk_usage(_folder()).free - sum(place.stat().st_size for place, _ in made) < KEPT_FREE:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    part = whole.with_suffix('.part')
    try:
        with part.open('wb') as file:
            with ZipFile(file, 'w', compression=ZIP_STORED) as archive:  # a PDF is compressed already
                for number, (place, name) in enumerate(made, start=1):
                    archive.write(place, f'{number:04} {_plain(name)}.pdf')
                if left_out:
                    listed = ''.join(f'{line(name)}: {reason.read_text()}\n' for reason, name in left_out)
                    archive.writestr(LEFT_OUT, listed)
            file.flush()
            os.fsync(file.fileno())
        part.replace(whole)
    finally:
        part.unlink(missing_ok=True)
    return len(left_out)


def remove_pieces(bundle_id: int) -> None:
    """Remove the single reports of a ZIP."""
    shutil.rmtree(_pieces(bundle_id), ignore_errors=True)


def remove(bundle_id: int) -> None:
    """Remove a ZIP and its single reports."""
    remove_pieces(bundle_id)
    path_of(bundle_id).unlink(missing_ok=True)


def _folder() -> Path:
    return settings().data_dir / 'reports'


def _pieces(bundle_id: int) -> Path:
    return _folder() / str(bundle_id)


def _plain(name: str) -> str:
    """Return a name as a file may be called on any system."""
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]', '_', line(name)).strip(' .') or 'report'
