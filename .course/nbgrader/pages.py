"""What teachers see of submissions in a browser: words and pictures, and nothing that runs.

A script in a student's output would run in the teacher's session, which may give points and read files.
"""

import bleach
from bleach.css_sanitizer import CSSSanitizer
from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter

TAGS = {
    *bleach.ALLOWED_TAGS,
    *"br caption col colgroup dd del details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr img ins kbd mark p pre s small span".split(),
    *"sub summary sup table tbody td tfoot th thead tr u var".split(),
}
ATTRIBUTES = {
    **bleach.ALLOWED_ATTRIBUTES,
    "*": ["class", "id", "style", "title", "colspan", "rowspan", "align"],
    "a": lambda tag, name, value: name == "title" or (name == "href" and not value.strip().lower().startswith("data:")),
    "img": lambda tag, name, value: name in ("alt", "width", "height") or (name == "src" and value.startswith("data:image/")),
}


def clean(html):
    html = html.decode() if isinstance(html, bytes) else str(html)
    return bleach.clean(html, tags=TAGS, attributes=ATTRIBUTES, protocols=["http", "https", "mailto", "data"], css_sanitizer=CSSSanitizer())


_exporter = HTMLExporter()


@pass_context
def markdown(context, source):
    """nbconvert's filter of that name. nbgrader's templates show cells of Markdown by it, without cleaning what it gives."""
    return clean(_exporter.markdown2html(context, source))


FILTERS = {"clean_html": clean, "markdown2html": markdown}
