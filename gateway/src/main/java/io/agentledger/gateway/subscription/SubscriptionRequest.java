package io.agentledger.gateway.subscription;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.subscription.DeliveredEventType;
import io.agentledger.api.subscription.SigningSecret;
import io.agentledger.api.subscription.SubscriptionDefinition;
import io.agentledger.api.subscription.SubscriptionFilter;
import io.agentledger.api.subscription.SubscriptionFilter.Ownership;
import io.agentledger.api.task.TaskId;
import io.agentledger.gateway.support.problem.InvalidRequestException;
import io.agentledger.gateway.support.validation.ConfigurationName;
import io.agentledger.gateway.support.validation.NormalizedName;
import io.agentledger.gateway.support.validation.PlainHeaders;
import io.agentledger.gateway.support.validation.SecretReference;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.hibernate.validator.constraints.Range;
import org.jspecify.annotations.Nullable;

/**
 * Request to create or change a subscription.
 *
 * @param eventTypes names of events, such as run.completed; run.* for all of a group, * for all
 * @param filter objects that the events are about; those of the owner if omitted
 * @param signingSecret secret of the receiver, whsec_ and base64 of 24 to 64 bytes; only for a new
 *     subscription; generated if omitted
 */
record SubscriptionRequest(
    @ConfigurationName String name,
    @NotEmpty(message = "must contain 1 to 50 event types")
        @Size(max = SubscriptionDefinition.EVENT_TYPES_MAX, message = "must be at most 50")
        List<@NotNull(message = MUST_BE_GIVEN) String> eventTypes,
    @Nullable @Valid FilterRequest filter,
    @NotBlank(message = "must be 1 to 2048 characters")
        @Size(max = 2048, message = "must be 1 to 2048 characters")
        String url,
    @Nullable @Size(max = 20, message = "must be at most 20 headers")
        Map<
                @Size(min = 1, max = 64, message = "must be 1 to 64 characters") String,
                @NotNull(message = MUST_BE_GIVEN)
                @Size(max = 1024, message = "must be at most 1024 characters") String>
            headers,
    @Nullable @Size(max = 5, message = "must be at most 5 secrets")
        List<@NotNull(message = MUST_BE_GIVEN) @Valid SecretReference> secrets,
    @Nullable @Range(min = 1, max = 30, message = "must be 1 to 30") Integer timeoutSeconds,
    @Nullable String signingSecret) {
  private static final String MUST_BE_GIVEN = "is required";

  SubscriptionRequest {
    name = NormalizedName.of(name);
  }

  /** See {@link SubscriptionFilter}. */
  record FilterRequest(
      @Nullable Ownership ownership,
      @Nullable @Size(max = SubscriptionFilter.IDS_MAX, message = "must be at most 50 ids")
          List<@NotNull(message = MUST_BE_GIVEN) SessionId> sessionIds,
      @Nullable @Size(max = SubscriptionFilter.IDS_MAX, message = "must be at most 50 ids")
          List<@NotNull(message = MUST_BE_GIVEN) AgentId> agentIds,
      @Nullable @Size(max = SubscriptionFilter.IDS_MAX, message = "must be at most 50 ids")
          List<@NotNull(message = MUST_BE_GIVEN) TaskId> taskIds) {
    private SubscriptionFilter toFilter() {
      return new SubscriptionFilter(
          Objects.requireNonNullElse(ownership, Ownership.MINE),
          Objects.requireNonNullElse(sessionIds, List.of()),
          Objects.requireNonNullElse(agentIds, List.of()),
          Objects.requireNonNullElse(taskIds, List.of()));
    }
  }

  SubscriptionDefinition toDefinition() {
    var violations =
        InvalidRequestException.collect(
            this::checkEventTypes,
            () -> PlainHeaders.checkUrl(url, "/url"),
            () -> {
              if (headers != null) PlainHeaders.check(headers, "/headers");
            });
    if (!violations.isEmpty()) throw new InvalidRequestException(violations);
    return new SubscriptionDefinition(
        eventTypes.stream().distinct().sorted().toList(),
        Objects.requireNonNullElse(filter, new FilterRequest(null, null, null, null)).toFilter(),
        url,
        headers == null ? Map.of() : headers,
        secrets == null ? List.of() : secrets.stream().map(SecretReference::toRef).toList(),
        timeoutSeconds == null
            ? SubscriptionDefinition.TIMEOUT_DEFAULT
            : Duration.ofSeconds(timeoutSeconds));
  }

  private void checkEventTypes() {
    for (int i = 0; i < eventTypes.size(); i++)
      if (!DeliveredEventType.isPattern(eventTypes.get(i)))
        throw InvalidRequestException.body(
            "/event_types/" + i,
            "must be *, a group such as run.*, or one of "
                + String.join(", ", DeliveredEventType.names()));
  }

  /** Returns the given secret, or a new one. */
  SigningSecret signingSecretOrNew() {
    return toSecretOrNew(signingSecret);
  }

  /** Rejects a secret in a change, which would have no effect. */
  void requireNoSecret() {
    if (signingSecret != null)
      throw InvalidRequestException.body(
          "/signing_secret",
          "must be absent: POST /subscriptions/{id}/rotate-secret replaces the secret");
  }

  static SigningSecret toSecretOrNew(@Nullable String secret) {
    if (secret == null) return SigningSecret.generate();
    if (!SigningSecret.isValid(secret))
      throw InvalidRequestException.body(
          "/signing_secret", "must be whsec_ and the base64 of 24 to 64 bytes");
    return new SigningSecret(secret);
  }
}
