"""Reads government-information-disclosure annual reports into one checked dataset."""

__version__ = "0.1.0"
