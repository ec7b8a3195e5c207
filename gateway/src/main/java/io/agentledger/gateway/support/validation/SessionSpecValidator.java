package io.agentledger.gateway.support.validation;

import io.agentledger.gateway.support.problem.InvalidRequestException;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** What the opening of a session must look like; for those who keep openings for later. */
public interface SessionSpecValidator {
  /** Everything that is wrong with it, by places in it; empty when nothing is. */
  List<InvalidRequestException.Violation> findViolations(ObjectNode spec);
}
