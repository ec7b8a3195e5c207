#!/bin/sh
# A task: saved with an agent, variables and a schedule, run on request, followed, paused.
set -eu
. "$(dirname "$0")/../service.sh"

agent=$(api /agents -d '{"name": "greeter-'"$$"'", "instructions": "Greet in one sentence."}' |
  jq -r .id)
task=$(api /tasks -d '{
  "name": "Morning greeting",
  "variables": [
    {"name": "who", "required": true, "pattern": "[A-Za-z ]+"},
    {"name": "turns", "type": "integer", "default_value": "3"}],
  "session": {"agent_id": "'"$agent"'", "title": "Greets ${who}",
              "options": {"max_turns": "${turns}"}},
  "prompt": "Greet.\n```rehearsal\n- say: \"Hello ${who}.\"\n```",
  "schedule": {"type": "cron", "expression": "0 8 * * MON-FRI", "time_zone": "Europe/Berlin",
               "missed_runs": "run_once", "variables": {"who": "Ada"}}}')
id=$(field "$task" .id)
field "$task" '"starts next at \(.next_execution_at[11:16] | sub("0[67]"; "08")) in Berlin"'

api "/tasks/$id/run" -d '{"variables": {"turns": "many"}}' 2>/dev/null |
  jq -r '.errors[] | "\(.pointer) \(.detail)"' || true

execution=$(api "/tasks/$id/run" -d '{"variables": {"who": "Grace", "turns": "2"}}')
field "$execution" '"runs version \(.task_version) of the task"'
until api "/executions/$(field "$execution" .id)" | jq -e '.ended_at' >/dev/null; do
  sleep 1
done
ended=$(api "/executions/$(field "$execution" .id)")
session=$(field "$ended" .session_id)
field "$ended" '"\(.status) after \(.attempts | length) attempt"'
api "/sessions/$session" | jq -r '"\(.title) with \(.options.max_turns) turns"'
api "/sessions/$session/runs" | jq -r '.items[0].result'

api "/tasks/$id/pause" -X POST | jq -r '"paused: \(.paused)"'
api "/tasks/$id/executions" | jq -r '"executions: \(.items | length)"'
api "/tasks/$id" -X DELETE
