"""What the next page needs is fetched while nobody waits."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from curation.ui.components.ahead import widget_scripts


def test_the_scripts_of_the_tables_widgets_are_there_in_this_version_of_streamlit() -> None:
    scripts = widget_scripts()
    kinds = [Path(each).name.split(".")[0] for each in scripts]
    assert kinds == ["Button", "Checkbox", "Pagination", "TextInput"]
    assert all((Path(st.__file__).parent / "static" / each).is_file() for each in scripts)
