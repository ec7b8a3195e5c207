package io.agentledger.api.identity;

/** What can be wished of tenants, people and what they act with. */
public sealed interface IdentityCommand
    permits TenantCommand,
        UserCommand,
        InvitationCommand,
        KeyCommand,
        LoginCommand,
        SigningKeyCommand {}
