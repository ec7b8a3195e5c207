package io.agentledger.api.identity;

/** What happened to tenants, people and what they act with. */
public sealed interface IdentityEvent
    permits TenantEvent, UserEvent, InvitationEvent, KeyEvent, LoginEvent, SigningKeyEvent {}
