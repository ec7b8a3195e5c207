#!/usr/bin/env bash
# Makes the samples of docs/reports.md with a running service: ./agentledger start
# Without a sandbox, the samples would contain paths of the machine.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
prompt='Write a class that says hello, and show the folder.

```rehearsal
- calls:
    - {tool: Write, input: {file_path: "Hello.java", content: "/** Says hello. */\npublic class Hello {\n  public static void main(String[] args) {\n    System.out.println(\"Grüße, 世界\");\n  }\n}\n"}}
- calls:
    - {tool: Edit, input: {file_path: "Hello.java", old_string: "Says hello.", new_string: "Says hello to everybody."}}
    - {tool: Bash, input: {command: "ls && wc -l Hello.java"}}
- say: "## Result\n\n| file | lines |\n| --- | --- |\n| `Hello.java` | 6 |\n\n```java\nnew Hello();\n```\n\nمرحبا بالعالم"
```'
"$root/agentledger" run --empty --allow @default --allow Bash "$prompt" >/dev/null
session=$("$root/agentledger" sessions --limit 1 | grep -o 'ses_[a-z0-9]*' | head -1)
for format in pdf html; do
  "$root/agentledger" report "$session" --force --time-zone UTC \
    -o "$root/docs/samples/session-transcript.$format"
done
