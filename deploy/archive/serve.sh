#!/bin/sh
# The S3 server of the archive, over a folder; object lock needs the folder of versions.
set -eu
folder=${ARCHIVE_FOLDER:-/var/lib/archive}
mkdir -p "$folder/data" "$folder/versions"
ROOT_SECRET_ACCESS_KEY=$(cat "${ARCHIVE_SECRET_FILE:-/run/secrets/mingjian_archive_secret}")
export ROOT_SECRET_ACCESS_KEY
exec "${ARCHIVE_SERVER:-/usr/local/bin/versitygw}" --quiet posix --versioning-dir "$folder/versions" "$folder/data"
