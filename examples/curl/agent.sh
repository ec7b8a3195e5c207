#!/bin/sh
# An agent: created, used, changed, compared, exported and imported.
set -eu
. "$(dirname "$0")/../service.sh"

name="greeter-$$"
agent=$(api /agents -d '{
  "name": "'"$name"'", "description": "Greets", "instructions": "Greet in one sentence.",
  "session": {"budget_usd": "2.00", "options": {"max_turns": 3, "allowed_tools": ["Read"]}}}' |
  jq -r .id)
answer=$(api /query/single -d '{"agent_id": "'"$agent"'",
  "prompt": "Greet.\n```rehearsal\n- say: Hello.\n```"}')
field "$answer" .result
session=$(field "$answer" .session_id)
api "/sessions/$session" |
  jq -r '"version \(.agent.version), \(.options.max_turns) turns, \(.options.allowed_tools[0])"'

api "/agents/$agent" -X PUT -H 'If-Match: "1"' -d '{
  "name": "'"$name"'", "description": "Greets", "instructions": "Greet at length.",
  "session": {"options": {"max_turns": 9}}}' | jq -r '"version \(.version)"'
api "/agents/$agent/versions/2/diff" |
  jq -r '.changes[] | "\(.pointer): \(.old_value | tojson) -> \(.new_value | tojson)"'
api /sessions -d '{"agent_id": "'"$agent"'", "agent_version": 1}' |
  jq -r '"opened with version \(.agent.version)"'

folder=$(mktemp)
trap 'rm -f "$folder"' EXIT
api "/agents/$agent/export" -o "$folder"
content_type=application/zip
api /agents/import --data-binary "@$folder" | jq -r '"imported: still version \(.version)"'
api "/agents/$agent" -X DELETE
content_type=application/json
api /sessions -d '{"agent_id": "'"$agent"'"}' 2>/dev/null | jq -r .code || true
