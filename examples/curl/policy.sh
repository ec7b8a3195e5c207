#!/bin/sh
# A policy that denies a command in one session, and a dry run of rules on recorded calls.
set -eu
. "$(dirname "$0")/../service.sh"

session=$(api /sessions -d '{}' | jq -r .id)
policy=$(jq -n --arg session "$session" '{name: "house rules",
  scope: {type: "session", session_id: $session},
  rules: [{name: "no-folders", effect: "deny", tools: ["Bash"], commands: ["\\bmkdir\\b"],
    reason: "there are enough folders"}]}' | api /policies -d @- | jq -r .id)

ask "scenario: ask-bash" | jq -r '
  select(.type == "tool" and .phase == "called")
  | "\(.name) \(.verdict): \(.rule | sub(" \\(.*?\\)"; ""))"'

# What would it have said to what was done before?
api /policies/dry-run -d '{"session_id": "'"$session"'", "rules": [{"name": "all", "effect": "allow",
  "tools": ["Bash"]}]}' | jq -r '"dry run: \(.evaluated) call, \(.allowed) would be allowed"'
api "/policies/$policy" -X DELETE
ask "scenario: ask-bash" | jq -r '
  select(.type == "tool" and .phase == "called") | "\(.name) \(.verdict) without it"'
