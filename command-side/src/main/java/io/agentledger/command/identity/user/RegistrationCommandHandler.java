package io.agentledger.command.identity.user;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.EmailAddress;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.UserCommand.ProvisionExternalUser;
import io.agentledger.api.identity.command.UserCommand.RegisterLocalOwner;
import io.agentledger.api.identity.command.UserCommand.RegisterUser;
import io.agentledger.api.identity.event.UserEvent.AsLocalOwner;
import io.agentledger.api.identity.event.UserEvent.BySignUp;
import io.agentledger.api.identity.event.UserEvent.FromIssuer;
import io.agentledger.api.identity.event.UserEvent.JoinMethod;
import io.agentledger.api.identity.event.UserEvent.UserRegistered;
import io.agentledger.api.shared.IdentityRejection.RegistrationClosed;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.identity.shared.EventMetadata;
import io.agentledger.command.identity.shared.IdentitySettings.Registration;
import io.agentledger.store.crypto.Sealer;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.Repository;
import org.jspecify.annotations.Nullable;

/** Takes people in whom nobody invited: who signs up, and whom another issuer vouches for. */
final class RegistrationCommandHandler {
  private final Repository<Tenant> tenants;
  private final AccountCreator accountCreator;
  private final Registration registration;

  RegistrationCommandHandler(
      Repository<Tenant> tenants, AccountCreator accountCreator, Registration registration) {
    this.tenants = tenants;
    this.accountCreator = accountCreator;
    this.registration = registration;
  }

  /** What everybody who lets people join needs. */
  record AccountCreator(
      Repository<User> users, AccountTable accounts, PasswordHasher hashing, Sealer sealer) {

    /** Makes an account that can be signed in with. */
    void join(UserRegistered first, EmailAddress email, String hash, MetaData metaData)
        throws Exception {
      accounts.firstNewcomer().claim(first.userId());
      accounts.claim(email, first.userId());
      accounts.setHash(first.userId(), hash);
      users
          .newInstance(() -> new User(first, metaData))
          .execute(user -> user.passwordSet(metaData));
    }

    UserRegistered registered(
        NewUser who, @Nullable DisplayName name, @Nullable EmailAddress email) {
      return new UserRegistered(
          who.user(),
          who.tenant(),
          who.role(),
          who.joining(),
          sealed(who.user(), "name", name == null ? "" : name.value()),
          sealed(who.user(), "email", email == null ? "" : email.value()));
    }

    private Content sealed(UserId user, String field, String text) {
      return text.isEmpty() ? Content.ABSENT : sealer.seal(user, UserRegistered.class, field, text);
    }
  }

  /** Who is to be known from now on, but for name and address. */
  record NewUser(UserId user, TenantId tenant, Role role, JoinMethod joining) {}

  @CommandHandler
  void adopt(RegisterLocalOwner command) throws Exception {
    var tenant = command.tenantId();
    var metaData = EventMetadata.of(tenant, Actor.SERVICE, EventMetadata.SYSTEM);
    tenants
        .loadOrCreate(tenant.value(), Tenant::new)
        .execute(known -> known.create(tenant, "local", metaData));
    var who = new NewUser(command.userId(), tenant, Role.ADMIN, new AsLocalOwner());
    var name = new DisplayName("Local owner");
    accountCreator
        .users()
        .loadOrCreate(
            command.userId().value(),
            () -> new User(accountCreator.registered(who, name, null), metaData));
  }

  @CommandHandler
  UserId register(RegisterUser command) throws Exception {
    var firstAdminClaim = accountCreator.accounts().firstNewcomer();
    boolean open = registration == Registration.OPEN;
    if (!open && firstAdminClaim.isFound()) throw new RejectionException(new RegistrationClosed());
    var hash = accountCreator.hashing().hash(command.password());
    boolean first = firstAdminClaim.claim(command.userId());
    if (!open && !first) throw new RejectionException(new RegistrationClosed());
    var tenant = firstAdminClaim.foundingTenant();
    var who =
        new NewUser(command.userId(), tenant, first ? Role.ADMIN : Role.MEMBER, new BySignUp());
    accountCreator.join(
        accountCreator.registered(who, command.name(), command.email()),
        command.email(),
        hash,
        EventMetadata.atTheDoor(tenant, command.userId()));
    return command.userId();
  }

  /**
   * Their address is not one that anybody signs in with here, so it may be another account's, too:
   * who controls an issuer does not get into the accounts of others by naming their address.
   */
  @CommandHandler
  void authorize(ProvisionExternalUser command) throws Exception {
    if (!command.userId().equals(command.foreigner().userId())
        || command.role() == Role.AGENT
        || !accountCreator.accounts().isOpen(command.tenantId()))
      throw new RejectionException(new Forbidden());
    var metaData =
        EventMetadata.of(
            command.tenantId(), Actor.ofUser(command.userId()), command.foreigner().credential());
    accountCreator
        .users()
        .loadOrCreate(command.userId().value(), () -> new User(newcomer(command), metaData))
        .execute(user -> takeOver(user, command, metaData));
  }

  private UserRegistered newcomer(ProvisionExternalUser command) {
    accountCreator.accounts().firstNewcomer().claim(command.userId());
    return accountCreator.registered(
        new NewUser(
            command.userId(),
            command.tenantId(),
            command.role(),
            new FromIssuer(command.foreigner().issuer())),
        command.name(),
        command.email());
  }

  private void takeOver(User user, ProvisionExternalUser command, MetaData metaData) {
    if (user.isDisabled() || !user.tenant().equals(command.tenantId()))
      throw new RejectionException(new Forbidden());
    var name = command.name();
    var email = command.email();
    user.takeOver(
        command.role(),
        new User.ExternalProfile(
            name == null ? "" : name.value(), email == null ? "" : email.value()),
        accountCreator.sealer(),
        metaData);
  }
}
