#!/bin/sh
# Makes the passwords of the cluster and the certificates of its archive and mail catcher, once; those that are there stay.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
for name in temporal_database_password mingjian_registry_password mingjian_archive_secret \
  mingjian_smtp_password; do
  if [ ! -s "secrets/$name" ]; then
    od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"secrets/$name"
  fi
done
for host in archive mail; do
  if [ ! -s "secrets/${host}_certificate" ]; then
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj "/CN=$host" \
      -addext basicConstraints=critical,CA:FALSE -addext "subjectAltName=DNS:$host,DNS:localhost,IP:127.0.0.1" \
      -keyout "secrets/${host}_certificate_key" -out "secrets/${host}_certificate" 2>/dev/null
  fi
done
# The same password as the catcher reads it: user and password in one line.
printf 'mingjian:%s\n' "$(cat secrets/mingjian_smtp_password)" >secrets/mail_login
# A container reads them as a user of its own; the folder keeps everyone else on this machine out.
chmod 644 secrets/*
