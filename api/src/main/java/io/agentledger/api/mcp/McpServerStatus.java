package io.agentledger.api.mcp;

/** Status of an MCP server: usable by sessions, or the reason why not. */
public enum McpServerStatus {
  /** No admin has agreed to it, or it was changed since. */
  UNAPPROVED,
  /** Sessions can choose it. */
  ACTIVE,
  /** It is not what was agreed to. */
  SUSPENDED,
  /** Switched off. */
  DISABLED,
  ARCHIVED
}
