"""Files from real programs, which are not part of the project: they are in a folder `shared` beside it, if at all."""

from pathlib import Path

from tests.support.servers import skip_or_insist


def shared(name: str) -> bytes:
    """Return a file of the shared folder; without that folder the test is skipped, or fails where all have to run."""
    for parent in Path(__file__).resolve().parents:
        if (parent / 'shared' / name).is_file():
            return (parent / 'shared' / name).read_bytes()
    return skip_or_insist(f'There is no file shared/{name} beside the project.')


def shared_names(folder: str) -> list[str]:
    """Return the names of all files below a shared folder; without it the test is skipped, or fails."""
    for parent in Path(__file__).resolve().parents:
        if (found := parent / 'shared' / folder).is_dir():
            return sorted(str(path.relative_to(found)) for path in found.rglob('*') if path.is_file())
    return skip_or_insist(f'There is no folder shared/{folder} beside the project.')
