package io.agentledger.api.channel;

/** State of the agent in a chat. */
public enum ChatAgentState {
  /** It answers. */
  ACTIVE,
  /** It is switched off. */
  INACTIVE,
  /** A user answers in its place until the chat is handed back. */
  TAKEN_OVER,
  /** It asked for a user, and waits until the chat is handed back. */
  ESCALATED
}
