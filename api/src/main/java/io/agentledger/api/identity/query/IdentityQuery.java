package io.agentledger.api.identity.query;

import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.InvitationId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.identity.security.TenantScoped;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.shared.StableName;
import org.jspecify.annotations.Nullable;

/**
 * Queries about tenants, users and credentials. Objects of other tenants, or that the caller may
 * not see, are rejected as not found. No answer contains a secret or its hash.
 */
public sealed interface IdentityQuery {

  /** The caller; answered with a {@link CurrentUserView}. */
  @RequiresScope({})
  @StableName("FindCurrentUser")
  record FindCurrentUser(TenantId tenant) implements IdentityQuery, TenantScoped {}

  /**
   * Newest first; a page of {@link UserView}. With a text the page may have fewer than were asked
   * for, even none, and yet a next one: so many people are looked at and no more.
   *
   * @param text part of a name or an address, at most 100 characters, or null
   */
  @RequiresScope(Scope.USERS_READ)
  @StableName("ListUsers")
  record ListUsers(
      TenantId tenant,
      @Nullable Role role,
      UserView.@Nullable Status status,
      @Nullable String text,
      PageRequest page)
      implements IdentityQuery, TenantScoped {
    public static final int TEXT_LENGTH_MAX = 100;
  }

  /** Oneself, or with {@link Scope#USERS_READ} anybody of the tenant; a {@link UserView}. */
  @RequiresScope({})
  @StableName("FindUser")
  record FindUser(TenantId tenant, UserId userId) implements IdentityQuery, TenantScoped {}

  /** Newest first; a page of {@link TenantView}. */
  @RequiresScope(Scope.TENANTS_WRITE)
  @StableName("ListTenants")
  record ListTenants(PageRequest page) implements IdentityQuery {}

  /** One's own; operators see every one. A {@link TenantView}. */
  @RequiresScope({})
  @StableName("FindTenant")
  record FindTenant(TenantId tenantId) implements IdentityQuery {}

  /**
   * Newest first; a page of {@link ApiKeyView}.
   *
   * @param ownerId oneself, or with {@link Scope#USERS_READ} anybody; null for those of all
   */
  @RequiresScope({Scope.KEYS_WRITE, Scope.USERS_READ})
  @StableName("ListApiKeys")
  record ListApiKeys(TenantId tenant, @Nullable UserId ownerId, PageRequest page)
      implements IdentityQuery, TenantScoped {}

  /** One's own, or with {@link Scope#USERS_READ} anybody's; a {@link ApiKeyView}. */
  @RequiresScope({Scope.KEYS_WRITE, Scope.USERS_READ})
  @StableName("FindApiKey")
  record FindApiKey(TenantId tenant, CredentialId keyId) implements IdentityQuery, TenantScoped {}

  /** Newest first; a page of {@link LoginView}. One's own, or with {@link Scope#USERS_READ}. */
  @RequiresScope({})
  @StableName("ListLogins")
  record ListLogins(TenantId tenant, UserId userId, PageRequest page)
      implements IdentityQuery, TenantScoped {}

  /** Newest first; a page of {@link InvitationView}. */
  @RequiresScope(Scope.USERS_READ)
  @StableName("ListInvitations")
  record ListInvitations(TenantId tenant, PageRequest page)
      implements IdentityQuery, TenantScoped {}

  /** Answered with an {@link InvitationView}. */
  @RequiresScope(Scope.USERS_READ)
  @StableName("FindInvitation")
  record FindInvitation(TenantId tenant, InvitationId invitationId)
      implements IdentityQuery, TenantScoped {}
}
