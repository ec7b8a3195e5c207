package io.agentledger.command.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.EmailAddress;
import io.agentledger.api.identity.ExternalIdentity;
import io.agentledger.api.identity.InvitationId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Secret;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.InvitationCommand.AcceptInvitation;
import io.agentledger.api.identity.command.InvitationCommand.InviteUser;
import io.agentledger.api.identity.command.InvitationCommand.RevokeInvitation;
import io.agentledger.api.identity.command.IssuedInvitation;
import io.agentledger.api.identity.command.TenantCommand.CreateTenant;
import io.agentledger.api.identity.command.UserCommand.ChangeRole;
import io.agentledger.api.identity.command.UserCommand.DisableUser;
import io.agentledger.api.identity.command.UserCommand.ProvisionExternalUser;
import io.agentledger.api.identity.command.UserCommand.RegisterUser;
import io.agentledger.api.shared.IdentityRejection.IdentityRefused;
import io.agentledger.api.shared.IdentityRejection.InvitationInvalid;
import io.agentledger.api.shared.IdentityRejection.RegistrationClosed;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.Rejection.Busy;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.identity.shared.EventMetadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class RegistrationIT extends IdentityTestSupport {
  private static final Rejection TAKEN =
      new IdentityRefused("address_taken", "Somebody signs in with this address already.");

  private static RegisterUser register(String email) {
    return new RegisterUser(
        UserId.next(), new EmailAddress(email), new DisplayName("Somebody"), password());
  }

  @Test
  void theFirstToSignUpIsTheAdminAndTheNextIsRefused() throws Exception {
    sql.sql("update local_owner set first_newcomer = null").update();
    var requested = new ArrayList<Callable<UserId>>();
    for (int i = 0; i < 4; i++) {
      var command = register(newAddress());
      requested.add(() -> patiently(command));
    }
    var results = AtOnce.all(requested);
    var admins = results.stream().filter(UserId.class::isInstance).toList();
    assertThat(admins).hasSize(1);
    assertThat(results)
        .filteredOn(RejectionException.class::isInstance)
        .hasSize(3)
        .allSatisfy(
            no ->
                assertThat(((RejectionException) no).rejection())
                    .isEqualTo(new RegistrationClosed()));
    assertThat(role((UserId) admins.getFirst())).contains("ADMIN");
    assertThat(rejection(() -> anyone(register(newAddress())))).isEqualTo(new RegistrationClosed());
  }

  @Test
  void whoeverJoinsFirstClosesTheDoorForStrangers() {
    sql.sql("update local_owner set first_newcomer = null").update();
    UserId user = anyone(accept(invited(localOwner(), newAddress(), Role.MEMBER)));
    assertThat(role(user)).contains("MEMBER");
    assertThat(rejection(() -> anyone(register(newAddress())))).isEqualTo(new RegistrationClosed());
  }

  /** Hashing is bounded: who is told that it is busy comes again. */
  private UserId patiently(RegisterUser command) {
    while (true)
      try {
        return anyone(command);
      } catch (RejectionException no) {
        if (!(no.rejection() instanceof Busy)) throw no;
      }
  }

  private Optional<String> role(UserId user) {
    return sql.sql("select role from identity_user where user_id = ?")
        .param(user.value())
        .query(String.class)
        .optional();
  }

  @Test
  void theOwnerOfTheInstallationIsOnTheRecordOnce() {
    var owner = localOwner();
    assertThat(names(owner.tenant().value())).containsExactly("TenantCreated");
    assertThat(names(owner.user().value())).containsExactly("UserRegistered");
    assertThat(owner.operator()).isTrue();
  }

  private IssuedInvitation invited(Caller caller, String email, Role role) {
    return as(caller, invite(caller.tenant(), email, role));
  }

  private static InviteUser invite(TenantId tenant, String email, Role role) {
    return new InviteUser(
        InvitationId.next(), tenant, UserId.next(), new EmailAddress(email), role, null);
  }

  private static AcceptInvitation accept(IssuedInvitation invitation) {
    return new AcceptInvitation(
        new Secret(invitation.token()), new DisplayName("Newcomer"), password());
  }

  @Test
  void anInvitationIsAcceptedOnceByWhoHasItsToken() {
    var invitation = invited(localOwner(), newAddress(), Role.AUDITOR);
    UserId user = anyone(accept(invitation));
    assertThat(user).isEqualTo(invitation.userId());
    assertThat(role(user)).contains("AUDITOR");
    assertThat(names(user.value())).containsExactly("UserRegistered", "PasswordSet");
    assertThat(rejection(() -> anyone(accept(invitation)))).isEqualTo(new InvitationInvalid());
  }

  @Test
  void aRevokedInvitationAndAForgedOneAreOver() {
    var invitation = invited(localOwner(), newAddress(), Role.MEMBER);
    as(localOwner(), new RevokeInvitation(invitation.invitationId(), null));
    assertThat(rejection(() -> anyone(accept(invitation)))).isEqualTo(new InvitationInvalid());
    var forged =
        new AcceptInvitation(
            new Secret("ali_2222222222_" + "A".repeat(43)), new DisplayName("Eve"), password());
    assertThat(rejection(() -> anyone(forged))).isEqualTo(new InvitationInvalid());
  }

  @Test
  void oneAddressIsOneAccountHoweverItIsWritten() {
    var email = newAddress();
    var one = invited(localOwner(), email, Role.MEMBER);
    var two = invited(localOwner(), email.toUpperCase(java.util.Locale.ROOT), Role.MEMBER);
    anyone(accept(one));
    assertThat(rejection(() -> anyone(accept(two)))).isEqualTo(TAKEN);
    assertThat(rejection(() -> invited(localOwner(), email, Role.VIEWER))).isEqualTo(TAKEN);
  }

  @Test
  void ofTwoWhoWantOneAddressAtOnceOneGetsIt() throws Exception {
    var email = newAddress();
    var requested = new ArrayList<Callable<UserId>>();
    for (int i = 0; i < 2; i++) {
      var wish = accept(invited(localOwner(), email, Role.MEMBER));
      requested.add(() -> anyone(wish));
    }
    var results = AtOnce.all(requested);
    assertThat(results).filteredOn(UserId.class::isInstance).hasSize(1);
    assertThat(results)
        .filteredOn(RejectionException.class::isInstance)
        .singleElement()
        .satisfies(no -> assertThat(((RejectionException) no).rejection()).isEqualTo(TAKEN));
  }

  @Test
  void onlyOperatorsInviteIntoOtherTenants() {
    var tenant = TenantId.next();
    as(localOwner(), new CreateTenant(tenant, new DisplayName("Guests"), null));
    var admin = caller(person(Role.ADMIN, tenant));
    assertThat(rejection(() -> as(admin, invite(localOwner().tenant(), newAddress(), Role.ADMIN))))
        .isEqualTo(new NotFound("tenant", localOwner().tenant().value()));
    var unknown = TenantId.next();
    assertThat(rejection(() -> as(localOwner(), invite(unknown, newAddress(), Role.ADMIN))))
        .isEqualTo(new NotFound("tenant", unknown.value()));
    var member = caller(person(Role.MEMBER, tenant));
    assertThat(rejection(() -> as(member, invite(tenant, newAddress(), Role.ADMIN))))
        .isEqualTo(new Forbidden());
  }

  @Test
  void ofTwoAdminsWhoDemoteOneAnotherAtOnceOneStays() throws Exception {
    var tenant = TenantId.next();
    as(localOwner(), new CreateTenant(tenant, new DisplayName("Duel"), null));
    var one = person(Role.ADMIN, tenant);
    var two = person(Role.ADMIN, tenant);
    var byOne = caller(one);
    var byTwo = caller(two);
    List<Callable<Object>> requested =
        List.of(
            () -> as(byOne, new ChangeRole(two.id(), Role.VIEWER, null)),
            () -> as(byTwo, new ChangeRole(one.id(), Role.VIEWER, null)));
    var results = AtOnce.all(requested);
    assertThat(results)
        .filteredOn(RejectionException.class::isInstance)
        .singleElement()
        .satisfies(
            no -> assertThat(((RejectionException) no).rejection().code()).isEqualTo("last_admin"));
    assertThat(List.of(role(one.id()).orElseThrow(), role(two.id()).orElseThrow()))
        .containsExactlyInAnyOrder("ADMIN", "VIEWER");
  }

  private void admit(ExternalIdentity who, TenantId tenant, Role role, String name) {
    var command =
        new ProvisionExternalUser(
            who.userId(),
            who,
            tenant,
            role,
            new DisplayName(name),
            new EmailAddress("someone@example.com"));
    commands.sendAndWait(command, EventMetadata.forSystem(tenant, "test"));
  }

  private Optional<Caller> standing(ExternalIdentity who, TenantId tenant, Role role) {
    return authenticator.currentCaller(who, tenant, role).toCompletableFuture().join();
  }

  private static ExternalIdentity foreigner() {
    return new ExternalIdentity("https://id.example.org", UUID.randomUUID().toString());
  }

  @Test
  void whomAnIssuerVouchesForIsRegisteredOnceAndKnownByItsTokens() {
    var tenant = localOwner().tenant();
    var who = foreigner();
    assertThat(standing(who, tenant, Role.MEMBER)).isEmpty();
    admit(who, tenant, Role.MEMBER, "Ada");
    admit(who, tenant, Role.MEMBER, "Ada");
    assertThat(names(who.userId().value())).containsExactly("UserRegistered");
    var caller = standing(who, tenant, Role.MEMBER).orElseThrow();
    assertThat(caller.user()).isEqualTo(who.userId());
    assertThat(caller.credential()).isEqualTo(who.credential());
    assertThat(standing(who, tenant, Role.ADMIN)).as("of another role now").isEmpty();
  }

  @Test
  void whatTheIssuerSaysAnewIsTakenOver() {
    var tenant = localOwner().tenant();
    var who = foreigner();
    admit(who, tenant, Role.MEMBER, "Ada");
    admit(who, tenant, Role.AUDITOR, "Ada King");
    assertThat(names(who.userId().value()))
        .containsExactly("UserRegistered", "UserRoleChanged", "UserRenamed");
    admit(who, tenant, Role.AUDITOR, "Ada King");
    assertThat(names(who.userId().value())).hasSize(3);
    assertThat(standing(who, tenant, Role.AUDITOR)).isPresent();
  }

  @Test
  void aForeignerWhoIsDisabledOrOfAnotherTenantIsRefused() {
    var tenant = localOwner().tenant();
    var who = foreigner();
    admit(who, tenant, Role.MEMBER, "Ada");
    var other = TenantId.next();
    as(localOwner(), new CreateTenant(other, new DisplayName("Other"), null));
    assertThat(rejection(() -> admit(who, other, Role.MEMBER, "Ada"))).isEqualTo(new Forbidden());
    as(localOwner(), new DisableUser(who.userId(), null));
    assertThat(rejection(() -> admit(who, tenant, Role.MEMBER, "Ada"))).isEqualTo(new Forbidden());
    assertThat(standing(who, tenant, Role.MEMBER)).isEmpty();
  }

  @Test
  void anIssuersWordForAnAddressOpensNobodysAccount() {
    var person = person(Role.ADMIN);
    var who = foreigner();
    var tenant = localOwner().tenant();
    commands.sendAndWait(
        new ProvisionExternalUser(
            who.userId(), who, tenant, Role.VIEWER, null, new EmailAddress(person.email())),
        EventMetadata.forSystem(tenant, "test"));
    assertThat(signedIn(person).userId()).isEqualTo(person.id());
    assertThat(standing(who, tenant, Role.VIEWER).orElseThrow().user()).isNotEqualTo(person.id());
  }
}
