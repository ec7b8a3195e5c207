package io.agentledger.api.identity.query;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import java.util.List;

/**
 * The caller and the permissions of the presented credential.
 *
 * @param actor the user, or the agent that acts for them, {@code type:id}
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
