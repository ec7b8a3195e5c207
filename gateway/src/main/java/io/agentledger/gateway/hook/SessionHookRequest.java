package io.agentledger.gateway.hook;

import io.agentledger.api.hook.HookId;
import io.agentledger.api.hook.HookPoint;
import io.agentledger.api.hook.SessionHook;
import io.agentledger.gateway.support.validation.ConfigurationName;
import io.agentledger.gateway.support.validation.SafeText;
import io.agentledger.gateway.support.validation.ToolReference;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;

/** Request to attach a hook to a session. */
public record SessionHookRequest(
    @ConfigurationName String name,
    @NotNull(message = "is required") HookPoint point,
    @Nullable @Size(max = 500, message = "must be at most 500 characters") @SafeText String matcher,
    @NotNull(message = "is required") @Valid HookTargetRequest target,
    @Nullable @Range(min = 1, max = 300, message = "must be 1 to 300") Integer timeoutSeconds,
    @Nullable @Range(min = -1000, max = 1000, message = "must be -1000 to 1000") Integer order) {
  /**
   * Returns the hook with a new id.
   *
   * @param pointer position of this request in the body
   */
  public SessionHook toHook(String pointer) {
    return new SessionHook(HookId.next(), name, asRegistered().toDefinition(pointer));
  }

  /**
   * Returns the tools that the matcher names.
   *
   * @param pointer position of this request in the body
   */
  public List<ToolReference> toolReferences(String pointer) {
    return asRegistered().toolReferences().stream()
        .map(
            reference ->
                new ToolReference(
                    pointer + reference.pointer(), reference.text(), reference.form()))
        .toList();
  }

  private HookRequest asRegistered() {
    return new HookRequest(name, null, true, point, matcher, target, timeoutSeconds, order);
  }
}
