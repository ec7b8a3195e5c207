#!/bin/sh
# Progress while an agent works: tools in execution, and what a subagent does. Progress items are
# transient: shown and not recorded; the event log has the calls.
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
  if .type == "progress" and .progress_type == "tool" and .tool == "Bash" then "\(.tool) is at work"
  elif .type == "progress" and .progress_type == "task" then "a subagent is at work with \(.tool)"
  elif .type == "result" then .result
  else empty end' | awk '!seen[$0]++'

events=$(api "/sessions/$session/events?format=json&limit=500")
echo "on the record: $(field "$events" '[.items[] | select(.type == "progress")] | length') of it"

thread=$(field "$events" '[.items[] | select(.event == "SubagentStarted")][0].thread_id')
echo "the subagent said: $(api "/sessions/$session/messages?thread_id=$thread" |
  jq -r '[.items[].block | select(.type == "text")][0].text')"
