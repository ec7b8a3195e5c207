package io.agentledger.api.environment;

import io.agentledger.api.environment.EnvironmentSnapshot.EnvironmentType;
import io.agentledger.api.environment.EnvironmentSnapshot.Mount;
import io.agentledger.api.environment.EnvironmentSnapshot.Network;
import io.agentledger.api.shared.Versioned;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Current state of an environment.
 *
 * @param isDefault whether sessions that name no environment use it
 * @param variables names of variables of the service that are passed into the sandbox
 * @param version from 1; a change must name the current one
 */
public record EnvironmentView(
    EnvironmentId id,
    String name,
    @Nullable String description,
    Map<String, String> metadata,
    EnvironmentType type,
    boolean isDefault,
    Network network,
    LimitsView limits,
    List<String> variables,
    List<Mount> mounts,
    long version,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant archivedAt)
    implements Versioned {

  /** Upper limits of one session; null means the operator's limit. */
  public record LimitsView(
      @Nullable Long memoryMib, @Nullable Integer processes, @Nullable Long workspaceMib) {
    public static LimitsView from(EnvironmentSnapshot.Limits limits) {
      return new LimitsView(
          limits.memoryMib() == 0 ? null : limits.memoryMib(),
          limits.processes() == 0 ? null : limits.processes(),
          limits.workspaceMib() == 0 ? null : limits.workspaceMib());
    }
  }
}
