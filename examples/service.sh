# Used by every example: address and credential of the service, and requests. Needs curl and jq.
home=${AGENTLEDGER_HOME:-$(dirname "$0")/../../data}
: "${AGENTLEDGER_URL:=http://127.0.0.1:$(jq -r .port "$home/service.json")}"
: "${AGENTLEDGER_KEY:=$(cat "$home/owner.key")}"

# api PATH [OPTION...]: with -d it posts; $content_type is that of the body, JSON if unset.
api() {
  path=$1
  shift
  curl -sSN --fail-with-body -H "Authorization: Bearer $AGENTLEDGER_KEY" \
    -H "Content-Type: ${content_type:-application/json}" "$@" "$AGENTLEDGER_URL/api/v1$path"
}

# The items of a stream, one JSON object on each line.
items() { sed -un 's/^data: \{0,1\}//p'; }

# field JSON FILTER
field() { printf '%s' "$1" | jq -r "$2"; }

# ask PROMPT: one query in $session, followed to its end.
ask() {
  jq -n --arg prompt "$1" '{prompt: $prompt}' | api "/sessions/$session/query" -d @- | items
}
