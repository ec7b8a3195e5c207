package io.agentledger.api.permission;

import io.agentledger.api.identity.Actor;
import java.time.Instant;
import java.util.List;

/**
 * Version of a policy with its author.
 *
 * @param archived whether this version archives the policy; it repeats the last definition
 */
public record PolicyVersionView(
    long version,
    String name,
    boolean enabled,
    boolean permitsBypass,
    List<PolicyRule> rules,
    boolean archived,
    Actor actor,
    Instant at) {}
