package io.agentledger.api.environment;

import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;
import java.util.List;
import java.util.Map;

/**
 * Environment of a session as it was when the session opened.
 *
 * @param packages per package manager
 * @param variables names of variables that may pass into the box
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

  /** Network access of a sandbox beside the model gateway. */
  public sealed interface Network extends Discriminated {
    /** Nothing. */
    @StableName("closed")
    record Closed() implements Network {}

    /** Listed hosts. */
    @StableName("limited")
    record Limited(List<String> hosts) implements Network {}

    /** Everything. */
    @StableName("open")
    record Open() implements Network {}
  }

  /** Upper limits of one session; 0 sets no limit. */
  public record Limits(long memoryMib, int processes, long workspaceMib) {}

  /**
   * A folder of the host that is seen in the box.
   *
   * @param source the operator's name for it
   * @param target where it is seen
   */
  public record Mount(String source, String target, boolean writable) {}
}
