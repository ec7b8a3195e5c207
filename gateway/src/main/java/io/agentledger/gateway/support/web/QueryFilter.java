package io.agentledger.gateway.support.web;

import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import java.util.List;

/** Record of query parameters that filter a list; all of its components are texts. */
public interface QueryFilter {
  /** Returns the violations of all parameters. */
  List<Violation> findViolations();
}
