#!/bin/sh
# What goes on while an agent works: that a tool is still at it, and what a subagent is at. It is
# shown while it lasts and not kept; the record has the calls.
set -eu
. "$(dirname "$0")/../service.sh"

session=$(api /sessions -d '{"options": {"allowed_tools": ["Bash", "Agent"]}}' | jq -r .id)

ask '```rehearsal
- calls:
    - {tool: Bash, input: {command: sleep 3, description: wait}}
- calls:
    - tool: Agent
      input:
        subagent_type: general-purpose
        description: look
        prompt: |
          ```rehearsal
          - calls:
              - {tool: Bash, input: {command: ls, description: look}}
          - say: "I saw a folder."
          ```
- say: "Done."
```' | jq -r '
  if .type == "progress" and .about == "tool" and .tool == "Bash" then "\(.tool) is at work"
  elif .type == "progress" and .about == "task" then "a subagent is at work with \(.tool)"
  elif .type == "result" then .result
  else empty end' | awk '!seen[$0]++'

facts=$(api "/sessions/$session/events?format=json&limit=500")
echo "on the record: $(field "$facts" '[.items[] | select(.type == "progress")] | length') of it"

lane=$(field "$facts" '[.items[] | select(.fact == "SubagentStarted")][0].thread_id')
echo "the subagent said: $(api "/sessions/$session/messages?thread_id=$lane" |
  jq -r '[.items[].block | select(.type == "text")][0].text')"
