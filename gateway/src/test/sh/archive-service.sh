#!/bin/sh
# Unpacks the packaged service as an installation does, and writes its AOT cache, because integration
# tests start it some fifteen times.
# archive-service.sh JAVA_HOME JAR DIRECTORY CLI POSTGRES
set -eu
java=$1/bin/java jar=$2 service=$3 cli=$4 postgres=$5

rm -rf "$service"
mkdir -p "$service"
"$java" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Djarmode=tools -jar "$jar" \
  extract --force --destination "$service" >/dev/null
export CLAUDE_CLI_PATH="$cli"
# The same options as in ServiceProcess: the JVM rejects a cache that was written with others.
exec sh "$(dirname "$0")/../../../../deploy/aot-cache.sh" "$service/service.aot" \
  "$service/${jar##*/}" "$java" \
  -Xmx512m -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:ReservedCodeCacheSize=240m \
  --enable-native-access=ALL-UNNAMED \
  -Dagentledger.postgres.binaries="$postgres" -Dagentledger.model.warm-up=0s
