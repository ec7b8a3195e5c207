package io.agentledger.api.mcp;

/** Whether sessions can use a server, and if not why. */
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
