package io.agentledger.command.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.EmailAddress;
import io.agentledger.api.identity.ExternalIdentity;
import io.agentledger.api.identity.InvitationId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
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
import io.agentledger.api.shared.IdentityRejection.SetupTokenRequired;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.Rejection.Busy;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.Rejection.InsufficientScope;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.identity.shared.EventMetadata;
import io.agentledger.command.identity.user.SetupToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class RegistrationIT extends IdentityTestSupport {
  @Autowired SetupToken setupToken;

  private static final Rejection EMAIL_TAKEN =
      new IdentityRefused(
          "email_taken",
          "This email address is already in use. POST /auth/login signs in with it.");

  private static RegisterUser register(String email) {
    return new RegisterUser(
        UserId.next(),
        new EmailAddress(email),
        new DisplayName("Somebody"),
        password(),
        true,
        null);
  }

  private static RegisterUser registerFromElsewhere(@Nullable Secret setupToken) {
    return new RegisterUser(
        UserId.next(),
        new EmailAddress(newAddress()),
        new DisplayName("Somebody"),
        password(),
        false,
        setupToken);
  }

  @Test
  void firstAdminFromAnotherMachineNeedsTheSetupTokenOnce() throws IOException {
    sql.sql("update local_owner set first_admin = null").update();
    setupToken.publish();
    Path file = home.root().resolve("setup.token");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    var token = new Secret(Files.readString(file).strip());
    for (var wrong : new Secret[] {null, new Secret(""), new Secret(token.value() + "A")})
      assertThat(rejection(() -> sendAnonymously(registerFromElsewhere(wrong))))
          .isEqualTo(new SetupTokenRequired());
    UserId admin = sendAnonymously(registerFromElsewhere(token));
    assertThat(role(admin)).contains("ADMIN");
    assertThat(rejection(() -> sendAnonymously(registerFromElsewhere(token))))
        .isEqualTo(new RegistrationClosed());
    setupToken.publish();
    assertThat(file).doesNotExist();
  }

  @Test
  void firstRegistrationBecomesAdminAndTheNextIsRejected() throws Exception {
    sql.sql("update local_owner set first_admin = null").update();
    var requested = new ArrayList<Callable<UserId>>();
    for (int i = 0; i < 4; i++) {
      var command = register(newAddress());
      requested.add(() -> registerWithRetries(command));
    }
    var results = ConcurrentCalls.runConcurrently(requested);
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
    assertThat(rejection(() -> sendAnonymously(register(newAddress()))))
        .isEqualTo(new RegistrationClosed());
  }

  @Test
  void firstUserClosesOpenRegistration() {
    sql.sql("update local_owner set first_admin = null").update();
    UserId user = sendAnonymously(accept(invited(localOwner(), newAddress(), Role.MEMBER)));
    assertThat(role(user)).contains("MEMBER");
    assertThat(rejection(() -> sendAnonymously(register(newAddress()))))
        .isEqualTo(new RegistrationClosed());
  }

  /** Retries, because hashing is limited and may be rejected as busy. */
  private UserId registerWithRetries(RegisterUser command) {
    while (true)
      try {
        return sendAnonymously(command);
      } catch (RejectionException e) {
        if (!(e.rejection() instanceof Busy)) throw e;
      }
  }

  private Optional<String> role(UserId user) {
    return sql.sql("select role from identity_user where user_id = ?")
        .param(user.value())
        .query(String.class)
        .optional();
  }

  @Test
  void installationOwnerIsRecordedOnce() {
    var owner = localOwner();
    assertThat(names(owner.tenant().value())).containsExactly("TenantCreated");
    assertThat(names(owner.user().value())).containsExactly("UserRegistered");
    assertThat(owner.operator()).isTrue();
  }

  private IssuedInvitation invited(Caller caller, String email, Role role) {
    return sendAs(caller, invite(caller.tenant(), email, role));
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
  void invitationIsAcceptedOnceWithItsToken() {
    var invitation = invited(localOwner(), newAddress(), Role.AUDITOR);
    UserId user = sendAnonymously(accept(invitation));
    assertThat(user).isEqualTo(invitation.userId());
    assertThat(role(user)).contains("AUDITOR");
    assertThat(names(user.value())).containsExactly("UserRegistered", "PasswordSet");
    assertThat(rejection(() -> sendAnonymously(accept(invitation))))
        .isEqualTo(new InvitationInvalid());
  }

  @Test
  void revokedAndForgedInvitationsAreRejected() {
    var invitation = invited(localOwner(), newAddress(), Role.MEMBER);
    sendAs(localOwner(), new RevokeInvitation(invitation.invitationId(), null));
    assertThat(rejection(() -> sendAnonymously(accept(invitation))))
        .isEqualTo(new InvitationInvalid());
    var forged =
        new AcceptInvitation(
            new Secret("ali_2222222222_" + "A".repeat(43)), new DisplayName("Eve"), password());
    assertThat(rejection(() -> sendAnonymously(forged))).isEqualTo(new InvitationInvalid());
  }

  @Test
  void oneAddressIsOneAccountInAnySpelling() {
    var email = newAddress();
    var one = invited(localOwner(), email, Role.MEMBER);
    var two = invited(localOwner(), email.toUpperCase(java.util.Locale.ROOT), Role.MEMBER);
    sendAnonymously(accept(one));
    assertThat(rejection(() -> sendAnonymously(accept(two)))).isEqualTo(EMAIL_TAKEN);
    assertThat(rejection(() -> invited(localOwner(), email, Role.VIEWER))).isEqualTo(EMAIL_TAKEN);
  }

  @Test
  void concurrentRegistrationsOfOneAddressYieldOneAccount() throws Exception {
    var email = newAddress();
    var requested = new ArrayList<Callable<UserId>>();
    for (int i = 0; i < 2; i++) {
      var request = accept(invited(localOwner(), email, Role.MEMBER));
      requested.add(() -> sendAnonymously(request));
    }
    var results = ConcurrentCalls.runConcurrently(requested);
    assertThat(results).filteredOn(UserId.class::isInstance).hasSize(1);
    assertThat(results)
        .filteredOn(RejectionException.class::isInstance)
        .singleElement()
        .satisfies(no -> assertThat(((RejectionException) no).rejection()).isEqualTo(EMAIL_TAKEN));
  }

  @Test
  void onlyOperatorsInviteIntoOtherTenants() {
    var tenant = TenantId.next();
    sendAs(localOwner(), new CreateTenant(tenant, new DisplayName("Guests"), null));
    var admin = caller(createUser(Role.ADMIN, tenant));
    assertThat(
            rejection(() -> sendAs(admin, invite(localOwner().tenant(), newAddress(), Role.ADMIN))))
        .isEqualTo(new NotFound("tenant", localOwner().tenant().value()));
    var unknown = TenantId.next();
    assertThat(rejection(() -> sendAs(localOwner(), invite(unknown, newAddress(), Role.ADMIN))))
        .isEqualTo(new NotFound("tenant", unknown.value()));
    var member = caller(createUser(Role.MEMBER, tenant));
    assertThat(rejection(() -> sendAs(member, invite(tenant, newAddress(), Role.ADMIN))))
        .isEqualTo(InsufficientScope.anyOf(Scope.USERS_WRITE));
  }

  @Test
  void concurrentMutualDemotionKeepsOneAdmin() throws Exception {
    var tenant = TenantId.next();
    sendAs(localOwner(), new CreateTenant(tenant, new DisplayName("Duel"), null));
    var one = createUser(Role.ADMIN, tenant);
    var two = createUser(Role.ADMIN, tenant);
    var byOne = caller(one);
    var byTwo = caller(two);
    List<Callable<Object>> requested =
        List.of(
            () -> sendAs(byOne, new ChangeRole(two.id(), Role.VIEWER, null)),
            () -> sendAs(byTwo, new ChangeRole(one.id(), Role.VIEWER, null)));
    var results = ConcurrentCalls.runConcurrently(requested);
    assertThat(results)
        .filteredOn(RejectionException.class::isInstance)
        .singleElement()
        .satisfies(
            no -> assertThat(((RejectionException) no).rejection().code()).isEqualTo("last_admin"));
    assertThat(List.of(role(one.id()).orElseThrow(), role(two.id()).orElseThrow()))
        .containsExactlyInAnyOrder("ADMIN", "VIEWER");
  }

  private void provision(ExternalIdentity identity, TenantId tenant, Role role, String name) {
    var command =
        new ProvisionExternalUser(
            identity.userId(),
            identity,
            tenant,
            role,
            new DisplayName(name),
            new EmailAddress("someone@example.com"));
    commands.sendAndWait(command, EventMetadata.forSystem(tenant, "test"));
  }

  private Optional<Caller> currentCaller(ExternalIdentity identity, TenantId tenant, Role role) {
    return authenticator.currentCaller(identity, tenant, role).toCompletableFuture().join();
  }

  private static ExternalIdentity externalIdentity() {
    return new ExternalIdentity("https://id.example.org", UUID.randomUUID().toString());
  }

  @Test
  void externalUserIsRegisteredOnceAndAuthenticatedByTokens() {
    var tenant = localOwner().tenant();
    var identity = externalIdentity();
    assertThat(currentCaller(identity, tenant, Role.MEMBER)).isEmpty();
    provision(identity, tenant, Role.MEMBER, "Ada");
    provision(identity, tenant, Role.MEMBER, "Ada");
    assertThat(names(identity.userId().value())).containsExactly("UserRegistered");
    var caller = currentCaller(identity, tenant, Role.MEMBER).orElseThrow();
    assertThat(caller.user()).isEqualTo(identity.userId());
    assertThat(caller.credential()).isEqualTo(identity.credential());
    assertThat(currentCaller(identity, tenant, Role.ADMIN)).as("of another role now").isEmpty();
  }

  @Test
  void changedClaimsOfTheIssuerAreApplied() {
    var tenant = localOwner().tenant();
    var identity = externalIdentity();
    provision(identity, tenant, Role.MEMBER, "Ada");
    provision(identity, tenant, Role.AUDITOR, "Ada King");
    assertThat(names(identity.userId().value()))
        .containsExactly("UserRegistered", "UserRoleChanged", "UserRenamed");
    provision(identity, tenant, Role.AUDITOR, "Ada King");
    assertThat(names(identity.userId().value())).hasSize(3);
    assertThat(currentCaller(identity, tenant, Role.AUDITOR)).isPresent();
  }

  @Test
  void disabledOrForeignTenantExternalUserIsRejected() {
    var tenant = localOwner().tenant();
    var identity = externalIdentity();
    provision(identity, tenant, Role.MEMBER, "Ada");
    var other = TenantId.next();
    sendAs(localOwner(), new CreateTenant(other, new DisplayName("Other"), null));
    assertThat(rejection(() -> provision(identity, other, Role.MEMBER, "Ada")))
        .isEqualTo(new Forbidden());
    sendAs(localOwner(), new DisableUser(identity.userId(), null));
    assertThat(rejection(() -> provision(identity, tenant, Role.MEMBER, "Ada")))
        .isEqualTo(new Forbidden());
    assertThat(currentCaller(identity, tenant, Role.MEMBER)).isEmpty();
  }

  @Test
  void issuersEmailClaimDoesNotOpenAnExistingAccount() {
    var user = createUser(Role.ADMIN);
    var identity = externalIdentity();
    var tenant = localOwner().tenant();
    commands.sendAndWait(
        new ProvisionExternalUser(
            identity.userId(), identity, tenant, Role.VIEWER, null, new EmailAddress(user.email())),
        EventMetadata.forSystem(tenant, "test"));
    assertThat(signedIn(user).userId()).isEqualTo(user.id());
    assertThat(currentCaller(identity, tenant, Role.VIEWER).orElseThrow().user())
        .isNotEqualTo(user.id());
  }
}
