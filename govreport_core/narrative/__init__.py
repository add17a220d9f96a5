"""The prose of a report in, its sections, points and claims out, each with its place."""
