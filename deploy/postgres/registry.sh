#!/bin/sh
# Books and registry have a role and a database of their own; Temporal's tables are out of that role's reach.
set -eu
psql --username "$POSTGRES_USER" --dbname postgres --set ON_ERROR_STOP=1 \
  --set password="$(cat "${REGISTRY_PASSWORD_FILE:-/run/secrets/mingjian_registry_password}")" <<'SQL'
CREATE ROLE mingjian LOGIN PASSWORD :'password';
CREATE DATABASE mingjian OWNER mingjian ENCODING 'UTF8' TEMPLATE template0;
REVOKE CONNECT ON DATABASE mingjian FROM PUBLIC;
GRANT CONNECT ON DATABASE mingjian TO mingjian;
SQL
