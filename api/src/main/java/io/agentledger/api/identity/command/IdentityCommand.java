package io.agentledger.api.identity.command;

import io.agentledger.api.identity.security.ApiCommand;

/** Commands for tenants, users and credentials. */
public sealed interface IdentityCommand extends ApiCommand
    permits TenantCommand,
        UserCommand,
        InvitationCommand,
        ApiKeyCommand,
        LoginCommand,
        SigningKeyCommand {}
