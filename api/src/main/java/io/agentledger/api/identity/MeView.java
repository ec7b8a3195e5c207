package io.agentledger.api.identity;

import java.util.List;

/**
 * The caller: who they are, and what they may do with the credential that they came with.
 *
 * @param actor the person, or the agent that acts for them, {@code kind:id}
 */
public record MeView(
    UserView user,
    TenantView tenant,
    String actor,
    KeyId credential,
    Role role,
    List<Scope> scopes,
    boolean operator,
    boolean localOwner) {}
