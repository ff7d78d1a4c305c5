#!/bin/sh
# The part of the official image's entrypoint that compose.yaml and the pods of the overlay `local` rely on: a database on
# the first start, also for a user whom the image does not know; then exec.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  umask 077
  if ! getent passwd "$(id -u)" >/dev/null; then
    echo "postgres:x:$(id -u):$(id -g)::/:/bin/false" >/tmp/passwd
    echo "postgres:x:$(id -g):" >/tmp/group
    export LD_PRELOAD=libnss_wrapper.so NSS_WRAPPER_PASSWD=/tmp/passwd NSS_WRAPPER_GROUP=/tmp/group
  fi
  printf '%s' "$POSTGRES_PASSWORD" >/tmp/password
  initdb -D "$PGDATA" -U "$POSTGRES_USER" --auth-local=trust --auth-host=scram-sha-256 --pwfile=/tmp/password >/dev/null
  echo "host all all all scram-sha-256" >>"$PGDATA/pg_hba.conf"
  echo "CREATE DATABASE $POSTGRES_DB" | postgres --single -D "$PGDATA" postgres >/dev/null
  rm -f /tmp/password /tmp/passwd /tmp/group
  unset LD_PRELOAD NSS_WRAPPER_PASSWD NSS_WRAPPER_GROUP
fi
exec "$@" -c listen_addresses='*' -c unix_socket_directories=/var/run/postgresql,/tmp
