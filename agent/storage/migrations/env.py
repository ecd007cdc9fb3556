"""Runs migration steps on the connection that `agent.storage.migrate` hands in."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"], target_metadata=context.config.attributes.get("metadata")
)
context.run_migrations()
