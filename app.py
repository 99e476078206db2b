"""The app: page settings, language, navigation."""

from __future__ import annotations

import streamlit as st

from curation.ui.frame import begin_app
from curation.ui.pages import all_pages

st.set_page_config(page_title="如我 Ruwo", page_icon=":material/chat_bubble:", layout="wide")
begin_app()
st.navigation(all_pages()).run()
