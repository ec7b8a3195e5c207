#!/bin/sh
# Unpacks the packaged service as an installation does, and runs an agent once to write an AOT cache of
# its classes, because integration tests start it some fifteen times.
# archive-service.sh JAVA_HOME JAR DIRECTORY CLI POSTGRES
set -eu
java=$1/bin/java jar=$2 service=$3 cli=$4 postgres=$5

rm -rf "$service"
mkdir -p "$service"
"$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Djarmode=tools -jar "$jar" \
  extract --force --destination "$service" >/dev/null

for name in $(env | sed -n 's/^\(\(AGENTLEDGER\|ANTHROPIC\|CLAUDE\|OTEL\|SENTRY\|SPRING\)_[A-Z0-9_]*\)=.*/\1/p'); do
  unset "$name"
done
home=$service/home
export AGENTLEDGER_HOME="$home" AGENTLEDGER_PORT=0 AGENTLEDGER_RSOCKET_PORT=0 CLAUDE_CLI_PATH="$cli"
# The same options as in ServiceProcess: the JVM rejects a cache that was written with others.
"$java" -Xmx512m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:ReservedCodeCacheSize=240m \
  --enable-native-access=ALL-UNNAMED -XX:AOTCacheOutput="$service/unfinished.aot" \
  -jar "$service/${jar##*/}" --agentledger.postgres.binaries="$postgres" \
  --agentledger.model.upstream=rehearsal --agentledger.model.warm-up=0s >"$service/log" 2>&1 &
process=$!
failed() {
  kill $process 2>/dev/null || true
  echo "the AOT cache of the service was not written:" >&2
  tail -n 40 "$service/log" >&2
  exit 1
}
until [ -e "$home/service.json" ]; do
  kill -0 $process 2>/dev/null || failed
  sleep 0.1
done
# One run of an agent, so that the cache includes the classes that every test needs.
port=$(sed -n 's/.*"port" *: *\([0-9]*\).*/\1/p' "$home/service.json")
curl -fsS -H "X-API-Key: $(cat "$home/owner.key")" -H "Content-Type: application/json" \
  -d '{"prompt": "scenario: nonce"}' "http://127.0.0.1:$port/api/v1/query/single" \
  >>"$service/log" || failed
kill $process
wait $process || [ $? -eq 143 ] || failed
[ -s "$service/unfinished.aot" ] || failed
mv "$service/unfinished.aot" "$service/service.aot"
rm -rf "$home"
