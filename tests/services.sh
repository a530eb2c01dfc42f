#!/usr/bin/env bash
# The suite again on PostgreSQL and Redis, with the tests that only they can answer.
# Usage: tests/services.sh PYTHON [pytest's arguments]. POSTGRESQL_URL and REDIS_URL say where they are.
set -euo pipefail
python=$1
shift
export DATABASE_URL=${POSTGRESQL_URL:-postgres://postgres@127.0.0.1:5432/postgres}
export REDIS_URL=${REDIS_URL:-redis://127.0.0.1:6379}
export PALABRE_TESTING=1
"$python" - <<'CODE'
import os
import sys

import psycopg
import redis

try:
    psycopg.connect(os.environ["DATABASE_URL"], connect_timeout=5).close()
    redis.Redis.from_url(os.environ["REDIS_URL"], socket_connect_timeout=5).ping()
except (psycopg.OperationalError, redis.RedisError) as error:
    sys.exit(f"PostgreSQL and Redis must answer for these tests (.ci/run installs and starts them): {error}")
CODE
# What starts processes on a database of their own, makes files or looks at words would only do the same again.
once=(tests/checks tests/documents tests/journeys/test_killed.py tests/journeys/test_killed_writing.py tests/journeys/test_demo_command.py)
once+=(tests/sweeps/test_languages.py tests/sweeps/test_others_forms.py)
exec "$python" -m pytest -n auto --maxschedchunk 4 -m "not browser and not commands" "${once[@]/#/--ignore=}" "$@"
