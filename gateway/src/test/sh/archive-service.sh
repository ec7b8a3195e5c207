#!/bin/sh
# Lays the packaged service out as an installation does, and starts it once to write an AOT cache of
# its classes: integration tests start it some twenty times.
# archive-service.sh JAVA_HOME JAR DIRECTORY CLI POSTGRES
set -eu
java=$1/bin/java jar=$2 service=$3 cli=$4 postgres=$5

rm -rf "$service"
mkdir -p "$service"
"$java" -Djarmode=tools -jar "$jar" extract --force --destination "$service" >/dev/null

for name in $(env | sed -n 's/^\(\(AGENTLEDGER\|ANTHROPIC\|CLAUDE\|OTEL\|SENTRY\|SPRING\)_[A-Z0-9_]*\)=.*/\1/p'); do
  unset "$name"
done
home=$service/home
export AGENTLEDGER_HOME="$home" AGENTLEDGER_PORT=0 AGENTLEDGER_RSOCKET_PORT=0 CLAUDE_CLI_PATH="$cli"
# The same options as in ServiceProcess: the JVM refuses a cache that others were used for.
"$java" -Xmx512m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC --enable-native-access=ALL-UNNAMED \
  -XX:AOTCacheOutput="$service/unfinished.aot" -jar "$service/${jar##*/}" \
  --agentledger.postgres.binaries="$postgres" --agentledger.model.upstream=rehearsal \
  --agentledger.model.warm-up=0s >"$service/log" 2>&1 &
process=$!
failed() {
  echo "the AOT cache of the service was not written:" >&2
  tail -n 40 "$service/log" >&2
  exit 1
}
until [ -e "$home/service.json" ]; do
  kill -0 $process 2>/dev/null || failed
  sleep 0.1
done
kill $process
wait $process || [ $? -eq 143 ] || failed
[ -s "$service/unfinished.aot" ] || failed
mv "$service/unfinished.aot" "$service/service.aot"
rm -rf "$home"
