package io.agentledger.gateway.support.validation;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Validates the request to open a session that a template or an agent stores. */
public interface SessionSpecValidator {
  /** Returns all violations of a template's request with their positions; empty if it is valid. */
  List<InvalidRequestException.Violation> findViolations(ObjectNode spec);

  /** Returns all violations of an agent's request with their positions; empty if it is valid. */
  List<InvalidRequestException.Violation> findAgentViolations(ObjectNode spec);

  /**
   * Returns the tools that a request names; none if it cannot be read yet, because a placeholder is
   * in the place of another value.
   */
  List<ToolReference> toolReferences(ObjectNode spec);
}
