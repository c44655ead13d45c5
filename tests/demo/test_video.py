"""The video of the demo school is one that an instructor could have given."""

from pathlib import Path

import pytest

from demo import video
from services.content.uploads import file_types
from services.content.uploads.file_types import Found
from services.content.uploads.slots import WEBM, Part

pytestmark = pytest.mark.req('O4', 'S5')


async def test_the_video_and_its_captions_are_fit_to_be_given(tmp_path: Path, data_dir: Path) -> None:
    video_file, captions = tmp_path / 'film', tmp_path / 'captions'
    video_file.write_bytes(video.make_video())
    captions.write_bytes(video.CAPTIONS)

    assert await file_types.look_into(Part.VIDEO, video_file) == Found(media_type=WEBM, seconds=20.0)
    assert video_file.stat().st_size < 1_000_000
    assert (await file_types.look_into(Part.CAPTIONS, captions)).media_type == 'text/vtt'
