#!/bin/sh
# Files in and out of the workspace, beside the agent's work in it.
set -eu
. "$(dirname "$0")/../service.sh"

session=$(api /sessions -d '{}' | jq -r .id)
files=/sessions/$session/files
content_type=application/octet-stream api "$files/content?path=in/words.txt" -X PUT \
  --data-binary 'one two three' | jq -r '"put: \(.path), \(.size_bytes) bytes"'

ask 'Count them.
```rehearsal
- calls:
    - {tool: Bash, input: {command: "wc -w < in/words.txt > count.txt", description: Counts words}}
- say: "Counted."
```' | jq -r 'select(.type == "result") | .result'

api "$files" | jq -r '.items[] | "\(.type) \(.path)"'
echo "count.txt: $(api "$files/content?path=count.txt")"
echo "a part: $(api "$files/content?path=in/words.txt&offset=4&length=3")"
api "$files/content?path=count.txt" -X DELETE
api "$files" | jq -r '"left: \(.items | length)"'
