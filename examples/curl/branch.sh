#!/bin/sh
# The changes of a run, the files rewound to a checkpoint, and a fork of the session.
set -eu
. "$(dirname "$0")/../service.sh"

# run COMMAND: has the agent carry it out, and waits until its files are kept.
run() {
  ask 'Do this:
```rehearsal
- calls:
    - {tool: Bash, input: {command: "'"$1"'", description: Does it}}
- say: "{{last | lines 1 | or Done.}}"
```' | jq -r 'select(.type == "result") | .run_id'
}
kept() {
  until api "/sessions/$session/checkpoints" | jq -e --arg run "$1" \
    'any(.items[]; .run_id == $run and .moment == "after")' >/dev/null; do sleep 1; done
}

session=$(api /sessions -d '{"title": "Trunk"}' | jq -r .id)
first=$(run "echo one > file")
kept "$first"
second=$(run "echo two > file; echo new > other")
kept "$second"
api "/sessions/$session/runs/$second/changes" | jq -r '.files[] | "\(.change) \(.path)"'

checkpoint=$(api "/sessions/$session/checkpoints" |
  jq -r --arg run "$first" '.items[] | select(.run_id == $run and .moment == "after") | .id')
back() { api "/sessions/$session/rewind" -d '{"checkpoint_id": "'"$checkpoint"'", "dry_run": '"$1"'}'; }
back true | jq -r '.changes.files[] | "would be \(.change): \(.path)"'
back false >/dev/null
kept "$(run "cat file")"
echo "put back: $(api "/sessions/$session/files/content?path=file")"

trunk=$session
session=$(api "/sessions/$trunk/fork" -d '{"title": "Branch"}' | jq -r .id)
kept "$(run "echo three > file")"
echo "branch: $(api "/sessions/$session/files/content?path=file")"
echo "trunk: $(api "/sessions/$trunk/files/content?path=file")"
