"""Fictional reports with known answers in, how well they were read and judged out."""
