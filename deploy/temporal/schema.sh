#!/bin/sh
# Temporal's two schemas, made or brought up to date: run before every start of the server; harmless to repeat.
set -eu
SQL_PASSWORD=$(cat "${DATABASE_PASSWORD_FILE:-/run/secrets/temporal_database_password}")
export SQL_PASSWORD
tool=${SQL_TOOL:-temporal-sql-tool}
for half in temporal visibility; do
  database=temporal
  [ "$half" = temporal ] || database=temporal_visibility
  "$tool" --db "$database" create
  # Fails when the schema is there already; the update that follows then tells whether it is sound.
  "$tool" --db "$database" setup-schema -v 0.0 || echo "$database: set up before"
  "$tool" --db "$database" update-schema --schema-name "postgresql/v12/$half"
done
