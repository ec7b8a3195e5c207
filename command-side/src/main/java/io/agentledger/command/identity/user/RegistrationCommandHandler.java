package io.agentledger.command.identity.user;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.EmailAddress;
import io.agentledger.api.identity.Provenance;
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
import io.agentledger.api.shared.IdentityRejection.SetupTokenRequired;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.identity.shared.EventMetadata;
import io.agentledger.command.identity.shared.IdentitySettings.Registration;
import io.agentledger.store.crypto.Sealer;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.Repository;
import org.jspecify.annotations.Nullable;

/**
 * Creates accounts without an invitation: for users who register, and for users of an external
 * issuer.
 */
final class RegistrationCommandHandler {
  private final Repository<Tenant> tenants;
  private final AccountCreator accountCreator;
  private final Registration registration;
  private final SetupToken setupToken;

  RegistrationCommandHandler(
      Repository<Tenant> tenants,
      AccountCreator accountCreator,
      Registration registration,
      SetupToken setupToken) {
    this.tenants = tenants;
    this.accountCreator = accountCreator;
    this.registration = registration;
    this.setupToken = setupToken;
  }

  /** Services that create an account. */
  record AccountCreator(
      Repository<User> users, AccountTable accounts, PasswordHasher passwordHasher, Sealer sealer) {

    /** Creates an account with a password. */
    void createAccount(UserRegistered event, EmailAddress email, String hash, MetaData metaData)
        throws Exception {
      accounts.firstAdminClaim().claim(event.userId());
      accounts.claimEmail(email, event.userId());
      accounts.setHash(event.userId(), hash);
      users
          .newInstance(() -> new User(event, metaData))
          .execute(user -> user.recordPasswordSet(metaData));
    }

    UserRegistered registrationEvent(
        NewUser newUser, @Nullable DisplayName name, @Nullable EmailAddress email) {
      return new UserRegistered(
          newUser.user(),
          newUser.tenant(),
          newUser.role(),
          newUser.joinMethod(),
          sealed(newUser.user(), "name", name == null ? "" : name.value()),
          sealed(newUser.user(), "email", email == null ? "" : email.value()));
    }

    private Content sealed(UserId user, String field, String text) {
      return text.isEmpty() ? Content.ABSENT : sealer.seal(user, UserRegistered.class, field, text);
    }
  }

  /** User to create, without name and address. */
  record NewUser(UserId user, TenantId tenant, Role role, JoinMethod joinMethod) {}

  @CommandHandler
  void registerLocalOwner(RegisterLocalOwner command) throws Exception {
    var tenant = command.tenantId();
    var metaData = EventMetadata.of(tenant, Actor.SERVICE, Provenance.SYSTEM);
    tenants
        .loadOrCreate(tenant.value(), Tenant::new)
        .execute(aggregate -> aggregate.create(tenant, "local", metaData));
    var newUser = new NewUser(command.userId(), tenant, Role.ADMIN, new AsLocalOwner());
    var name = new DisplayName("Local owner");
    accountCreator
        .users()
        .loadOrCreate(
            command.userId().value(),
            () -> new User(accountCreator.registrationEvent(newUser, name, null), metaData));
  }

  @CommandHandler
  UserId register(RegisterUser command) throws Exception {
    var firstAdminClaim = accountCreator.accounts().firstAdminClaim();
    boolean open = registration == Registration.OPEN;
    boolean claimed = firstAdminClaim.isClaimed();
    if (!open && claimed) throw new RejectionException(new RegistrationClosed());
    boolean trusted = command.onThisMachine() || setupToken.matches(command.setupToken());
    if (!claimed && !trusted) throw new RejectionException(new SetupTokenRequired());
    var hash = accountCreator.passwordHasher().hash(command.password());
    boolean first = firstAdminClaim.claim(command.userId());
    if (!open && !first) throw new RejectionException(new RegistrationClosed());
    var tenant = firstAdminClaim.foundingTenant();
    var newUser =
        new NewUser(command.userId(), tenant, first ? Role.ADMIN : Role.MEMBER, new BySignUp());
    accountCreator.createAccount(
        accountCreator.registrationEvent(newUser, command.name(), command.email()),
        command.email(),
        hash,
        EventMetadata.forSignIn(tenant, command.userId()));
    return command.userId();
  }

  /**
   * Creates or updates the user of an external issuer. The address is not used for sign-in here and
   * may equal that of another account, so an issuer cannot take over accounts by reporting their
   * address.
   */
  @CommandHandler
  void provision(ProvisionExternalUser command) throws Exception {
    if (!command.userId().equals(command.externalIdentity().userId())
        || command.role() == Role.AGENT
        || !accountCreator.accounts().isTenantActive(command.tenantId()))
      throw new RejectionException(new Forbidden());
    var metaData =
        EventMetadata.of(
            command.tenantId(),
            Actor.ofUser(command.userId()),
            command.externalIdentity().credential());
    accountCreator
        .users()
        .loadOrCreate(
            command.userId().value(), () -> new User(registerExternalUser(command), metaData))
        .execute(user -> updateFromIssuer(user, command, metaData));
  }

  private UserRegistered registerExternalUser(ProvisionExternalUser command) {
    accountCreator.accounts().firstAdminClaim().claim(command.userId());
    return accountCreator.registrationEvent(
        new NewUser(
            command.userId(),
            command.tenantId(),
            command.role(),
            new FromIssuer(command.externalIdentity().issuer())),
        command.name(),
        command.email());
  }

  private void updateFromIssuer(User user, ProvisionExternalUser command, MetaData metaData) {
    if (user.isDisabled() || !user.tenant().equals(command.tenantId()))
      throw new RejectionException(new Forbidden());
    var name = command.name();
    var email = command.email();
    user.updateFromIssuer(
        command.role(),
        new User.ExternalProfile(
            name == null ? "" : name.value(), email == null ? "" : email.value()),
        accountCreator.sealer(),
        metaData);
  }
}
