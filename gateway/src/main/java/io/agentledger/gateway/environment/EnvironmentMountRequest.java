package io.agentledger.gateway.environment;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/** A folder of the host that the operator has named. */
record EnvironmentMountRequest(
    @NotNull(message = SOURCE) @Pattern(regexp = NAME, message = SOURCE) String source,
    @NotNull(message = TARGET) @Pattern(regexp = PLACE, message = TARGET) String target,
    @Nullable Boolean writable) {
  private static final String NAME = "[a-z0-9][a-z0-9-]{0,62}";
  private static final String SOURCE =
      "must be the name of a folder of the operator's, 1 to 63 characters of a-z 0-9 -";
  private static final String PLACE = "/mnt/" + NAME;
  private static final String TARGET =
      "must be /mnt/ and a name of 1 to 63 characters of a-z 0-9 -";
}
