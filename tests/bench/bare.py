"""The limit: no framework, one prepared sentence of SQL, PostgreSQL makes the JSON of the very same rows."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

import psycopg2

ROWS = """
SELECT COALESCE(json_agg(page), '[]')::text FROM (
    SELECT need.id, need.number, need.title, need.area_id AS area, area.name AS area_name, need.place, need.state,
           need.urgent, category.name AS category, holder.name AS holder, need.created_at, need.reply_by,
           need.first_reply_at, need.done_by,
           CASE WHEN need.ended_at IS NULL THEN json_build_object(
               'name', COALESCE(unit.name, holder.name, desk.name), 'office', desk.name,
               'since', need.held_since, 'until', COALESCE(stage.due_at::date, need.done_by, need.reply_by)
           ) END AS hand
    FROM needs_need AS need
    JOIN people_area AS area ON area.code = need.area_id
    JOIN people_area AS desk
        ON desk.code = CASE need.office WHEN 'community' THEN need.area_id ELSE need.street_code END
    LEFT JOIN members_memberunit AS unit ON unit.id = need.unit_id
    LEFT JOIN deadlines_stage AS stage
        ON need.state = 'pending_acceptance' AND stage.subject = 'need:' || need.id AND stage.outcome = 'running'
    LEFT JOIN needs_category AS category ON category.id = need.category_id
    LEFT JOIN people_user AS holder ON holder.id = need.holder_id
    WHERE need.street_code = %s
    ORDER BY need.created_at DESC, need.id DESC
    LIMIT 25
) AS page
"""
_connections: list[Any] = []


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """WSGI. One connection is enough: the measurement has one client."""
    if not _connections:
        connection = psycopg2.connect(os.environ["DATABASE_URL"])
        connection.autocommit = True
        _connections.append(connection)
    with _connections[0].cursor() as cursor:
        cursor.execute(ROWS, [os.environ["BENCH_STREET"]])
        body = cursor.fetchone()[0].encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
