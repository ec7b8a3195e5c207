#!/bin/sh
# A session that begins with an archive, an archive unpacked later, and the whole workspace back.
set -eu
. "$(dirname "$0")/../service.sh"
send() {
  path=$1
  shift
  curl -sS --fail-with-body -H "Authorization: Bearer $AGENTLEDGER_KEY" "$@" \
    "$AGENTLEDGER_URL/api/v1$path"
}
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT

mkdir -p "$place/in/src"
echo "one two three" >"$place/in/words.txt"
printf '#!/bin/sh\nwc -w < words.txt\n' >"$place/in/src/count.sh"
chmod 755 "$place/in/src/count.sh"
tar -C "$place/in" -czf "$place/in.tar.gz" .

session=$(send /sessions -F 'session={"title": "From an archive"};type=application/json' \
  -F "archive=@$place/in.tar.gz" -F "files=@$place/in/words.txt;filename=more/words.txt" |
  tee "$place/opened" | jq -r .id)
jq -r '"begins with: \(.workspace.files) files"' "$place/opened"

ask 'Count them.
```rehearsal
- calls:
    - {tool: Bash, input: {command: "src/count.sh > count.txt", description: Counts words}}
- say: "Counted."
```' | jq -r 'select(.type == "result") | .result'

echo "four" >"$place/later.txt"
tar -C "$place" -cf "$place/later.tar" later.txt
send "/sessions/$session/files/archive?folder=more" -X PUT -T "$place/later.tar" |
  jq -r '"unpacked: \(.files) file"'

mkdir "$place/out"
send "/sessions/$session/files/archive" -o "$place/out.tar.gz"
tar -C "$place/out" -xzf "$place/out.tar.gz"
(cd "$place/out" && find . -type f | LC_ALL=C sort)
echo "count.txt: $(cat "$place/out/count.txt")"

mkdir "$place/evil"
tar -C "$place/in" -cf "$place/evil.tar" --transform 's,^,../,' -P words.txt
send "/sessions/$session/files/archive" -X PUT -T "$place/evil.tar" 2>/dev/null |
  jq -r '"refused: \(.code)"' || true
