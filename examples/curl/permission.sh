#!/bin/sh
# Waits for a permission request and allows exactly the input that it shows.
set -eu
. "$(dirname "$0")/../service.sh"

session=$(api /sessions -d '{}' | jq -r .id)
ask "scenario: ask-write" | while read -r item; do
  case $(field "$item" '"\(.type) \(.phase // "")"') in
    "permission requested")
      echo "asked for: $(field "$item" '.tool + " " + .input.file_path')"
      printf '%s' "$item" | jq '{inputs: [{type: "decide", action_id, input_digest,
        decision: "allow", reason: "go ahead"}]}' | api "/sessions/$session/inputs" -d @- >/dev/null
      ;;
    "permission decided") echo "decided: $(field "$item" .decision)" ;;
    "tool returned") echo "tool: $(field "$item" .status)" ;;
    "result ") echo "run: $(field "$item" .stop_reason)" ;;
  esac
done
api "/sessions/$session/decisions" | jq -r '.items[] | "on the record: \(.tool) \(.status)"'
