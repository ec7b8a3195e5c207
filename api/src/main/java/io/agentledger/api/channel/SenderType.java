package io.agentledger.api.channel;

/** Sender of a message. */
public enum SenderType {
  CONTACT,
  USER,
  AGENT
}
