package io.agentledger.gateway.session.options;

import io.agentledger.api.session.PermissionMode;
import io.agentledger.api.session.RunOptions;
import io.agentledger.api.shared.Json;
import io.agentledger.gateway.support.validation.RequestReferences;
import io.agentledger.gateway.support.validation.SafeText;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;

/**
 * Options of the run of one query; missing ones are the session's.
 *
 * @param checkpointing false: no checkpoint is taken before and after the run
 */
public record RunOptionsRequest(
    @Nullable
        @Size(min = 1, max = NAME_LENGTH_MAX, message = "must be 1 to 500 characters")
        @SafeText
        String model,
    @Nullable PermissionMode permissionMode,
    @Nullable @Size(max = RULES_MAX, message = "must be at most 100 rules")
        List<
                @NotBlank(message = RULE) @Size(max = NAME_LENGTH_MAX, message = RULE) @SafeText
                String>
            allowedTools,
    @Nullable @Size(max = RULES_MAX, message = "must be at most 100 rules")
        List<
                @NotBlank(message = RULE) @Size(max = NAME_LENGTH_MAX, message = RULE) @SafeText
                String>
            disallowedTools,
    @Nullable @Range(min = 1, max = RunOptions.MAX_TURNS_MAX, message = "must be 1 to 1000")
        Integer maxTurns,
    @Nullable @Range(min = 1, max = 86_400, message = "must be 1 to 86400") Long timeoutSeconds,
    @Nullable
        @Size(min = 1, max = NAME_LENGTH_MAX, message = "must be 1 to 500 characters")
        @SafeText
        String fallbackModel,
    @Nullable @Valid ThinkingRequest thinking,
    @Nullable Json outputSchema,
    @Nullable Boolean checkpointing)
    implements RunOptionsFields {
  /**
   * Returns the names in optional options.
   *
   * @param pointer position of the options in the body
   */
  public static RequestReferences references(@Nullable RunOptionsRequest options, String pointer) {
    return options == null
        ? RequestReferences.NONE
        : new RequestReferences(
            options.ruleReferences(pointer).toList(),
            options.modelReferences(pointer).toList(),
            List.of(),
            null);
  }

  /** No options, so that those of the session apply. */
  static final RunOptionsRequest NONE =
      new RunOptionsRequest(null, null, null, null, null, null, null, null, null, null);
}
