#!/bin/sh
# Installs the pinned CLI into node_modules beside this script; does nothing when it is there already.
# Bound into the Maven build. Builds that run at the same time wait for one another.
set -eu
cd "$(dirname "$0")"

is_current() {
  [ -f node_modules/.installed ] && cmp -s package-lock.json node_modules/.installed
}

is_current && exit 0
command -v npm >/dev/null || {
  echo "npm is needed to install the pinned Claude Code CLI (command-side/cli); none is on PATH." >&2
  exit 1
}
if command -v flock >/dev/null && [ "${AGENTLEDGER_CLI_LOCKED:-}" != yes ]; then
  AGENTLEDGER_CLI_LOCKED=yes exec flock package-lock.json sh "$(basename "$0")"
fi
npm ci --no-fund --no-audit --loglevel=error
./node_modules/@anthropic-ai/claude-code-linux-x64/claude --version >/dev/null || {
  echo "The CLI was installed but does not start: only Linux x64 with glibc is supported." >&2
  exit 1
}
cp package-lock.json node_modules/.installed
