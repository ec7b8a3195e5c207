#!/bin/sh
# An environment with lower limits than the defaults, and what an agent finds in it.
set -eu
. "$(dirname "$0")/../service.sh"

name="small $(date +%s)-$$"
created=$(api /environments -d '{"name": "'"$name"'",
  "limits": {"memory_mib": 1024, "processes": 128, "workspace_mib": 32}, "metadata": {"for": "examples"}}')
environment=$(field "$created" .id)
field "$created" '"\(.type), \(.network.type), \(.limits | tojson)"'

api /environments -d '{"name": "'"$name"' too", "variables": ["NOBODY_LETS_THIS_PASS"]}' 2>/dev/null |
  jq -r '"\(.code): \(.detail)"' || true

opened=$(api /sessions -d '{"environment_id": "'"$environment"'", "options": {"allowed_tools": ["Bash"]}}')
field "$opened" '"opened in \(.environment.name | split(" ")[0])"'
session=$(field "$opened" .id)
ask 'Look.
```rehearsal
- calls:
    - {tool: Bash, input: {command: "ulimit -u > processes", description: look}}
- say: "Seen."
```' | jq -r 'select(.type == "result").result'
echo "processes: $(api "/sessions/$session/files/content?path=processes")"

api "/environments/$environment" -X PATCH -H 'If-Match: "1"' -d '{"limits": {"processes": null}, "metadata": {"for": null}}' |
  jq -r '"version \(.version): \(.limits | tojson) \(.metadata | tojson)"'
api "/environments/$environment" -X DELETE 2>/dev/null | jq -r .code || true
api "/environments/$environment/archive" -X POST | jq -r '"archived: \(.archived_at != null)"'
api /sessions -d '{"environment_id": "'"$environment"'"}' 2>/dev/null | jq -r .code || true
api "/environments/$environment/versions" | jq -r '.items[] | "\(.version) \(.event)"'
