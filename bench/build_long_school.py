"""Makes the school of `bench.school` on top of a long log: `python -m bench.build_long_school <activities>
<checkpoints>`.

The log is that of `bench.verify`, in a course of its own. Its last line is JSON: the fields of `School`.
"""

import asyncio
import sys

import orjson

from bench import build_school, verify
from services.core import database

LEARNERS = 1_000
"""of the course with the long log"""


async def main() -> None:
    """Build, and print."""
    activities, checkpoints = int(sys.argv[1]), int(sys.argv[2])
    try:
        teacher = await verify.build(activities=activities, learners=min(LEARNERS, max(1, activities // 100)))
        school = await build_school.build(checkpoints, 0, teacher=teacher)
    finally:
        database.close()
    print(orjson.dumps(school).decode())


if __name__ == '__main__':
    asyncio.run(main())
