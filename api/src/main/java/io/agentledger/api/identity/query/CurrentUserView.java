package io.agentledger.api.identity.query;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import java.util.List;

/**
 * The caller: who they are, and what they may do with the credential that they came with.
 *
 * @param actor the person, or the agent that acts for them, {@code type:id}
 */
public record CurrentUserView(
    UserView user,
    TenantView tenant,
    String actor,
    CredentialId credentialId,
    Role role,
    List<Scope> scopes,
    boolean operator,
    boolean localOwner) {}
