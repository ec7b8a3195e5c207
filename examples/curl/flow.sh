#!/bin/sh
# From an issue to a pull request: a signed webhook starts a flow, Planning writes a plan, a comment
# approves it, the Executor does the work, its tests pass, the branch is pushed, and the flow
# replies. GitHub is a stand-in, which the service must be permitted to reach (see README.md).
set -eu
. "$(dirname "$0")/../service.sh"
port=${GITHUB_PORT:-8199}
github=http://127.0.0.1:$port
repository=$github/acme/widgets.git

for tool in git node; do
  command -v $tool >/dev/null || { echo "$tool is missing." >&2; exit 77; }
done
directory=$(mktemp -d)
: >"$directory/log"
node "$(dirname "$0")/../github/server.mjs" "$port" "$directory" >"$directory/log" 2>&1 &
server=$!
identity='' trigger_id=''
# Deletes what would act again, also after a failure.
end() {
  [ -z "$identity" ] || api "/source-identities/$identity" -X DELETE
  [ -z "$trigger_id" ] || api "/triggers/$trigger_id" -X DELETE
  kill $server
  wait $server 2>/dev/null || true
  rm -rf "$directory"
}
trap end EXIT
until grep -q ready "$directory/log"; do
  kill -0 $server || { cat "$directory/log" >&2; exit 77; }
  sleep 0.5
done

# as USER PATH [OPTION...]: calls the API of GitHub.
as() {
  user=$1 path=$2
  shift 2
  curl -sS --fail-with-body -H "Authorization: Bearer token-of-$user" "$@" "$github/api/v3$path"
}

vault=$(api /vaults -d '{"name": "flow-'$$'"}' | jq -r .id)
api "/vaults/$vault/secrets/github" -X PUT \
  -d '{"type": "static_bearer", "url": "'"$github"'", "token": "token-of-agent"}' >/dev/null
api "/vaults/$vault/secrets/webhook" -X PUT \
  -d '{"type": "environment_variable", "variable": "WEBHOOK", "value": "a long random text"}' \
  >/dev/null
secret='{"vault_id": "'$vault'", "name": "github"}'

agent() { api "/agents?limit=100" | jq -r --arg name "$1" '.items[] | select(.name == $name).id'; }
plan=$(jq -n --arg agent "$(agent planning)" '{name: "Plan", session: {agent_id: $agent}, prompt:
"Plan the work.
```rehearsal
- calls:
    - {tool: Write, input: {file_path: \"{{cwd}}/plan/PLAN.md\", content: \"1. Write NOTES.md.\"}}
- say: \"The plan has one step.\"
```"}' | api /tasks -d @- | jq -r .id)
work=$(jq -n --arg url "$repository" --argjson secret "$secret" --arg agent "$(agent executor)" '
{name: "Describe the widgets",
  session: {agent_id: $agent, workspace: {type: "git", url: $url, credential: $secret}}, prompt:
"Do the work.
```rehearsal
- calls:
    - {tool: Write, input: {file_path: \"{{cwd}}/NOTES.md\", content: \"Widgets are round.\"}}
- calls:
    - {tool: Bash, input: {command: \"sh test.sh\", description: Runs the tests}}
- say: \"Wrote NOTES.md; the tests pass.\"
```"}' | api /tasks -d @- | jq -r .id)

trigger=$(jq -n --arg plan "$plan" --arg work "$work" --arg vault "$vault" --arg url "$repository" \
  --arg api "$github/api/v3" --argjson secret "$secret" '{
    name: "Issues", provider: "github", task_id: $work, own_identities: ["agent"],
    signature: {scheme: "github", secrets: [{vault_id: $vault, name: "webhook"}]},
    condition: "event.type == \"issues.opened\"",
    flow: {plan: {task_id: $plan}, reply: {api_url: $api, credential: $secret},
           repository: {url: $url, base_branch: "main", test_command: "sh test.sh", api_url: $api,
                        credential: $secret}}}' |
  api /triggers -d @- 2>"$directory/refusal") || { cat "$directory/refusal" >&2; exit 77; }
trigger_id=$(field "$trigger" .id)
me=$(api /auth/me | jq -r .user.id)
identity=$(api /source-identities \
  -d '{"provider": "github", "account_id": "1001", "user_id": "'"$me"'"}' | jq -r .id)

jq -n --arg url "$AGENTLEDGER_URL$(field "$trigger" .path)" '{events: ["issues", "issue_comment"],
    config: {url: $url, content_type: "json", secret: "a long random text"}}' |
  as ada /repos/acme/widgets/hooks -d @- >/dev/null
issue=$(as ada /repos/acme/widgets/issues -d '{"title": "Describe the widgets", "body": "Please."}' |
  jq -r .number)
until api "/flows?trigger_id=$trigger_id" | jq -e '.items | length == 1' >/dev/null; do
  sleep 1
done
id=$(api "/flows?trigger_id=$trigger_id" | jq -r '.items[0].id')

# until_status STATUS
until_status() {
  until api "/flows/$id" | jq -e --arg status "$1" '.status == $status' >/dev/null; do
    api "/flows/$id" | jq -e '.status != "failed"' >/dev/null || { api "/flows/$id" >&2; exit 1; }
    sleep 1
  done
}

until_status awaiting_approval
api "/flows/$id/plan" | jq -r '"plan: \(.text)"'
as ada "/repos/acme/widgets/issues/$issue/comments" \
  -d '{"body": "@agent approve\nOne step is enough."}' >/dev/null
until_status succeeded
story=$(api "/flows/$id")
field "$story" '.steps[] | select(.kind != "replied") |
  [.kind, .text, (.exit_status | if . == null then null else "exit status \(.)" end)] |
  map(values) | join(": ")'
api "/costs?group_by=flow&flow_id=$id" |
  jq -r --argjson story "$story" '"costs agree: \(.items[0].cost_usd == $story.cost_usd)"'

as agent "/repos/acme/widgets/pulls" |
  jq -r '.[] | "pull request #\(.number) of \(.user.login): \(.title), for \(.base.ref)"'
git -C "$directory/acme/widgets.git" show --format= --name-status "agentledger/$id"
until as ada "/repos/acme/widgets/issues/$issue/comments" |
  jq -e 'any(.user.login == "agent" and (.body | contains("done")))' >/dev/null; do
  sleep 1
done
as ada "/repos/acme/widgets/issues/$issue/comments" |
  jq -r '.[] | "\(.user.login): \(.body | sub("^<!--.*?-->\\s*"; "") | split("\n")[0])"'
