package io.agentledger.api.permission;

import io.agentledger.api.shared.Versioned;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A policy as it stands.
 *
 * @param version from 1; a change names the one that it is based on
 * @param advisories where rules reach less far than their words, and what holds there instead
 */
public record PolicyView(
    PolicyId id,
    PolicyScope scope,
    String name,
    boolean enabled,
    boolean permitsBypass,
    List<PolicyRule> rules,
    List<Advisory> advisories,
    long version,
    Instant createdAt,
    Instant updatedAt,
    @Nullable Instant archivedAt)
    implements Versioned {

  /**
   * A limit of one rule.
   *
   * @param rule its name
   * @param subject what it does not bind
   * @param reason in a sentence, with what holds instead
   */
  public record Advisory(String rule, String subject, String reason) {}
}
