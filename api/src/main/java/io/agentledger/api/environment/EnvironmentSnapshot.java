package io.agentledger.api.environment;

import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.StableName;
import java.util.List;
import java.util.Map;

/**
 * Where a session's runs happen, as it was when the session opened.
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

  /** Where the box stands. */
  public enum EnvironmentType {
    LOCAL,
    REMOTE
  }

  /** What the box can reach beside the model gateway. */
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

  /** What one session may use at most; 0 is no limit of ours. */
  public record Limits(long memoryMib, int processes, long workspaceMib) {}

  /**
   * A folder of the host that is seen in the box.
   *
   * @param source the operator's name for it
   * @param target where it is seen
   */
  public record Mount(String source, String target, boolean writable) {}
}
