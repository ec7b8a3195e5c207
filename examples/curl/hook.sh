#!/bin/sh
# A hook before every tool: the built-in secret scan, which denies input with a credential. A hook
# of your own is {"type": "http", "url": "https://..."}, is called and answers as Claude Code's hooks do.
set -eu
. "$(dirname "$0")/../service.sh"

session=$(api /sessions -d '{}' | jq -r .id)
hook=$(api /hooks -d '{"name": "scan", "point": "PreToolUse", "matcher": "Bash|Write",
  "scope": {"type": "session", "session_id": "'"$session"'"},
  "target": {"type": "built_in", "service": "secret_scan"}}' | jq -r .id)

# A key that looks real, put together here so that it is in no file.
key=AKIA$(printf 'X%.0s' 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16)
ask 'Keep this:
```rehearsal
- calls:
    - {tool: Write, input: {file_path: key.txt, content: "'"$key"'"}}
- say: "It said: {{last | lines 1 | cut 60}}"
```' | jq -r 'select(.type == "tool" and .phase == "called") | "\(.name) \(.verdict)"'

api "/sessions/$session/hook-executions" | jq -r '.items[] | "\(.name) at \(.point): \(.outcome), \(.detail)"'
api "/hooks/$hook" -X DELETE
