"""Tests that read what their service logs."""

import re
import time
import unittest


class Logged(unittest.TestCase):
    """A service, and how often it says something."""

    def lines(self, pattern, at_least):
        """The lines of the log that match, as soon as there are that many."""
        end = time.monotonic() + 20
        while True:
            self.service.log.flush()
            found = [line for line in self.service.log_path.read_text().splitlines() if re.search(pattern, line)]
            if len(found) >= at_least or time.monotonic() > end:
                return found
            time.sleep(0.05)
