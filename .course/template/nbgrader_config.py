"""The settings of this course. What nbgrader must know of TypeScript, and how it grades, it reads from
{{PROJECT}}/.setup/jupyter/nbgrader_config.py, which ./course points it to; what stands here comes after that and wins."""

import os

c = get_config()  # noqa: F821 (traitlets gives it)

here = os.path.dirname(os.path.abspath(__file__))
c.CourseDirectory.course_id = "{{NAME}}"
c.CourseDirectory.root = here

# Where releases and submissions meet. For students with accounts on the same machine, a folder that all may read.
c.Exchange.root = os.path.join(here, "exchange")

# c.Examine.timeout = 30         # seconds of a cell, and of one call of an answer
# c.Examine.memory = 2000        # MB of a submission

# How `zip_collect` finds student and notebook in the names of files that an LMS or a mail program gives:
# ada_06_2026-11-20_06-clipping.ipynb is 06-clipping.ipynb of ada.
c.FileNameCollectorPlugin.named_regexp = r"(?:.*/)?(?P<student_id>[^_/]+)_(?:.*_)?(?P<file_id>[^_/]+)$"

# 10 % less for each day that began after the due date: remove the # below.
# c.AssignLatePenalties.plugin_class = "late.ByDay"
