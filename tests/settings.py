"""The project's settings as tests run them."""

import os

os.environ.setdefault("PALABRE_TESTING", "1")

from config.settings import *  # noqa: E402, F403
