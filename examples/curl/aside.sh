#!/bin/sh
# What a session has before its first query, and what is asked beside its conversation.
set -eu
. "$(dirname "$0")/../service.sh"

session=$(api /sessions -d '{}' | jq -r .id)
field "$(api "/sessions/$session/capabilities")" '"known before a process was asked: \(.known)"'
known=$(api "/sessions/$session/capabilities" -d '')
field "$known" '.commands[] | select(.name == "compact") | "/\(.name) \(.argument_hint)"'
field "$known" '"styles: \(.output_styles | sort | join(", "))"'

ask "scenario: text" >/dev/null
said() { printf '```rehearsal\n- say: %s\n```' "$1"; }
aside=$(jq -n --arg question "$(said "I said hello.")" '{question: $question}' |
  api "/sessions/$session/asides" -d @-)
field "$aside" '"\(.state): \(.answer)"'
jq -n --arg about "$(said "'{\"title\": \"A greeting\"}'")" '{about: $about}' |
  api "/sessions/$session/title" -d @- | jq -r '"called: \(.title)"'
api "/sessions/$session/context" -d '' |
  jq -r '"something is in the window: \(.tokens > 0 and .tokens < .tokens_max)"'
api "/sessions/$session/messages" |
  jq -r '"the conversation has \(.items | length) messages"'
