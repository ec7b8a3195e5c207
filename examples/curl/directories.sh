#!/bin/sh
# Directories of the service's machine beside the workspace: mounted at /mnt/<name>, read-only.
set -eu
. "$(dirname "$0")/../service.sh"

host=$(mktemp -d)
trap 'rm -rf "$host"' EXIT
mkdir "$host/notes" "$host/library"
echo 'a note' >"$host/notes/n.txt"
echo 'a book' >"$host/library/b.txt"
chmod -R a+rX "$host"

session=$(api /sessions -d "{\"options\": {\"additional_directories\": [\"$host/notes\"]}}" | jq -r .id)
look='```rehearsal
- calls:
    - {tool: Bash, input: {command: "cat /mnt/*/*; touch /mnt/notes/x 2>/dev/null || echo read-only", description: Looks}}
- say: "{{last | lines 9}}"
```'
ask "$look" | jq -r 'select(.type == "result") | .result'

echo '--- with the library, from the next query on'
api /sessions/$session/inputs -d "{\"inputs\": [{\"type\": \"add_directories\", \"directories\": [\"$host/library\"]}]}" >/dev/null
ask "$look" | jq -r 'select(.type == "result") | .result'

echo '--- not the service'"'"'s own'
api /sessions -d '{"options": {"additional_directories": ["/proc"]}}' | jq -r '.errors[0] | "\(.pointer) \(.detail)"'
