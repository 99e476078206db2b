"""The workspace: tables, migrations, queries, journal."""
