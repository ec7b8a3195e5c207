package io.agentledger.gateway.session.input;

import java.util.List;

/** What is said to a session in one go, and where in the body each of it stands. */
public record InputBatch(List<SessionInputRequest> requests, List<String> pointers) {
  /** A body that is one input. */
  static InputBatch single(SessionInputRequest sessionInputRequest) {
    return new InputBatch(List.of(sessionInputRequest), List.of(""));
  }
}
