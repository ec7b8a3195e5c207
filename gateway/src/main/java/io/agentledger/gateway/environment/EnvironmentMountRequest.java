package io.agentledger.gateway.environment;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;

/** A directory of the host that the operator has named. */
record EnvironmentMountRequest(
    @NotNull(message = SOURCE_RULE) @Pattern(regexp = NAME_PATTERN, message = SOURCE_RULE)
        String source,
    @NotNull(message = TARGET_RULE) @Pattern(regexp = TARGET_PATTERN, message = TARGET_RULE)
        String target,
    @Nullable Boolean writable) {
  private static final String NAME_PATTERN = "[a-z0-9][a-z0-9-]{0,62}";
  private static final String SOURCE_RULE =
      "must be the name of a directory of the operator, 1 to 63 characters of a-z 0-9 -";
  private static final String TARGET_PATTERN = "/mnt/" + NAME_PATTERN;
  private static final String TARGET_RULE =
      "must be /mnt/ and a name of 1 to 63 characters of a-z 0-9 -";
}
