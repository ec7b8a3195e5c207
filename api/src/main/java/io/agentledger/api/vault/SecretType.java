package io.agentledger.api.vault;

/** Type of a secret; it never changes for one name. */
public enum SecretType {
  /** A token that is sent to one server as {@code Authorization: Bearer}. */
  STATIC_BEARER,
  /** A value that is sent to one server in a header of its own. */
  HEADER,
  /** A user name and a password for one server. */
  BASIC,
  /** The value of an environment variable of a program. */
  ENVIRONMENT_VARIABLE,
  /** Tokens for one MCP server, with the parameters of their renewal. */
  MCP_OAUTH
}
