package io.agentledger.gateway.environment;

import io.agentledger.api.environment.EnvironmentSnapshot.Limits;
import java.util.Objects;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;

/** Limits of one session; missing ones are the operator's limits. */
record EnvironmentLimitsRequest(
    @Nullable @Range(min = 512, max = 1_048_576, message = "must be 512 to 1048576") Long memoryMib,
    @Nullable @Range(min = 64, max = 65_536, message = "must be 64 to 65536") Integer processes,
    @Nullable @Range(min = 1, max = 1_048_576, message = "must be 1 to 1048576")
        Long workspaceMib) {
  Limits toLimits() {
    return new Limits(
        Objects.requireNonNullElse(memoryMib, 0L),
        Objects.requireNonNullElse(processes, 0),
        Objects.requireNonNullElse(workspaceMib, 0L));
  }
}
