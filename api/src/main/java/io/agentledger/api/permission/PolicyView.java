package io.agentledger.api.permission;

import io.agentledger.api.shared.Versioned;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Current state of a policy.
 *
 * @param version from 1; a change must name the current one
 * @param advisories limits of the rules' effect
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
   * Limit of the effect of one rule.
   *
   * @param rule its name
   * @param subject what the rule does not cover
   * @param reason a sentence with the behaviour that applies instead
   */
  public record Advisory(String rule, String subject, String reason) {}
}
