package io.agentledger.command.environment;

import io.agentledger.api.environment.EnvironmentDefinition;
import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import io.agentledger.api.shared.EnvironmentRejection.EnvironmentRefused;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.claude.sandbox.EnvironmentConstraints;

/**
 * Validates an environment against the constraints of this installation, so that none is accepted
 * that the runner would refuse.
 */
record EnvironmentValidator(EnvironmentConstraints constraints) {
  /** Validates the complete definition. */
  void check(EnvironmentDefinition definition) {
    check(definition.limits());
    checkPermitted(definition);
  }

  /**
   * Checks the permissions again, because the operator may have revoked them. Excessive limits are
   * lowered when a session runs, and not rejected.
   */
  void checkPermitted(EnvironmentDefinition definition) {
    constraints.violation(definition.network()).ifPresent(reason -> reject("network", reason));
    for (var name : definition.variables())
      constraints.violation(name).ifPresent(reason -> reject("variable " + name, reason));
    for (var mount : definition.mounts())
      constraints.violation(mount).ifPresent(reason -> reject("mount " + mount.target(), reason));
  }

  private void check(Limits requested) {
    var limits = constraints.limits();
    requireAtMost("memory_mib", requested.memoryMib(), limits.memoryMib());
    requireAtMost("processes", requested.processes(), limits.processes());
    requireAtMost("workspace_mib", requested.workspaceMib(), limits.workspaceMib());
  }

  private static void requireAtMost(String what, long requested, long max) {
    if (max > 0 && requested > max)
      reject("limit " + what, "exceeds the maximum of this installation: " + max);
  }

  private static void reject(String field, String detail) {
    throw new RejectionException(new EnvironmentRefused(field, detail));
  }
}
