package io.agentledger.command.flow.repository;

/** Thrown if this node publishes as much as it may; says nothing about the repository. */
public final class PublisherBusyException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PublisherBusyException() {
    super("This node publishes as many changes at the same time as it may.");
  }
}
