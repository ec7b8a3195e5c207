#!/bin/sh
# Brain starts a task and reports its result: asked over the API, and by a tool of MCP.
set -eu
. "$(dirname "$0")/../service.sh"

category="greetings-$$"
api /tasks -d '{"name": "Greeting", "category": "'"$category"'", "prompt": "scenario: text"}' |
  jq -r '"saved: \(.name)"'

# A model decides by itself what to call; in a rehearsal, the script says it.
message=$(
  printf '%s\n' 'Start the greeting, and report its result.' '```rehearsal' \
    '- calls: [{tool: mcp__agentledger__list_tasks, input: {category: '"$category"'}}]' \
    '- say: "I start it."' \
    '  calls:' \
    '    - {tool: mcp__agentledger__run_task, input: {task_id: "{{last | first tsk_[a-z0-9]+}}"}}'
  for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    printf '%s\n' '- choose:' \
      '    - {if: {given: "{{last | first succeeded}}"}, say: "It has {{last | first succeeded}}."}' \
      '    - calls:' \
      '        - tool: mcp__agentledger__get_execution' \
      '          input:' \
      '            execution_id: "{{tool mcp__agentledger__run_task | first exe_[a-z0-9]+}}"'
  done
  printf '```'
)
waiting=$(jq -n --arg message "$message" '{message: $message, new_conversation: true}' |
  api /chat/single -d @-)
session=$(api /chat | jq -r .session.id)
field "$waiting" '"Brain asks for: \(.pending_actions[0].tool)"'
field "$waiting" '.pending_actions[0] |
  {inputs: [{type: "decide", action_id, input_digest, decision: "allow"}]}' |
  api "/sessions/$session/inputs" -d @- >/dev/null
until api "/sessions/$session/runs" | jq -er '.items[0] | select(.ended_at) | .result'; do
  sleep 1
done 2>/dev/null

arguments='{"message": "Thanks.\n```rehearsal\n- say: You are welcome.\n```", "wait_seconds": 60}'
curl -sS "$AGENTLEDGER_URL/mcp" -H "Authorization: Bearer $AGENTLEDGER_KEY" \
  -H 'Content-Type: application/json' -d '{"jsonrpc": "2.0", "id": 1, "method": "tools/call",
    "params": {"name": "chat", "arguments": '"$arguments"'}}' |
  jq -r '.result.structuredContent.result'
api /chat -X DELETE
