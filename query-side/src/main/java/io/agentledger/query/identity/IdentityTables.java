package io.agentledger.query.identity;

import io.agentledger.projection.identity.Invitations;
import io.agentledger.projection.identity.Keys;
import io.agentledger.projection.identity.Logins;
import io.agentledger.projection.identity.Tenants;
import io.agentledger.projection.identity.Users;
import io.agentledger.store.credential.CredentialUses;

/** What is read: the read models, and when credentials were used last. */
record IdentityTables(
    Tenants tenants,
    Users users,
    Keys keys,
    Logins logins,
    Invitations invitations,
    CredentialUses uses) {}
