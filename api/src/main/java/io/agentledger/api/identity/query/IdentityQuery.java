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
 * not see, are rejected as not found. No response contains a secret or its hash.
 */
public sealed interface IdentityQuery {

  /** Finds the caller; returns a {@link CurrentUserView}. */
  @RequiresScope({})
  @StableName("FindCurrentUser")
  record FindCurrentUser(TenantId tenant) implements IdentityQuery, TenantScoped {}

  /**
   * Lists users, newest first; returns a page of {@link UserView}. With a text the page may have
   * fewer items than requested, even none, and still a next page, because each page examines a
   * limited number of users.
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

  /**
   * Finds the caller, or with {@link Scope#USERS_READ} any user of the tenant; returns a {@link
   * UserView}.
   */
  @RequiresScope({})
  @StableName("FindUser")
  record FindUser(TenantId tenant, UserId userId) implements IdentityQuery, TenantScoped {}

  /** Lists tenants, newest first; returns a page of {@link TenantView}. */
  @RequiresScope(Scope.TENANTS_WRITE)
  @StableName("ListTenants")
  record ListTenants(PageRequest page) implements IdentityQuery {}

  /** Finds the caller's tenant; operators may find every one. Returns a {@link TenantView}. */
  @RequiresScope({})
  @StableName("FindTenant")
  record FindTenant(TenantId tenantId) implements IdentityQuery {}

  /**
   * Lists API keys, newest first; returns a page of {@link ApiKeyView}.
   *
   * @param ownerId the caller, or with {@link Scope#USERS_READ} any user; null for all users
   */
  @RequiresScope({Scope.KEYS_WRITE, Scope.USERS_READ})
  @StableName("ListApiKeys")
  record ListApiKeys(TenantId tenant, @Nullable UserId ownerId, PageRequest page)
      implements IdentityQuery, TenantScoped {}

  /**
   * Finds an API key of the caller, or with {@link Scope#USERS_READ} of any user; returns an {@link
   * ApiKeyView}.
   */
  @RequiresScope({Scope.KEYS_WRITE, Scope.USERS_READ})
  @StableName("FindApiKey")
  record FindApiKey(TenantId tenant, CredentialId keyId) implements IdentityQuery, TenantScoped {}

  /**
   * Lists logins of the caller, or with {@link Scope#USERS_READ} of any user, newest first; returns
   * a page of {@link LoginView}.
   */
  @RequiresScope({})
  @StableName("ListLogins")
  record ListLogins(TenantId tenant, UserId userId, PageRequest page)
      implements IdentityQuery, TenantScoped {}

  /** Lists invitations, newest first; returns a page of {@link InvitationView}. */
  @RequiresScope(Scope.USERS_READ)
  @StableName("ListInvitations")
  record ListInvitations(TenantId tenant, PageRequest page)
      implements IdentityQuery, TenantScoped {}

  /** Returns an {@link InvitationView}. */
  @RequiresScope(Scope.USERS_READ)
  @StableName("FindInvitation")
  record FindInvitation(TenantId tenant, InvitationId invitationId)
      implements IdentityQuery, TenantScoped {}
}
