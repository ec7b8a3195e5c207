package io.agentledger.api.identity.command;

/** Commands for tenants, users and credentials. */
public sealed interface IdentityCommand
    permits TenantCommand,
        UserCommand,
        InvitationCommand,
        ApiKeyCommand,
        LoginCommand,
        SigningKeyCommand {}
