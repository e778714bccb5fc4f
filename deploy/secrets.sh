#!/bin/sh
# Makes the passwords of the cluster and the certificate of its archive, once; those that are there stay.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
for name in temporal_database_password mingjian_registry_password mingjian_archive_secret; do
  if [ ! -s "secrets/$name" ]; then
    od -An -N24 -tx1 /dev/urandom | tr -d ' \n' >"secrets/$name"
  fi
done
if [ ! -s secrets/archive_certificate ]; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 3650 -subj /CN=archive \
    -addext basicConstraints=critical,CA:FALSE -addext subjectAltName=DNS:archive,DNS:localhost,IP:127.0.0.1 \
    -keyout secrets/archive_certificate_key -out secrets/archive_certificate 2>/dev/null
fi
# A container reads them as a user of its own; the folder keeps everyone else on this machine out.
chmod 644 secrets/*
