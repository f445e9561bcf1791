#!/bin/sh
# Runs once, when the data directory is made: two roles and the database.
# The owner migrates; the application has no right to rewrite history (see docs/permissions.md).
set -eu
psql --set=ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres \
	--set=owner_password="$OWNER_PASSWORD" --set=app_password="$APP_PASSWORD" <<'SQL'
CREATE ROLE tongxin_owner LOGIN CREATEDB PASSWORD :'owner_password';
CREATE ROLE tongxin_app LOGIN PASSWORD :'app_password';
GRANT tongxin_app TO tongxin_owner WITH INHERIT FALSE, SET TRUE;
ALTER ROLE tongxin_app SET timezone = 'UTC';
ALTER ROLE tongxin_app SET lock_timeout = '3s';
ALTER ROLE tongxin_app SET idle_in_transaction_session_timeout = '60s';
CREATE DATABASE tongxin OWNER tongxin_owner;
SQL
