package io.agentledger.command.environment;

import io.agentledger.api.environment.EnvironmentDefinition;
import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import io.agentledger.api.shared.EnvironmentRejection.EnvironmentRefused;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.claude.sandbox.EnvironmentConstraints;

/** What an environment may say on this installation: what its runner would not do is refused. */
record EnvironmentValidator(EnvironmentConstraints bounds) {
  /** Everything that it says. */
  void check(EnvironmentDefinition terms) {
    check(terms.limits());
    checkPermitted(terms);
  }

  /** What the operator may have taken back since. What is too much of a limit is given less. */
  void checkPermitted(EnvironmentDefinition terms) {
    bounds.whyNot(terms.network()).ifPresent(why -> refuse("network", why));
    for (var name : terms.variables())
      bounds.whyNot(name).ifPresent(why -> refuse("variable " + name, why));
    for (var mount : terms.mounts())
      bounds.whyNot(mount).ifPresent(why -> refuse("mount " + mount.target(), why));
  }

  private void check(Limits wished) {
    var most = bounds.limits();
    within("memory_mib", wished.memoryMib(), most.memoryMib());
    within("processes", wished.processes(), most.processes());
    within("workspace_mib", wished.workspaceMib(), most.workspaceMib());
  }

  private static void within(String what, long wished, long most) {
    if (most > 0 && wished > most)
      refuse("limit " + what, "is more than this installation lets a session have: " + most);
  }

  private static void refuse(String field, String detail) {
    throw new RejectionException(new EnvironmentRefused(field, detail));
  }
}
