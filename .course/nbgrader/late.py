"""What a submission loses that comes after the due date. A course chooses it in its nbgrader_config.py."""

import math

from nbgrader.plugins import BasePlugin
from traitlets import Float


class ByDay(BasePlugin):
    share = Float(0.1, help="What each day that has begun takes of the points earned.").tag(config=True)

    def late_submission_penalty(self, student_id, score, total_seconds_late):
        days = math.ceil(total_seconds_late / 86_400)
        return round(min(1, days * self.share) * score, 2)
