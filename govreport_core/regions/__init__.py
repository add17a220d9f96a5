"""Divisions of the state, 1980 to 2024, and kinds of agencies: names in, codes and levels out.

`divisions.csv` (made by `build_divisions` from the packages named there) holds
each code, its names and their years; `aliases.toml` and `kinds.toml` what no
rule derives.
"""

from govreport_core.regions.divisions import names_of
from govreport_core.regions.kinds import Class, classify
from govreport_core.regions.locate import Location, locate

__all__ = ["Class", "Location", "classify", "locate", "names_of"]
