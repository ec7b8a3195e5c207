package io.agentledger.api.channel;

/** Status of a chat. */
public enum ChatStatus {
  OPEN,
  /** Users send nothing any more; a message of the contact opens it again. */
  CLOSED
}
