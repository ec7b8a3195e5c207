#!/bin/sh
# Options by the names of the Claude Agent SDK: a session with a system prompt of its own and few
# tools; a query whose answer has the shape of a JSON Schema.
set -eu
. "$(dirname "$0")/../service.sh"

session=$(api /sessions -d '{"options": {
  "system_prompt": {"type": "append", "text": "You know cities."},
  "effort": "low", "tools": ["Read"], "max_turns": 5}}' | jq -r .id)

prompt='Which city?
```rehearsal
- calls:
    - {tool: StructuredOutput, input: {city: Turin, people: 841600}}
- say: "There it is."
```'
jq -n --arg prompt "$prompt" '{prompt: $prompt, options: {output_schema: {type: "object",
  properties: {city: {type: "string"}, people: {type: "integer"}},
  required: ["city", "people"]}}}' |
  api "/sessions/$session/query" -d @- | items | jq -r '
    if .type == "init" then "tools: \(.tools | join(", "))"
    elif .type == "result" then "\(.structured_output.city) has \(.structured_output.people) people"
    else empty end'

echo "an unknown option: $(api /sessions -d '{"options": {"telepathy": true}}' |
  jq -r '"\(.status) \(.errors[0].pointer)"')"
