"""How alembic runs here: on SQLite with foreign keys off, so that rebuilding a table cascades to no other."""

from alembic import context
from sqlalchemy import text

from migrations import is_compared
from models import metadata
from services.core.engines import open_for_upkeep


def run() -> None:
    """Run the migrations that are asked for, in one transaction, and check that no row lost its parent."""
    engine = open_for_upkeep(context.config.attributes['url'])
    with engine.connect() as connection:
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=True,
            compare_type=True,
            include_object=is_compared,
            transactional_ddl=True,  # alembic thinks that SQLite cannot; with a BEGIN of our own it can
        )
        with context.begin_transaction():
            context.run_migrations()
            if connection.dialect.name == 'sqlite' and (orphans := connection.execute(_CHECK).all()):
                raise RuntimeError(f'the migration would orphan rows: {orphans[:5]}')
        connection.commit()
    engine.dispose()


_CHECK = text('PRAGMA foreign_key_check')

run()
