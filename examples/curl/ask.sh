#!/bin/sh
# Opens a session, asks, and reads the stream until the answer is there.
set -eu
. "$(dirname "$0")/../service.sh"

session=$(api /sessions -d '{"title": "A first question"}' | jq -r .id)
ask "scenario: text" | jq -r '
  select(.type == "init") | "model asked, in permission mode \(.permission_mode)"'
ask "scenario: text" | jq -r '
  if .type == "message" then "\(.role) says: \(.block.text)"
  elif .type == "result" then "\(.stop_reason) after \(.num_turns) turn for $\(.cost_usd)"
  else empty end'
api "/sessions/$session" | jq -r '"\(.title): \(.runs) runs, \(.activity)"'
