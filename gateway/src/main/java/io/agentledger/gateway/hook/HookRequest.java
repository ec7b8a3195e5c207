package io.agentledger.gateway.hook;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.agentledger.api.hook.HookDefinition;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.permission.PolicyScope;
import io.agentledger.api.shared.RegexLimits;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.ConfigurationName;
import io.agentledger.gateway.support.validation.PolicyScopes;
import io.agentledger.gateway.support.validation.SafeText;
import io.agentledger.gateway.support.validation.ToolReference;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;

/** Request to create or change a hook; the scope of an existing hook never changes. */
record HookRequest(
    @ConfigurationName String name,
    @Nullable PolicyScope scope,
    @Nullable Boolean enabled,
    @NotNull(message = "is required") HookPoint point,
    @Nullable @Size(max = 500, message = "must be at most 500 characters") @SafeText String matcher,
    @NotNull(message = "is required") @Valid HookTargetRequest target,
    @Nullable @Range(min = 1, max = 300, message = "must be 1 to 300") Integer timeoutSeconds,
    @Nullable @Range(min = -1000, max = 1000, message = "must be -1000 to 1000") Integer order) {
  private static final Set<HookPoint> TOOL_POINTS =
      EnumSet.of(
          HookPoint.PRE_TOOL_USE,
          HookPoint.POST_TOOL_USE,
          HookPoint.POST_TOOL_USE_FAILURE,
          HookPoint.PERMISSION_REQUEST);

  /** Returns the tools that the matcher names; at other points, it names other things. */
  List<ToolReference> toolReferences() {
    return matcher == null || matcher.isEmpty() || !TOOL_POINTS.contains(point)
        ? List.of()
        : List.of(new ToolReference("/matcher", matcher, ToolReference.Form.MATCHER));
  }

  HookDefinition toDefinition() {
    return toDefinition("");
  }

  /**
   * @param pointer position of this request in the body
   */
  HookDefinition toDefinition(String pointer) {
    var violations =
        InvalidRequestException.collect(
            () -> checkPoint(pointer + "/point"),
            () -> checkMatcher(pointer + "/matcher"),
            () -> target.toTarget(pointer + "/target"));
    if (!violations.isEmpty()) throw new InvalidRequestException(violations);
    return new HookDefinition(
        !Boolean.FALSE.equals(enabled),
        point,
        Objects.requireNonNullElse(matcher, ""),
        target.toTarget(pointer + "/target"),
        timeoutSeconds == null
            ? HookDefinition.TIMEOUT_DEFAULT
            : Duration.ofSeconds(timeoutSeconds),
        order == null ? 0 : order);
  }

  private void checkPoint(String pointer) {
    if (!point.isSupported())
      throw InvalidRequestException.body(
          pointer, "is not reached here: such a hook would never be called");
    if (target instanceof HookTargetRequest.Validation && point != HookPoint.PRE_TOOL_USE)
      throw InvalidRequestException.body(
          pointer, "must be PreToolUse: the target validates the input of tools");
  }

  private void checkMatcher(String pointer) {
    if (matcher == null) return;
    RegexLimits.findViolation(matcher, RegexLimits.MATCHER_SIZE_MAX)
        .ifPresent(
            violation -> {
              throw InvalidRequestException.body(pointer, violation);
            });
    try {
      Pattern.compile(matcher);
    } catch (PatternSyntaxException exception) {
      throw InvalidRequestException.body(
          pointer, "must be an RE2 expression: " + exception.getDescription());
    }
  }

  PolicyScope toScope() {
    if (scope instanceof PolicyScope.Trigger || scope instanceof PolicyScope.Channel)
      throw InvalidRequestException.body("/scope/type", "must be tenant, agent or session");
    return PolicyScopes.requireComplete(scope);
  }
}
