#!/usr/bin/env bash
# Runs a command with a private MariaDB and a private Redis: random loopback
# ports, a temporary directory, gone at the end. Their addresses are in
# AIXIN_TEST_MYSQL_DSN (a user that may make databases; each test makes its own)
# and AIXIN_TEST_REDIS_ADDR; one that is given already is used as it is.
#
#   scripts/with-servers.sh go test ./models/store
set -euo pipefail
export PATH="$PATH:/usr/sbin:/sbin"
[ $# -gt 0 ] || { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }

dir=$(mktemp -d "${TMPDIR:-/tmp}/aixin-servers.XXXXXX")
servers=()
child=

# Whatever ends this script also ends what it started, by process id.
stop() {
  trap '' INT TERM HUP
  if [ -n "$child" ]; then
    kill -TERM -- "-$child" 2>/dev/null && wait "$child" 2>/dev/null || true
  fi
  for pid in ${servers[@]+"${servers[@]}"}; do
    kill -TERM "$pid" 2>/dev/null || true
  done
  for pid in ${servers[@]+"${servers[@]}"}; do
    wait "$pid" 2>/dev/null || true
  done
  rm -rf "$dir"
}
trap stop EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

# The sockets are in our directory: it is our server that answers.
ping_mariadb() { mariadb-admin --no-defaults -uroot -S "$dir/mariadb.sock" ping; }
ping_redis() { [ "$(redis-cli -s "$dir/redis.sock" ping)" = PONG ]; }

# start NAME PING COMMAND…: starts a server on a free port ($port) and waits
# until it answers. A port that is taken ends the server at once: another one.
start() {
  local name=$1 ping=$2 pid
  shift 2
  for _ in 1 2 3 4 5; do
    port=$((15000 + RANDOM % 15000))
    # Killed even by kill -9, this script takes its servers along.
    setpriv --pdeathsig TERM "$@" --port "$port" >"$dir/$name.log" 2>&1 </dev/null &
    pid=$!
    for _ in $(seq 600); do
      kill -0 "$pid" 2>/dev/null || break
      if "$ping" >/dev/null 2>&1; then
        servers+=("$pid")
        return
      fi
      sleep 0.05
    done
    kill -TERM "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  echo "with-servers.sh: $name does not start:" >&2
  tail -n 20 "$dir/$name.log" >&2
  exit 1
}

if [ -z "${AIXIN_TEST_MYSQL_DSN:-}" ]; then
  me=$(id -un)
  mariadb-install-db --no-defaults --user="$me" --datadir="$dir/mariadb" \
    --auth-root-authentication-method=normal --skip-test-db >"$dir/install.log" 2>&1 ||
    { tail -n 20 "$dir/install.log" >&2; exit 1; }
  start mariadb ping_mariadb \
    mariadbd --no-defaults --user="$me" --datadir="$dir/mariadb" \
    --socket="$dir/mariadb.sock" --pid-file="$dir/mariadb.pid" --bind-address=127.0.0.1 \
    --skip-name-resolve --skip-log-bin --performance-schema=off --max-connections=500 \
    --character-set-server=utf8mb4 --collation-server=utf8mb4_unicode_ci --default-time-zone=+00:00 \
    --innodb-buffer-pool-size=128M --innodb-flush-log-at-trx-commit=2
  export AIXIN_TEST_MYSQL_DSN="root@tcp(127.0.0.1:$port)/"
  echo "with-servers.sh: MariaDB on port $port"
fi

if [ -z "${AIXIN_TEST_REDIS_ADDR:-}" ]; then
  start redis ping_redis \
    redis-server --bind 127.0.0.1 --unixsocket "$dir/redis.sock" --dir "$dir" --save '' --appendonly no
  export AIXIN_TEST_REDIS_ADDR="127.0.0.1:$port"
  echo "with-servers.sh: Redis on port $port"
fi

# The command has a process group of its own, so that stopping it stops its
# children too: "go test" leaves them behind.
set -m
"$@" </dev/null &
child=$!
set +m
code=0
wait "$child" || code=$?
child=
exit "$code"
