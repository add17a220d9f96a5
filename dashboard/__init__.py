"""Shows a govreport dataset: the Streamlit app and the static site draw from the same views."""
