package io.agentledger.gateway.support.validation;

import io.agentledger.gateway.support.problem.InvalidRequestException.Violation;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/**
 * Paths of the host in a stored request to open a session. Its author must not choose the
 * directories that the local owner's sessions mount.
 */
public final class HostPaths {
  private static final String DIRECTORIES = "/options/additional_directories";

  private HostPaths() {}

  /**
   * Returns a violation for each additional directory that is a path.
   *
   * @param session the request as it is stored
   * @param rule rule and cure
   */
  public static List<Violation> findViolations(JsonNode session, String rule) {
    var violations = new ArrayList<Violation>();
    var directories = session.at(DIRECTORIES);
    for (int i = 0; i < directories.size(); i++)
      if (directories.path(i).asString("").startsWith("/"))
        violations.add(Violation.body(DIRECTORIES + "/" + i, rule));
    return violations;
  }
}
