package io.agentledger.api.identity.event;

/** Events of tenants, users and credentials. */
public sealed interface IdentityEvent
    permits TenantEvent, UserEvent, InvitationEvent, ApiKeyEvent, LoginEvent, SigningKeyEvent {}
