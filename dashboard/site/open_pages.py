"""What was gathered in, the pages about the data itself out: data, feed, corrections, glossary."""

from __future__ import annotations

from collections.abc import Iterator

from dashboard import labels, views
from dashboard.labels import t
from dashboard.site import addresses
from dashboard.site.gather import Gathered
from dashboard.site.opendata.feed import feed_file
from dashboard.site.opendata.listing import listing, structured
from dashboard.views.glossary import glossary as terms
from govreport_core.forms import forms

File = tuple[str, bytes]


def data(gathered: Gathered) -> Iterator[File]:
    """The page that lists what can be taken away."""
    lang = gathered.lang
    yield gathered.draw(
        addresses.DATA,
        "data.html",
        page=listing(gathered.made, lang),
        structured=structured(gathered.made, gathered.draw.options, lang),
        forms=[(labels.form_name(form, lang), form) for form in forms()],
    )


def feed(gathered: Gathered) -> Iterator[File]:
    """The feed of new and changed reports."""
    changed, options = gathered.made.changed, gathered.draw.options
    content = feed_file(gathered.data, gathered.shared, changed, options, gathered.lang)
    yield gathered.folder + addresses.FEED, content


def corrections(gathered: Gathered) -> Iterator[File]:
    """The page of all corrections and replies."""
    page = views.remarks(gathered.shared, gathered.lang)
    yield gathered.draw.again(addresses.CORRECTIONS, "corrections.html", page=page)


def glossary(gathered: Gathered) -> Iterator[File]:
    """The page of terms."""
    yield gathered.draw.again(addresses.GLOSSARY, "glossary.html", groups=terms(gathered.lang))


def publisher(gathered: Gathered) -> Iterator[File]:
    """The page that says who publishes the site, and how its data is cited and corrected."""
    made, options = gathered.made, gathered.draw.options
    cited = t(
        "publisher.cited",
        gathered.lang,
        publisher=options.publisher or options.name(gathered.lang),
        title=t("opendata.title", gathered.lang),
        version=made.version.name,
        address=options.base_url,
    )
    yield gathered.draw(
        addresses.PUBLISHER, "publisher.html", made=made, cited=" ".join(cited.split())
    )
