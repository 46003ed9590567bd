"""Alembic runs this for every command: migrations run on the connection that was opened for them."""

from alembic import context

from bot.stores.tables import METADATA

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=METADATA)
with context.begin_transaction():
    context.run_migrations()
