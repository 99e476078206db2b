"""What an address leads to that no page has: so it is said, and where to go on."""

from __future__ import annotations

import streamlit as st

from curation.ui.catalogue import _
from curation.ui.frame import nothing_here, open_workspace
from curation.ui.pages import first_page, go

open_workspace()
with nothing_here(_("There is no page at this address"), _("It may have been typed wrongly.")):
    if st.button(_("Go to the first page"), key="missing-first", icon=":material/arrow_forward:"):
        go(first_page())
