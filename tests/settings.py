"""The project's settings as tests run them."""

import os

os.environ.setdefault("PALABRE_TESTING", "1")
if os.environ.get("REDIS_URL") and (worker := os.environ.get("PYTEST_XDIST_WORKER")):
    # Each process of the suite has a Redis database of its own: a test that empties the cache empties no other's.
    os.environ["REDIS_URL"] = f"{os.environ['REDIS_URL'].rstrip('/')}/{int(worker.removeprefix('gw')) + 1}"

from config.settings import *  # noqa: F403

# Looking through all static files takes longer than most tests; each is looked for when it is asked for.
WHITENOISE_AUTOREFRESH = True
