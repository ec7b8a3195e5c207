package io.agentledger.api.identity.command;

/** What can be wished of tenants, people and what they act with. */
public sealed interface IdentityCommand
    permits TenantCommand,
        UserCommand,
        InvitationCommand,
        ApiKeyCommand,
        LoginCommand,
        SigningKeyCommand {}
