"""Frames in, frozen view records out: what a screen or a page shows.

App and site draw from these, so a number can't differ between them. Every
function takes the data, what narrows it, and the language of its words.
"""

from dashboard.views.agencies import agencies, agency_page
from dashboard.views.answer import answer, answered
from dashboard.views.asked import amiss, known_rules, name_of, odd, said, without
from dashboard.views.card import card, cell, fitting, report_card
from dashboard.views.card_files import card_frame, card_json
from dashboard.views.circular import circular
from dashboard.views.compare import compare_frame, compared, suggested
from dashboard.views.compare_asked import MOST, Asked, asked
from dashboard.views.compare_form import form_pair
from dashboard.views.context import context
from dashboard.views.coverage import coverage
from dashboard.views.datatables import (
    TABLES,
    WHOLE,
    narrowing,
    table_frame,
    table_pieces,
    table_view,
)
from dashboard.views.draft import draft_frame, draft_view
from dashboard.views.facets import facets
from dashboard.views.filters import BOUNDS, WHERE, Filters, decode, encode
from dashboard.views.find import find
from dashboard.views.groups import groups, region_groups
from dashboard.views.heads import headed
from dashboard.views.listing import agency_years, listing, listing_frame, listing_heads
from dashboard.views.lists import (
    filter_options,
    region_options,
    region_path,
    regions_in,
    report_refs,
)
from dashboard.views.method import method
from dashboard.views.overview import overview
from dashboard.views.region import (
    MEASURES,
    SORTED,
    last_year,
    places,
    places_frame,
    region,
    region_frame,
    regions_failing,
)
from dashboard.views.remarks import remarks, replies_apart
from dashboard.views.rules import checks_view, rule_view, rule_views
from dashboard.views.sides import beside, sides
from dashboard.views.sought import HIGHEST, NOTHING, Sought, passing, sought, theme_options
from dashboard.views.sought import words as sought_words
from dashboard.views.source import blocks, source_window
from dashboard.views.timeliness import timeliness, timeliness_frame
from dashboard.views.wide import WIDE, wide_frame, wide_rows, wide_worded
from dashboard.views.words import words, words_frame
from dashboard.views.words_again import running, running_frame, shared_cut, shared_frame
from dashboard.views.words_themes import theme_table
from dashboard.views.worklist import TAKEN, worklist_frame, worklist_frames, worklist_view
from govreport_core.dataset.export import csv_bytes as to_csv
from govreport_core.dataset.workbook import xlsx_bytes as to_xlsx

__all__ = [
    "BOUNDS",
    "HIGHEST",
    "MEASURES",
    "MOST",
    "NOTHING",
    "SORTED",
    "TABLES",
    "TAKEN",
    "WHERE",
    "WHOLE",
    "WIDE",
    "Asked",
    "Filters",
    "Sought",
    "agencies",
    "agency_page",
    "agency_years",
    "amiss",
    "answer",
    "answered",
    "asked",
    "beside",
    "blocks",
    "card",
    "card_frame",
    "card_json",
    "cell",
    "checks_view",
    "circular",
    "compare_frame",
    "compared",
    "context",
    "coverage",
    "decode",
    "draft_frame",
    "draft_view",
    "encode",
    "facets",
    "filter_options",
    "find",
    "fitting",
    "form_pair",
    "groups",
    "headed",
    "known_rules",
    "last_year",
    "listing",
    "listing_frame",
    "listing_heads",
    "method",
    "name_of",
    "narrowing",
    "odd",
    "overview",
    "passing",
    "places",
    "places_frame",
    "region",
    "region_frame",
    "region_groups",
    "region_options",
    "region_path",
    "regions_failing",
    "regions_in",
    "remarks",
    "replies_apart",
    "report_card",
    "report_refs",
    "rule_view",
    "rule_views",
    "running",
    "running_frame",
    "said",
    "shared_cut",
    "shared_frame",
    "sides",
    "sought",
    "sought_words",
    "source_window",
    "suggested",
    "table_frame",
    "table_pieces",
    "table_view",
    "theme_options",
    "theme_table",
    "timeliness",
    "timeliness_frame",
    "to_csv",
    "to_xlsx",
    "wide_frame",
    "wide_rows",
    "wide_worded",
    "without",
    "words",
    "words_frame",
    "worklist_frame",
    "worklist_frames",
    "worklist_view",
]
