"""Another process that sends the mails that are due, as the environment says, until it is killed."""

import asyncio
import sys

from services import projections, timed
from services.core import database
from services.mail import delivery


async def main(url: str) -> None:
    database.open_at(url, projections.ALL)
    await delivery.send_due(timed.MAILS, timed.SENT)
    database.close()


asyncio.run(main(sys.argv[1]))
