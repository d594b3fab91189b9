"""Lets Alembic work on the connection it is handed, inside that connection's transaction."""

from alembic import context

from pipeline.records.models import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
