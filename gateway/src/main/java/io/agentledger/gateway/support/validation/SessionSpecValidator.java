package io.agentledger.gateway.support.validation;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Validates the opening of a session that a template keeps for later. */
public interface SessionSpecValidator {
  /** Everything that is wrong with it, by places in it; empty when nothing is. */
  List<InvalidRequestException.Violation> findViolations(ObjectNode spec);
}
