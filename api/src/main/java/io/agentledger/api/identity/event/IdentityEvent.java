package io.agentledger.api.identity.event;

/** What happened to tenants, people and what they act with. */
public sealed interface IdentityEvent
    permits TenantEvent, UserEvent, InvitationEvent, ApiKeyEvent, LoginEvent, SigningKeyEvent {}
