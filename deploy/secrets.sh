#!/bin/sh
# Makes the passwords of the cluster's two database roles, once; those that are there stay.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
for name in temporal_database_password mingjian_registry_password; do
  if [ ! -s "secrets/$name" ]; then
    od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"secrets/$name"
    # A container reads it as a user of its own; the folder keeps everyone else on this machine out.
    chmod 644 "secrets/$name"
  fi
done
