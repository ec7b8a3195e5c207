package io.agentledger.gateway.session.options;

import io.agentledger.api.session.Thinking;
import io.agentledger.api.session.Thinking.Display;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import jakarta.validation.constraints.NotNull;
import java.util.Objects;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;

/**
 * Thinking of the model before it answers.
 *
 * @param budgetTokens with {@code enabled} only
 * @param display form in which it is returned; with {@code adaptive} and {@code enabled} only
 */
record ThinkingRequest(
    @NotNull(message = "must be standard, adaptive, enabled or disabled") Type type,
    @Nullable
        @Range(min = 1024, max = Thinking.BUDGET_TOKENS_MAX, message = "must be 1024 to 1000000")
        Integer budgetTokens,
    @Nullable Display display) {

  /** Types of {@link Thinking}. */
  enum Type {
    STANDARD,
    ADAPTIVE,
    ENABLED,
    DISABLED
  }

  Thinking toThinking() {
    if ((type == Type.ENABLED) != (budgetTokens != null))
      throw InvalidRequestException.body(
          "/options/thinking/budget_tokens",
          type == Type.ENABLED
              ? "is required and must be 1024 to 1000000"
              : "must be given with enabled only");
    if (display != null && type != Type.ADAPTIVE && type != Type.ENABLED)
      throw InvalidRequestException.body(
          "/options/thinking/display", "must be given with adaptive and enabled only");
    var displayOrDefault = display == null ? Display.STANDARD : display;
    return switch (type) {
      case STANDARD -> new Thinking.Standard();
      case ADAPTIVE -> new Thinking.Adaptive(displayOrDefault);
      case ENABLED -> new Thinking.Enabled(Objects.requireNonNull(budgetTokens), displayOrDefault);
      case DISABLED -> new Thinking.Disabled();
    };
  }
}
