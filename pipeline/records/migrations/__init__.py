"""The history of the tables, as Alembic runs it; each step is a file under versions/, never changed once released."""
