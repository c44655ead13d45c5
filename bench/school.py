"""A school of our own: an instructor, a course with an open class, and students, made before the server starts."""

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from bench.server import ROOT, Home

PATIENCE = 120.0  # seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class School:
    """Where to go and who one is, in cookies; `students` are some of those who have joined already, by name."""

    code: str
    course_id: int
    video_id: int
    """the checkpoint that is a video"""
    instructor: Mapping[str, str]
    students: Mapping[str, Mapping[str, str]]

    @property
    def live_path(self) -> str:
        """The instructor's live page."""
        return f'/courses/{self.course_id}/live'

    @property
    def video_path(self) -> str:
        """The learner's page with the video."""
        return f'/courses/{self.course_id}/learn/{self.video_id}'

    @property
    def class_path(self) -> str:
        """The student's page."""
        return f'/class/{self.course_id}'


async def prepare(home: Home, *, checkpoints: int, students: int = 0, courses: int = 1) -> School:
    """Make the school of this home, in a process of its own, because the product reads its settings only once."""
    return School(**await built_by('bench.build_school', home, checkpoints, students, courses))


async def built_by(module: str, home: Home, *arguments: int, patience: float = PATIENCE) -> dict[str, Any]:
    """Run one of our modules for this home, and return the JSON that it prints last."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, '-m', module, *map(str, arguments)),
        cwd=ROOT,
        env=home.environment,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        written, _ = await asyncio.wait_for(process.communicate(), timeout=patience)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        raise RuntimeError('the school could not be prepared; what it said is above')
    found: dict[str, Any] = orjson.loads(written.splitlines()[-1])
    return found
