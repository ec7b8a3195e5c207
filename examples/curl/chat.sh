#!/bin/sh
# A chat with a contact: an external agent answers, a user takes over, answers and hands back, and
# the agent answers again. The messaging platform is a stand-in; the service must be permitted to
# reach it and the agent (see README.md).
set -eu
. "$(dirname "$0")/../service.sh"
examples=$(dirname "$0")/..
platform=http://127.0.0.1:${MESSAGING_PORT:-8198}
agent=http://127.0.0.1:${CHAT_AGENT_PORT:-8300}
command -v node >/dev/null || { echo "node is missing." >&2; exit 77; }

secret() { printf whsec_; head -c 24 /dev/urandom | base64; }
platform_secret=$(secret)
agent_secret=$(secret)
directory=$(mktemp -d)
log=$directory/log
: >"$log"
PORT=${platform##*:} MESSAGING_SECRET=$platform_secret \
  node "$examples/messaging/server.mjs" >>"$log" 2>&1 &
platform_process=$!
PORT=${agent##*:} AGENT_SECRET=$agent_secret node "$examples/chat-agent/agent.mjs" >>"$log" 2>&1 &
agent_process=$!
trap 'kill $platform_process $agent_process 2>/dev/null || true; wait; rm -rf "$directory"' EXIT
until [ "$(grep -c listening "$log")" = 2 ]; do
  { kill -0 $platform_process && kill -0 $agent_process; } || { cat "$log" >&2; exit 77; }
  sleep 0.5
done

vault=$(api /vaults -d '{"name": "chat-'$$'"}' | jq -r .id)
# store NAME SECRET
store() {
  api "/vaults/$vault/secrets/$1" -X PUT \
    -d '{"type": "environment_variable", "variable": "SECRET", "value": "'"$2"'"}' >/dev/null
}
store platform "$platform_secret"
store agent "$agent_secret"
channel=$(jq -n --arg vault "$vault" --arg platform "$platform" --arg agent "$agent" '{
    name: "Shop", platform: "http", api_url: $platform,
    credentials: {signing_secret: {vault_id: $vault, name: "platform"}},
    agent: {url: $agent, secret: {vault_id: $vault, name: "agent"}},
    buffer: {quiet_seconds: 0, max_wait_seconds: 1}}' | api /channels -d @-) ||
  { echo "$channel" >&2; exit 77; }
channel_id=$(field "$channel" .id)
api "/channels/$channel_id/test" -X POST >"$directory/test"
jq -e .successful "$directory/test" >/dev/null || { cat "$directory/test" >&2; exit 77; }

# write TEXT: Eve writes.
write() {
  jq -n --arg url "$AGENTLEDGER_URL$(field "$channel" .path)" --arg text "$1" '{$url, $text}' |
    curl -sS --fail-with-body "$platform/write" -d @- >/dev/null
}

# until_message NUMBER STATUS
until_message() {
  until api "/chats/$chat/messages" | jq -e --argjson number "$1" --arg status "$2" \
    '.items[] | select(.number == $number and .status == $status)' >/dev/null; do
    api "/chats/$chat" | jq -e '.escalation == null' >/dev/null || { api "/chats/$chat" >&2; exit 1; }
    sleep 1
  done
}

write "Are you open?"
until api "/channels/$channel_id/chats" | jq -e '.items | length == 1' >/dev/null; do
  sleep 1
done
chat=$(api "/channels/$channel_id/chats" | jq -r '.items[0].id')
until_message 2 sent
api "/chats/$chat/take-over" -X POST | jq -r '"take-over: \(.agent_state)"'
write "Is somebody there?"
until_message 2 read
until_message 3 received
api "/chats/$chat/messages" -d '{"text": "Ada speaking. We open at **nine**."}' >/dev/null
until_message 4 sent
api "/chats/$chat/hand-back" -X POST | jq -r '"hand-back: \(.agent_state)"'
write "Thanks!"
until_message 4 read
until_message 6 sent

api "/chats/$chat/messages" | jq -r '.items[] | "\(.number) \(.sender_type), \(.status): \(.text)"'
curl -sS "$platform/received" | jq -r '.[] | "Eve got: \(.)"'
api "/chats/$chat/close" -X POST | jq -r '"chat: \(.status)"'
api "/channels/$channel_id" -X DELETE
