#!/bin/sh
# The capabilities of a session before its first query, and requests beside its conversation.
set -eu
. "$(dirname "$0")/../service.sh"

session=$(api /sessions -d '{}' | jq -r .id)
field "$(api "/sessions/$session/capabilities")" '"available before a process was asked: \(.available)"'
capabilities=$(api "/sessions/$session/capabilities/refresh" -d '')
field "$capabilities" '.commands[] | select(.name == "compact") | "/\(.name) \(.argument_hint)"'
field "$capabilities" '"styles: \(.output_styles | sort | join(", "))"'

ask "scenario: text" >/dev/null
scripted() { printf '```rehearsal\n- say: %s\n```' "$1"; }
side_request=$(jq -n --arg question "$(scripted "I said hello.")" '{question: $question}' |
  api "/sessions/$session/side-requests" -d @-)
field "$side_request" '"\(.status): \(.answer)"'
api "/sessions/$session/title/generate" -d '{"description": "A greeting to everybody."}' |
  jq -r '"called: \(.title)"'
api "/sessions/$session/context/refresh" -d '' |
  jq -r '"something is in the window: \(.tokens > 0 and .tokens < .tokens_max)"'
api "/sessions/$session/messages" |
  jq -r '"the conversation has \(.items | length) messages"'
