package io.agentledger.command.model;

import io.netty.handler.codec.http.HttpHeaders;

/**
 * One request of a process, read whole and checked, on its way to an upstream. {@code query} is
 * empty or begins with a question mark. Its text never shows headers or body.
 */
@SuppressWarnings(
    "ArrayRecordComponent") // A body of megabytes is not copied; nobody compares asks.
public record ModelRequest(
    ProcessRef process, Operation operation, String query, HttpHeaders headers, byte[] body) {

  /** Operation of the model API that a process may call; all others are not found. */
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
