"""The part of the program that knows Streamlit: state, cached resources, texts, drawing helpers."""
