package io.agentledger.api.identity.command;

import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.EmailAddress;
import io.agentledger.api.identity.ExternalIdentity;
import io.agentledger.api.identity.Password;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.Secret;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.security.InternalOnly;
import io.agentledger.api.identity.security.PermitAll;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.Idempotent;
import io.agentledger.api.shared.StableName;
import org.axonframework.modelling.command.TargetAggregateIdentifier;
import org.jspecify.annotations.Nullable;

/** Commands to users. Repeating one that has taken effect does nothing. */
@StableName("user")
public sealed interface UserCommand extends IdentityCommand {
  @TargetAggregateIdentifier
  UserId userId();

  /**
   * Signs up in the founding tenant; answered with the {@link UserId}. The first one ever is its
   * admin; after that it is refused, unless the installation is open to everybody.
   *
   * @param onThisMachine whether the request began on the service's own machine
   * @param setupToken what the first admin needs from elsewhere, once; else null
   */
  @PermitAll
  @StableName("RegisterUser")
  record RegisterUser(
      UserId userId,
      EmailAddress email,
      DisplayName name,
      Password password,
      boolean onThisMachine,
      @Nullable Secret setupToken)
      implements UserCommand {}

  /** Puts tenant and owner of the installation on the record; twice is once. */
  @InternalOnly
  @StableName("RegisterLocalOwner")
  record RegisterLocalOwner(UserId userId, TenantId tenantId) implements UserCommand {}

  /**
   * Registers a user of an external issuer at the first login and updates changed attributes later;
   * the token was verified before. Answered with nothing; rejected for disabled users.
   *
   * @param userId {@link ExternalIdentity#userId}
   * @param role the issuer keeps it; it cannot be changed here
   */
  @InternalOnly
  @StableName("ProvisionExternalUser")
  record ProvisionExternalUser(
      UserId userId,
      ExternalIdentity externalIdentity,
      TenantId tenantId,
      Role role,
      @Nullable DisplayName name,
      @Nullable EmailAddress email)
      implements UserCommand {}

  /** A tenant keeps one admin at least who is not disabled. */
  @RequiresScope(Scope.USERS_WRITE)
  @StableName("ChangeRole")
  record ChangeRole(UserId userId, Role role, @Nullable Idempotency idempotency)
      implements UserCommand, Idempotent {}

  /** Ends all of their logins, and their keys do not count until they are enabled again. */
  @RequiresScope(Scope.USERS_WRITE)
  @StableName("DisableUser")
  record DisableUser(UserId userId, @Nullable Idempotency idempotency)
      implements UserCommand, Idempotent {}

  @RequiresScope(Scope.USERS_WRITE)
  @StableName("EnableUser")
  record EnableUser(UserId userId, @Nullable Idempotency idempotency)
      implements UserCommand, Idempotent {}

  /** By themselves, or by an admin. */
  @RequiresScope({Scope.KEYS_WRITE, Scope.USERS_WRITE})
  @StableName("RenameUser")
  record RenameUser(UserId userId, DisplayName name, @Nullable Idempotency idempotency)
      implements UserCommand, Idempotent {}

  /**
   * By themselves only. Ends their other logins; answered with a {@link SignInResult} that has no
   * tokens: the caller's own go on. What manages one's account, a key must be allowed to: {@link
   * Scope#KEYS_WRITE}.
   */
  @RequiresScope(Scope.KEYS_WRITE)
  @StableName("ChangePassword")
  record ChangePassword(UserId userId, Secret currentPassword, Password newPassword)
      implements UserCommand {}
}
