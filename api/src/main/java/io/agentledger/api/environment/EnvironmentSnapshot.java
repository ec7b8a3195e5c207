package io.agentledger.api.environment;

import io.agentledger.api.audit.ShownInAudit;
import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;
import java.util.List;
import java.util.Map;

/**
 * Environment of a session as it was when the session opened.
 *
 * @param packages per package manager
 * @param variables names of variables that may be passed into the sandbox
 */
public record EnvironmentSnapshot(
    EnvironmentId id,
    String name,
    EnvironmentType type,
    Network network,
    Map<String, List<String>> packages,
    Limits limits,
    List<String> variables,
    List<Mount> mounts) {

  /** Location of an environment's sandbox. */
  public enum EnvironmentType {
    LOCAL,
    REMOTE
  }

  /** Network access of a sandbox in addition to the model gateway. */
  public sealed interface Network extends Discriminated {
    /** No access. */
    @StableName("closed")
    record Closed() implements Network {}

    /** Access to the listed hosts. */
    @StableName("limited")
    record Limited(@ShownInAudit List<String> hosts) implements Network {}

    /** Access to all hosts. */
    @StableName("open")
    record Open() implements Network {}
  }

  /** Upper limits of one session; 0 sets no limit. */
  public record Limits(long memoryMib, int processes, long workspaceMib) {}

  /**
   * A directory of the host that is mounted in the sandbox.
   *
   * @param source name that the operator has given to the directory
   * @param target path in the sandbox
   */
  public record Mount(@ShownInAudit String source, @ShownInAudit String target, boolean writable) {}
}
