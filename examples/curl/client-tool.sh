#!/bin/sh
# A tool that the client carries out itself: its call waits until somebody answers it.
set -eu
. "$(dirname "$0")/../service.sh"

session=$(api /sessions -d '{"options": {"client_tools": [{"name": "lookup",
  "description": "Looks a word up.",
  "input_schema": {"type": "object", "properties": {"word": {"type": "string"}}}}]}}' | jq -r .id)

ask 'What does it mean?
```rehearsal
- calls:
    - {tool: mcp__client__lookup, input: {word: ledger}}
- say: "It means: {{last | lines 1}}"
```' | while read -r item; do
  case $(field "$item" '.event // ""') in
    ClientToolCalled)
      echo "called: $(field "$item" '.tool + " " + .input.word')"
      printf '%s' "$item" | jq '{inputs: [{type: "answer_tool", action_id, is_error: false,
        output: "a book of accounts"}]}' | api "/sessions/$session/inputs" -d @- >/dev/null
      ;;
    RunCompleted) field "$item" .result ;;
  esac
done
