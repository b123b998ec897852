"""Pages of notebooks: our template beside nbconvert's, and stills before what needs JupyterLab."""

import os
from importlib.util import find_spec

c = get_config()  # noqa: F821 (traitlets gives it)

here = os.path.dirname(os.path.abspath(__file__))
c.TemplateExporter.extra_template_basedirs = [os.path.join(here, "templates")]
c.HTMLExporter.template_name = "unrolled"
# The templates by their folder's name, and where the plotly.min.js of the package is.
c.TemplateExporter.extra_template_paths = [os.path.join(here, "templates")] + [
    os.path.join(folder, "package_data")
    for folder in find_spec("plotly").submodule_search_locations
]


from nbconvert.preprocessors import Preprocessor  # noqa: E402


class Slides(Preprocessor):
    """Where a notebook does not say it itself: a slide for each heading, one below it for each text that follows, code and its
    output on the slide of the text before, and no slide for imports."""

    def preprocess_cell(self, cell, resources, index):
        if "slideshow" not in cell.metadata:
            cell.metadata["slideshow"] = {"slide_type": self.kind(cell)}
        return cell, resources

    def kind(self, cell):
        if cell.cell_type == "markdown":
            return "slide" if cell.source.startswith("#") else "subslide"
        return "skip" if cell.source.startswith("import ") else "-"


c.SlidesExporter.template_name = "reveal"
c.SlidesExporter.preprocessors = [Slides]
