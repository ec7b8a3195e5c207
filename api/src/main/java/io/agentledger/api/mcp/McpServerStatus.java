package io.agentledger.api.mcp;

/** Status of an MCP server: usable by sessions, or the reason why not. */
public enum McpServerStatus {
  /** No admin has approved it, or it was changed since. */
  UNAPPROVED,
  /** Sessions can use it. */
  ACTIVE,
  /** Its snapshot differs from the approved one. */
  SUSPENDED,
  /** An admin disabled it. */
  DISABLED,
  ARCHIVED
}
