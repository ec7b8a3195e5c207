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

/** Commands for users. Repeating one that has taken effect does nothing. */
@StableName("user")
public sealed interface UserCommand extends IdentityCommand {
  @TargetAggregateIdentifier
  UserId userId();

  /**
   * Registers a user in the founding tenant; returns the {@link UserId}. The first user is its
   * admin; later registrations are rejected unless registration is open.
   *
   * @param onThisMachine whether the request was sent from the service's own machine
   * @param setupToken token that the first admin needs when registering from another machine; else
   *     null
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

  /** Records tenant and owner of the installation. Idempotent. */
  @InternalOnly
  @StableName("RegisterLocalOwner")
  record RegisterLocalOwner(UserId userId, TenantId tenantId) implements UserCommand {}

  /**
   * Registers a user of an external issuer at the first login and updates changed attributes later;
   * the token was verified before. Returns nothing; rejected for disabled users.
   *
   * @param userId {@link ExternalIdentity#userId}
   * @param role managed by the issuer; it cannot be changed here
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

  /** Changes the role of a user. A tenant keeps at least one admin who is not disabled. */
  @RequiresScope(Scope.USERS_WRITE)
  @StableName("ChangeRole")
  record ChangeRole(UserId userId, Role role, @Nullable Idempotency idempotency)
      implements UserCommand, Idempotent {
    public ChangeRole {
      role.requireAssignable();
    }
  }

  /**
   * Disables a user: ends all logins, and until the user is enabled again, their keys are invalid
   * and no run of theirs begins.
   */
  @RequiresScope(Scope.USERS_WRITE)
  @StableName("DisableUser")
  record DisableUser(UserId userId, @Nullable Idempotency idempotency)
      implements UserCommand, Idempotent {}

  @RequiresScope(Scope.USERS_WRITE)
  @StableName("EnableUser")
  record EnableUser(UserId userId, @Nullable Idempotency idempotency)
      implements UserCommand, Idempotent {}

  /** Renames a user, sent by the user or an admin. */
  @RequiresScope({Scope.KEYS_WRITE, Scope.USERS_WRITE})
  @StableName("RenameUser")
  record RenameUser(UserId userId, DisplayName name, @Nullable Idempotency idempotency)
      implements UserCommand, Idempotent {}

  /**
   * Changes the password, sent by the user. Ends all other logins; returns a {@link SignInResult}
   * without tokens, because the caller's tokens stay valid. An API key needs {@link
   * Scope#KEYS_WRITE}.
   */
  @RequiresScope(Scope.KEYS_WRITE)
  @StableName("ChangePassword")
  record ChangePassword(UserId userId, Secret currentPassword, Password newPassword)
      implements UserCommand {}
}
