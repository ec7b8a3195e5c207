package io.agentledger.command.identity.user;

import static org.axonframework.modelling.command.AggregateLifecycle.apply;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.UserCommand.ChangeRole;
import io.agentledger.api.identity.command.UserCommand.DisableUser;
import io.agentledger.api.identity.command.UserCommand.EnableUser;
import io.agentledger.api.identity.command.UserCommand.RenameUser;
import io.agentledger.api.identity.event.LoginEvent.EndReason;
import io.agentledger.api.identity.event.UserEvent.AsLocalOwner;
import io.agentledger.api.identity.event.UserEvent.FromIssuer;
import io.agentledger.api.identity.event.UserEvent.JoinMethod;
import io.agentledger.api.identity.event.UserEvent.PasswordSet;
import io.agentledger.api.identity.event.UserEvent.UserDisabled;
import io.agentledger.api.identity.event.UserEvent.UserEmailChanged;
import io.agentledger.api.identity.event.UserEvent.UserEnabled;
import io.agentledger.api.identity.event.UserEvent.UserLoginsEnded;
import io.agentledger.api.identity.event.UserEvent.UserRegistered;
import io.agentledger.api.identity.event.UserEvent.UserRenamed;
import io.agentledger.api.identity.event.UserEvent.UserRoleChanged;
import io.agentledger.api.shared.IdentityRejection.IdentityRefused;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.store.crypto.Sealer;
import java.util.List;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.eventsourcing.EventSourcingHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.AggregateIdentifier;
import org.axonframework.spring.stereotype.Aggregate;

/**
 * One user. Name and email address are sealed. The sealed values are kept for comparison, because
 * an issuer reports them with every token and only changes are recorded.
 */
@Aggregate(type = "User")
@SuppressWarnings("NullAway.Init") // The first event sets it.
public class User {
  @AggregateIdentifier private UserId id;
  private TenantId tenant;
  private Role role;
  private JoinMethod joinMethod;
  private Content name;
  private Content email;
  private boolean disabled;
  private boolean nameChanged; // Whether the user was renamed here.
  private boolean emailChanged; // Whether the address was changed here.

  User() {}

  User(UserRegistered event, MetaData metaData) {
    apply(event, metaData);
  }

  @CommandHandler
  void change(ChangeRole command, Caller caller, LastAdminGuard admins) {
    checkTenant(caller);
    if (joinMethod instanceof AsLocalOwner) throw localOwnerRejection();
    if (joinMethod instanceof FromIssuer)
      throw rejection(
          "role_kept_by_issuer", "The role of this user is managed by their external issuer.");
    if (command.role() == role) return;
    if (isActiveAdmin()) admins.requireAnotherAdmin(tenant, id);
    apply(new UserRoleChanged(id, command.role()));
  }

  @CommandHandler
  void disable(DisableUser command, Caller caller, LastAdminGuard admins) {
    checkTenant(caller);
    if (joinMethod instanceof AsLocalOwner) throw localOwnerRejection();
    if (disabled) return;
    if (isActiveAdmin()) admins.requireAnotherAdmin(tenant, id);
    apply(new UserDisabled(id));
    endLogins(EndReason.USER_DISABLED, List.of());
  }

  @CommandHandler
  void enable(EnableUser command, Caller caller) {
    checkTenant(caller);
    if (disabled) apply(new UserEnabled(id));
  }

  @CommandHandler
  void rename(RenameUser command, Caller caller, Sealer sealer) {
    if (isSelf(caller) || caller.has(Scope.USERS_WRITE)) checkTenant(caller);
    else throw notFound();
    var requested = command.name().value();
    if (!requested.equals(name(sealer))) rename(requested, sealer, MetaData.emptyInstance());
  }

  private void rename(String requested, Sealer sealer, MetaData metaData) {
    apply(new UserRenamed(id, sealer.seal(id, UserRenamed.class, "name", requested)), metaData);
  }

  /** Applies the profile that the user's issuer reports; missing values stay unchanged. */
  void updateFromIssuer(Role role, ExternalProfile profile, Sealer sealer, MetaData metaData) {
    if (role != this.role) apply(new UserRoleChanged(id, role), metaData);
    if (!profile.name().isEmpty() && !profile.name().equals(name(sealer)))
      rename(profile.name(), sealer, metaData);
    if (!profile.email().isEmpty() && !profile.email().equals(email(sealer)))
      apply(
          new UserEmailChanged(
              id, sealer.seal(id, UserEmailChanged.class, "email", profile.email())),
          metaData);
  }

  /** Profile of a user as an issuer reports it; empty if it reports none. */
  record ExternalProfile(String name, String email) {}

  void recordPasswordSet(MetaData metaData) {
    apply(new PasswordSet(id), metaData);
  }

  /** Ends all logins except these. */
  public void recordPasswordChanged(List<CredentialId> except) {
    apply(new PasswordSet(id));
    endLogins(EndReason.PASSWORD_CHANGED, except);
  }

  /** Ends all logins except these. */
  public void endLogins(EndReason endReason, List<CredentialId> except) {
    apply(new UserLoginsEnded(id, endReason, except));
  }

  /** Rejects a caller of another tenant with the same answer as for a user that does not exist. */
  public void checkTenant(Caller caller) {
    if (!tenant.equals(caller.tenant())) throw notFound();
  }

  /** Returns whether the caller is this user in person, and not an agent that acts for them. */
  public boolean isSelf(Caller caller) {
    return Actor.ofUser(id).equals(caller.actor());
  }

  TenantId tenant() {
    return tenant;
  }

  boolean isDisabled() {
    return disabled;
  }

  private boolean isActiveAdmin() {
    return role == Role.ADMIN && !disabled;
  }

  private String name(Sealer sealer) {
    return sealer.open(id, nameChanged ? UserRenamed.class : UserRegistered.class, "name", name);
  }

  private String email(Sealer sealer) {
    return sealer.open(
        id, emailChanged ? UserEmailChanged.class : UserRegistered.class, "email", email);
  }

  public RejectionException notFound() {
    return new RejectionException(new NotFound("user", id.value()));
  }

  private static RejectionException localOwnerRejection() {
    return rejection(
        "local_owner_protected",
        "The role of the local owner cannot be changed and the local owner cannot be disabled.");
  }

  private static RejectionException rejection(String rule, String detail) {
    return new RejectionException(new IdentityRefused(rule, detail));
  }

  @EventSourcingHandler
  void on(UserRegistered event) {
    id = event.userId();
    tenant = event.tenantId();
    role = event.role();
    joinMethod = event.joinMethod();
    name = event.name();
    email = event.email();
  }

  @EventSourcingHandler
  void on(UserRenamed event) {
    name = event.name();
    nameChanged = true;
  }

  @EventSourcingHandler
  void on(UserEmailChanged event) {
    email = event.email();
    emailChanged = true;
  }

  @EventSourcingHandler
  void on(UserRoleChanged event) {
    role = event.role();
  }

  @EventSourcingHandler
  void on(UserDisabled event) {
    disabled = true;
  }

  @EventSourcingHandler
  void on(UserEnabled event) {
    disabled = false;
  }
}
