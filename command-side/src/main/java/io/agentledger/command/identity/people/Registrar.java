package io.agentledger.command.identity.people;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.EmailAddress;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserCommand.AdmitForeigner;
import io.agentledger.api.identity.UserCommand.AdoptLocalOwner;
import io.agentledger.api.identity.UserCommand.Register;
import io.agentledger.api.identity.UserEvent.AsLocalOwner;
import io.agentledger.api.identity.UserEvent.BySignUp;
import io.agentledger.api.identity.UserEvent.FromIssuer;
import io.agentledger.api.identity.UserEvent.Joining;
import io.agentledger.api.identity.UserEvent.UserRegistered;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.IdentityRejection.RegistrationClosed;
import io.agentledger.api.shared.Rejected;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.command.identity.ground.IdentitySettings.Registration;
import io.agentledger.command.identity.ground.Stamp;
import io.agentledger.store.content.Sealer;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.messaging.MetaData;
import org.axonframework.modelling.command.Repository;
import org.jspecify.annotations.Nullable;

/** Takes people in whom nobody invited: who signs up, and whom another issuer vouches for. */
final class Registrar {
  private final Repository<Tenant> tenants;
  private final Joiners joiners;
  private final Registration registration;

  Registrar(Repository<Tenant> tenants, Joiners joiners, Registration registration) {
    this.tenants = tenants;
    this.joiners = joiners;
    this.registration = registration;
  }

  /** What everybody who lets people join needs. */
  record Joiners(Repository<User> users, Accounts accounts, Hashing hashing, Sealer sealer) {

    /** Makes an account that can be signed in with. */
    void join(UserRegistered first, EmailAddress email, String hash, MetaData by) throws Exception {
      accounts.firstNewcomer().claim(first.userId());
      accounts.take(email, first.userId());
      accounts.setHash(first.userId(), hash);
      users.newInstance(() -> new User(first, by)).execute(user -> user.passwordSet(by));
    }

    UserRegistered registered(
        Newcomer who, @Nullable DisplayName name, @Nullable EmailAddress email) {
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
  record Newcomer(UserId user, TenantId tenant, Role role, Joining joining) {}

  @CommandHandler
  void adopt(AdoptLocalOwner command) throws Exception {
    var tenant = command.tenantId();
    var by = Stamp.of(tenant, Actor.SERVICE, Stamp.HOUSE);
    tenants
        .loadOrCreate(tenant.value(), Tenant::new)
        .execute(known -> known.found(tenant, "local", by));
    var who = new Newcomer(command.userId(), tenant, Role.ADMIN, new AsLocalOwner());
    var name = new DisplayName("Local owner");
    joiners
        .users()
        .loadOrCreate(
            command.userId().value(), () -> new User(joiners.registered(who, name, null), by));
  }

  @CommandHandler
  UserId register(Register command) throws Exception {
    var firstNewcomer = joiners.accounts().firstNewcomer();
    boolean open = registration == Registration.OPEN;
    if (!open && firstNewcomer.isFound()) throw new Rejected(new RegistrationClosed());
    var hash = joiners.hashing().hash(command.password());
    boolean first = firstNewcomer.claim(command.userId());
    if (!open && !first) throw new Rejected(new RegistrationClosed());
    var tenant = firstNewcomer.foundingTenant();
    var who =
        new Newcomer(command.userId(), tenant, first ? Role.ADMIN : Role.MEMBER, new BySignUp());
    joiners.join(
        joiners.registered(who, command.name(), command.email()),
        command.email(),
        hash,
        Stamp.atTheDoor(tenant, command.userId()));
    return command.userId();
  }

  /**
   * Their address is not one that anybody signs in with here, so it may be another account's, too:
   * who controls an issuer does not get into the accounts of others by naming their address.
   */
  @CommandHandler
  void admit(AdmitForeigner command) throws Exception {
    if (!command.userId().equals(command.foreigner().userId())
        || command.role() == Role.AGENT
        || !joiners.accounts().isOpen(command.tenantId())) throw new Rejected(new Forbidden());
    var by =
        Stamp.of(
            command.tenantId(), Actor.person(command.userId()), command.foreigner().credential());
    joiners
        .users()
        .loadOrCreate(command.userId().value(), () -> new User(newcomer(command), by))
        .execute(user -> takeOver(user, command, by));
  }

  private UserRegistered newcomer(AdmitForeigner command) {
    joiners.accounts().firstNewcomer().claim(command.userId());
    return joiners.registered(
        new Newcomer(
            command.userId(),
            command.tenantId(),
            command.role(),
            new FromIssuer(command.foreigner().issuer())),
        command.name(),
        command.email());
  }

  private void takeOver(User user, AdmitForeigner command, MetaData by) {
    if (user.isDisabled() || !user.tenant().equals(command.tenantId()))
      throw new Rejected(new Forbidden());
    var name = command.name();
    var email = command.email();
    user.takeOver(
        command.role(),
        new User.Foreign(name == null ? "" : name.value(), email == null ? "" : email.value()),
        joiners.sealer(),
        by);
  }
}
