package io.agentledger.gateway.session.input;

import java.util.List;

/** Inputs of one request, each with its position in the body. */
public record InputBatch(List<SessionInputRequest> requests, List<String> pointers) {
  /** Creates a batch from a body that is one input. */
  static InputBatch single(SessionInputRequest sessionInputRequest) {
    return new InputBatch(List.of(sessionInputRequest), List.of(""));
  }
}
