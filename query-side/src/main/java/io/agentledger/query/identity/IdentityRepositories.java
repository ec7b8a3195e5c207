package io.agentledger.query.identity;

import io.agentledger.projection.identity.ApiKeyRowRepository;
import io.agentledger.projection.identity.InvitationRowRepository;
import io.agentledger.projection.identity.LoginRowRepository;
import io.agentledger.projection.identity.TenantRowRepository;
import io.agentledger.projection.identity.UserRowRepository;
import io.agentledger.store.credential.CredentialUsageTable;

/** Repositories of the identity read models and of the last uses of credentials. */
record IdentityRepositories(
    TenantRowRepository tenants,
    UserRowRepository users,
    ApiKeyRowRepository keys,
    LoginRowRepository logins,
    InvitationRowRepository invitations,
    CredentialUsageTable credentialUsage) {}
