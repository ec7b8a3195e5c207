package io.agentledger.command.claude.egress;

/** Kind of client that requests a connection from the egress proxy. */
enum EgressClient {
  /** A shell command in its sandbox. */
  COMMAND,
  /** The CLI, for a WebFetch call that is allowed and in progress. */
  WEB_FETCH,
  /** The CLI's process, without such a call. */
  WITHOUT_PERMIT
}
