"""Many files in, one dataset out: intake, joining, rows, rules, a version written."""
