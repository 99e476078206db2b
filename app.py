"""The app: page settings, language, navigation."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from curation.ui.frame import begin_app, errors_shown
from curation.ui.pages import all_pages

# A picture of our own: for a `:material/...:` page icon the browser would ask Google's servers.
icon = Path(__file__).parent / "curation" / "ui" / "assets" / "icon.svg"
st.set_page_config(page_title="如我 Ruwo", page_icon=str(icon), layout="wide")
begin_app()
with errors_shown():
    # All of them: folded away behind "more", the last steps of the work would not be found.
    page = st.navigation(all_pages(), expanded=True)
    st.set_page_config(page_title=f"{page.title} · 如我 Ruwo")
    page.run()
