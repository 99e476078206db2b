"""The commands of `python -m curation`, a module each.

Each has `add`, which tells what the command takes, and what is run. The workflow is imported when
that is: pandas and the database take a second, and --help or a mistyped option should not wait for
them.
"""
