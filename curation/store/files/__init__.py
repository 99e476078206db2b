"""A workspace as a file: its key, its copies and backups, damage, and what takes its place.

`connecting` opens one past SQLAlchemy, `ciphers` holds the keys of those that are encrypted, and
`encrypting` writes one under another key. `safety` makes copies, `rotation` the daily ones.
`backup` and `backup_reading` are the ZIP of lines. `damage` sees what is wrong, `asides` gives
such a file another name, `salvaging` reads what is left; `restoring` lets a backup be the
workspace, and `replacing` does where that is damaged.
"""
