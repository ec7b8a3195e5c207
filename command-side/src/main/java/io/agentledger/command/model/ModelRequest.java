package io.agentledger.command.model;

import io.netty.handler.codec.http.HttpHeaders;

/**
 * A complete and checked request of a process to an upstream. {@code query} is empty or begins with
 * a question mark. {@code toString} contains neither headers nor body.
 */
@SuppressWarnings("ArrayRecordComponent") // The body is not copied; requests are never compared.
public record ModelRequest(
    ProcessRef process, Operation operation, String query, HttpHeaders headers, byte[] body) {

  /** Operation of the model API that a process may call; others are answered with 404. */
  public enum Operation {
    MESSAGES("/v1/messages"),
    COUNT_TOKENS("/v1/messages/count_tokens");

    private final String path;

    Operation(String path) {
      this.path = path;
    }

    public String path() {
      return path;
    }
  }

  @Override
  public String toString() {
    return "ModelRequest[" + process + ", " + operation + ", " + body.length + " bytes]";
  }
}
