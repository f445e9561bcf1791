#!/bin/sh
# The web process of the container. No access log: addresses of progress pages carry tokens.
set -eu
exec granian --interface wsgi --host 0.0.0.0 --port 8000 \
	--workers "${WEB_WORKERS:-2}" --blocking-threads 4 --blocking-threads-idle-timeout 600 \
	--respawn-failed-workers --workers-kill-timeout 10 --no-ws --no-access-log --log-level warning \
	alliance.wsgi:application
