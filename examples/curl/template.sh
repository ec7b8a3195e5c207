#!/bin/sh
# A template with variables for opening sessions, and a clone of a session.
set -eu
. "$(dirname "$0")/../service.sh"

template=$(api /templates -d '{
  "name": "Greeting",
  "variables": [
    {"name": "who", "required": true, "pattern": "[A-Za-z ]+"},
    {"name": "tone", "default_value": "kindly"}],
  "session": {"title": "Greets ${who}", "metadata": {"tone": "${tone}"},
              "options": {"max_turns": 3}},
  "prompt": "Greet.\n```rehearsal\n- say: \"Hello ${who}, ${tone}.\"\n```"}' | jq -r .id)

api /sessions -d '{"template_id": "'"$template"'"}' 2>/dev/null |
  jq -r '.errors[] | "\(.pointer) \(.detail)"' || true

opened=$(api /sessions -d '{"template_id": "'"$template"'", "variables": {"who": "Ada"},
  "metadata": {"from": "an example"}}')
field "$opened" '"\(.title), \(.metadata | tojson), version \(.origin.version)"'
session=$(field "$opened" .id)
until api "/sessions/$session/checkpoints" | jq -e 'any(.items[]; .moment == "after")' >/dev/null; do
  sleep 1
done
api "/sessions/$session/runs" | jq -r '.items[0].result'

clone=$(api "/sessions/$session/clone" -d '{}' | jq -r .id)
api "/sessions/$clone/inherited-messages" |
  jq -r '.items[].message | select(.role == "assistant") | "the clone knows: \(.block.text)"'

api "/templates/$template" -X PUT -H 'If-Match: "1"' -d '{"name": "Greeting", "sharing": "tenant"}' |
  jq -r '"version \(.version), shared with the \(.sharing)"'
api "/templates/$template/versions" | jq -r '"versions: \(.items | length)"'
until [ "$(api "/templates/$template" | jq -r .uses)" = 1 ]; do sleep 1; done
echo "used once"
