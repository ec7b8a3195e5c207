package io.agentledger.command.environment;

import io.agentledger.api.environment.EnvironmentDefinition;
import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import io.agentledger.api.shared.EnvironmentRejection.EnvironmentRefused;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.claude.sandbox.EnvironmentConstraints;

/** What an environment may say on this installation: what its runner would not do is refused. */
record EnvironmentValidator(EnvironmentConstraints bounds) {
  /** Everything that it says. */
  void check(EnvironmentDefinition definition) {
    check(definition.limits());
    checkPermitted(definition);
  }

  /** What the operator may have taken back since. What is too much of a limit is given less. */
  void checkPermitted(EnvironmentDefinition definition) {
    bounds.violation(definition.network()).ifPresent(why -> reject("network", why));
    for (var name : definition.variables())
      bounds.violation(name).ifPresent(why -> reject("variable " + name, why));
    for (var mount : definition.mounts())
      bounds.violation(mount).ifPresent(why -> reject("mount " + mount.target(), why));
  }

  private void check(Limits requested) {
    var most = bounds.limits();
    within("memory_mib", requested.memoryMib(), most.memoryMib());
    within("processes", requested.processes(), most.processes());
    within("workspace_mib", requested.workspaceMib(), most.workspaceMib());
  }

  private static void within(String what, long requested, long most) {
    if (most > 0 && requested > most)
      reject("limit " + what, "is more than this installation lets a session have: " + most);
  }

  private static void reject(String field, String detail) {
    throw new RejectionException(new EnvironmentRefused(field, detail));
  }
}
