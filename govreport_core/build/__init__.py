"""Many files in, one dataset out: intake, what stands beside them, joining, rows, rules, writing."""
