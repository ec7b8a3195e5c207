#!/bin/sh
# An MCP server: registered, approved, added to an open session, called; and it asks the user.
# The service must be started with access to the server's program; else the exit status is 77:
#   AGENTLEDGER_MCP_PROGRAMS=$PWD/examples/mcp ./agentledger start
set -eu
. "$(dirname "$0")/../service.sh"

programs=$(cd "$(dirname "$0")/../mcp" && pwd)
[ -d "$programs/node_modules" ] ||
  npm --prefix "$programs" ci --ignore-scripts --no-fund --no-audit --loglevel=error >/dev/null

server=$(api /mcp-servers -d '{"name": "everything", "limits": {"call_timeout_seconds": 60},
  "connection": {"type": "stdio", "command": "node", "args": ["'"$programs"'/node_modules/'"\
@modelcontextprotocol/server-everything/dist/index.js"'", "stdio"]}}' | jq -r .id)

# The service checks it at once. The snapshot of it has a digest, which is approved.
view=
while [ -z "$view" ]; do
  sleep 1
  view=$(api "/mcp-servers/$server" | jq -c 'select(.snapshot or .failure)')
done
if [ "$(field "$view" .snapshot)" = null ]; then
  api "/mcp-servers/$server" -X DELETE
  cat >&2 <<NOTICE
The MCP server cannot be used: $(field "$view" .failure)
The service may not be able to see its program. Stop it, and start it with:
  AGENTLEDGER_MCP_PROGRAMS=$programs ./agentledger start
NOTICE
  exit 77
fi
field "$view" '"\(.status): \(.snapshot.tools | map(.name) | sort | .[0])"'
field "$view" '{digest: .snapshot.digest}' |
  api "/mcp-servers/$server/approve" -d @- | jq -r .status

session=$(api /sessions -d '{"options": {"allowed_tools": ["mcp__everything"]}}' | jq -r .id)
api "/sessions/$session/tools" -X PUT -d '{"mcp_servers": ["'"$server"'"]}' |
  jq -r '"added: \(.added | join(", "))"'

ask 'Say hello, and ask me who I am:
```rehearsal
- calls:
    - {tool: mcp__everything__echo, input: {message: hello}}
- say: "It said: {{last | lines 1}}"
  calls:
    - {tool: mcp__everything__trigger-elicitation-request, input: {}}
- say: "It said: {{last | lines 1}}"
```' | while read -r item; do
  case $(field "$item" '.event // ""') in
    MessageReceived) field "$item" 'select(.role == "assistant" and .block.text) | .block.text' ;;
    ElicitationRequested)
      echo "$(field "$item" '"\(.server) asks: \(.request.message)"')"
      printf '%s' "$item" | jq '{inputs: [{type: "answer_elicitation", action_id,
        action: "accept", content: {name: "Ada"}}]}' |
        api "/sessions/$session/inputs" -d @- >/dev/null
      ;;
  esac
done

api "/mcp-servers/$server" -X DELETE
