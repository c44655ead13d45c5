"""Makes a quiz and learners who take it, for `bench.quiz_answers`: `python -m bench.build_quiz <questions> <learners>`.

Its last line is JSON: for each learner an access token and the id of the attempt that they have begun.
"""

import asyncio
import sys

import orjson

from bench.quiz_child import build
from services.accounts import tokens
from services.core import database, server_log


async def main() -> None:
    """Build, and print."""
    server_log.set_up()
    try:
        exam = await build(learners=int(sys.argv[2]), questions=int(sys.argv[1]))
        await exam.begin()
        entered = [await database.write(tokens.enter, who.user_id, 'bench') for who in exam.learners]
    finally:
        database.close()
    found = [[each.access_token, exam.papers[index]] for index, each in enumerate(entered)]
    print(orjson.dumps({'attempts': found}).decode())


if __name__ == '__main__':
    asyncio.run(main())
