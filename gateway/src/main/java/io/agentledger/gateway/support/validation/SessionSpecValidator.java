package io.agentledger.gateway.support.validation;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Validates the request to open a session that a template stores. */
public interface SessionSpecValidator {
  /** Returns all violations with their positions; empty if it is valid. */
  List<InvalidRequestException.Violation> findViolations(ObjectNode spec);

  /**
   * Returns the tools that a request names; none if it cannot be read yet, because a placeholder is
   * in the place of another value.
   */
  List<ToolReference> toolReferences(ObjectNode spec);
}
