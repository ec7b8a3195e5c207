#!/bin/sh
# Writes what makes a start of the service cost about half: bean definitions that Spring generates,
# and an AOT cache (JDK 25, JEP 514). Starts the service in a temporary home for it, lets an agent
# answer one prompt, and stops it again.
#
# aot-cache.sh CACHE JAR JAVA OPTION...
#   CACHE     the file to write, NAME.aot; it exists only when it and NAME.jar, which contains the
#             definitions, are complete. A JDK without compiler writes no NAME.jar.
#   JAR       the service, beside its libraries
#   OPTION    options of the JVM; it rejects a cache that was written with some others
#
# A start with the cache: JAVA -XX:AOTCache=CACHE OPTION... -cp JAR:NAME.jar MAIN_CLASS
#
# CLAUDE_CLI_PATH names the CLI. The terminated script (SIGTERM) leaves neither a process nor a file.
set -eu
# Any other variable could be a setting.
if [ -z "${AOT_CACHE_CLEAN:-}" ]; then
  exec env -i AOT_CACHE_CLEAN=yes PATH="$PATH" ${HOME:+"HOME=$HOME"} ${TMPDIR:+"TMPDIR=$TMPDIR"} \
    ${LANG:+"LANG=$LANG"} ${LC_ALL:+"LC_ALL=$LC_ALL"} \
    ${CLAUDE_CLI_PATH:+"CLAUDE_CLI_PATH=$CLAUDE_CLI_PATH"} sh "$0" "$@"
fi
cache=$1 jar=$2 java=$3
shift 3
definitions=${cache%.aot}.jar
main=io.agentledger.gateway.AgentledgerApplication

work=$(mktemp -d)
chmod 711 "$work" # The users of sessions pass through it.
home=$work/home
export AGENTLEDGER_HOME="$home" AGENTLEDGER_PORT=0 AGENTLEDGER_RSOCKET_PORT=0
export AGENTLEDGER_MODEL_UPSTREAM=rehearsal

# The processes of the temporary home besides the service: PostgreSQL and agents.
others() {
  # A path on this command line would be found, too.
  printf %s "$work/" | grep -lsaFf - /proc/[0-9]*/cmdline | sed 's/[^0-9]//g' || true
}

# Ends the service at once, for nothing of its temporary home is kept. SIGQUIT is PostgreSQL's
# immediate shutdown; supervisors of agents ignore it.
process=
end() {
  trap '' TERM INT HUP
  if [ -n "$process" ]; then
    kill -9 "$process" 2>/dev/null || true
    wait "$process" 2>/dev/null || true
    tries=0 signal=QUIT
    while left=$(others) && [ -n "$left" ] && [ $tries -lt 150 ]; do
      # shellcheck disable=SC2086 # Numbers.
      kill -$signal $left 2>/dev/null || true
      tries=$((tries + 1))
      if [ $tries -eq 10 ]; then signal=KILL; fi
      sleep 0.2
    done
  fi
  rm -rf "$work" "$cache.new"
  [ -s "$cache" ] || rm -f "$definitions"
}
trap end EXIT
trap 'exit 143' TERM INT HUP

failed() {
  echo "$1 of the service was not written:" >&2
  tail -n 40 "$work/log" >&2
}
cache_failed() {
  failed "the AOT cache"
  exit 1
}

# Runs a program; a signal ends the wait for it.
run() {
  "$@" >>"$work/log" 2>&1 &
  process=$! status=0
  wait $process || status=$?
  process=
  return $status
}

generate_definitions() {
  mkdir "$work/sources" "$work/classes"
  run "$java" "$@" -cp "$jar" org.springframework.boot.SpringApplicationAotProcessor $main \
    "$work/sources" "$work/classes" "$work/classes" io.agentledger gateway || return
  find "$work/sources" -name '*.java' | sed 's/.*/"&"/' >"$work/files"
  run "$jdk/javac" -nowarn -proc:none -parameters -d "$work/classes" -cp "$work/classes:$jar" \
    "@$work/files" || return
  run "$jdk/jar" --create --file "$work/definitions.jar" -C "$work/classes" . || return
  mv "$work/definitions.jar" "$definitions"
}

# The JVM rejects a cache without the definitions that it was written with.
rm -f "$cache" "$definitions"
jdk=$(dirname "$java")
if [ -x "$jdk/javac" ]; then generate_definitions "$@" || failed "the bean definitions"; fi
set -- "$@" -cp "$jar:$definitions" $main

"$java" -XX:AOTMode=record -XX:AOTConfiguration="$work/service.aotconf" "$@" >>"$work/log" 2>&1 &
process=$!
until [ -e "$home/service.json" ]; do
  kill -0 "$process" 2>/dev/null || cache_failed
  sleep 0.2
done
port=$(sed -n 's/.*"port" *: *\([0-9]*\).*/\1/p' "$home/service.json")
curl -fsS --max-time 120 -H "X-API-Key: $(cat "$home/owner.key")" \
  -H "Content-Type: application/json" -d '{"prompt": "scenario: nonce"}' \
  "http://127.0.0.1:$port/api/v1/query/single" >>"$work/log" 2>&1 &
wait $! || cache_failed # A signal ends the wait.
kill "$process"
wait "$process" || [ $? -eq 143 ] || cache_failed
run "$java" -XX:AOTMode=create -XX:AOTConfiguration="$work/service.aotconf" \
  -XX:AOTCache="$cache.new" "$@" || cache_failed
[ -s "$cache.new" ] || cache_failed
mv "$cache.new" "$cache"
