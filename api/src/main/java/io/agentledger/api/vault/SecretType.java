package io.agentledger.api.vault;

/** Purpose of a secret; it never changes under one name. */
public enum SecretType {
  /** A token that goes to one server as {@code Authorization: Bearer}. */
  STATIC_BEARER,
  /** A value that goes to one server under a header of its own. */
  HEADER,
  /** A name and a password that go to one server. */
  BASIC,
  /** A value that a program finds in its environment. */
  ENVIRONMENT_VARIABLE,
  /** Tokens for one MCP server, with what it takes to refresh them. */
  MCP_OAUTH
}
