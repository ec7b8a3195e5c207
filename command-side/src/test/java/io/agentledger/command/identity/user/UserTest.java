package io.agentledger.command.identity.user;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.UserCommand;
import io.agentledger.api.identity.command.UserCommand.ChangeRole;
import io.agentledger.api.identity.command.UserCommand.DisableUser;
import io.agentledger.api.identity.command.UserCommand.EnableUser;
import io.agentledger.api.identity.command.UserCommand.RenameUser;
import io.agentledger.api.identity.event.LoginEvent.EndReason;
import io.agentledger.api.identity.event.UserEvent.AsLocalOwner;
import io.agentledger.api.identity.event.UserEvent.BySignUp;
import io.agentledger.api.identity.event.UserEvent.FromIssuer;
import io.agentledger.api.identity.event.UserEvent.JoinMethod;
import io.agentledger.api.identity.event.UserEvent.UserDisabled;
import io.agentledger.api.identity.event.UserEvent.UserEnabled;
import io.agentledger.api.identity.event.UserEvent.UserLoginsEnded;
import io.agentledger.api.identity.event.UserEvent.UserRegistered;
import io.agentledger.api.identity.event.UserEvent.UserRenamed;
import io.agentledger.api.identity.event.UserEvent.UserRoleChanged;
import io.agentledger.api.shared.IdentityRejection.IdentityRefused;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.store.crypto.PlainSealer;
import io.agentledger.store.crypto.Sealer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.axonframework.test.aggregate.ResultValidator;
import org.junit.jupiter.api.Test;

class UserTest {
  private static final TenantId TENANT = TenantId.next();
  private static final UserId ID = UserId.next();
  private static final Sealer SEALER = new PlainSealer();
  private static final Rejection LAST_ADMIN =
      new IdentityRefused(
          "last_admin",
          "The tenant would be left without an admin. PATCH /users/{id} makes another user an"
              + " admin.");

  /** The database decides whether there is another admin; the user must ask it. */
  private final List<UserId> endedUsers = new ArrayList<>();

  private boolean isAnother = true;

  private final FixtureConfiguration<User> user =
      new AggregateTestFixture<>(User.class)
          .registerInjectableResource(SEALER)
          .registerInjectableResource(
              (LastAdminGuard)
                  (tenant, excludedUser) -> {
                    endedUsers.add(excludedUser);
                    if (!isAnother) throw new RejectionException(LAST_ADMIN);
                  });

  private static Caller callerOf(UserId id, Role role) {
    return Caller.ofUser(TENANT, id, CredentialId.next(), role);
  }

  private static Caller admin() {
    return callerOf(UserId.next(), Role.ADMIN);
  }

  private static UserRegistered registered(Role role, JoinMethod joinMethod) {
    return new UserRegistered(
        ID, TENANT, role, joinMethod, seal(UserRegistered.class, "name", "Ada"), Content.ABSENT);
  }

  private static Content seal(Class<?> event, String field, String text) {
    return SEALER.seal(ID, event, field, text);
  }

  private ResultValidator<User> when(Role role, Caller caller, UserCommand command) {
    return user.given(registered(role, new BySignUp())).when(command, caller.asMetadata("r"));
  }

  private static void assertRejected(ResultValidator<User> result, Rejection rejection) {
    result
        .expectException(RejectionException.class)
        .expectExceptionDetails(rejection)
        .expectNoEvents();
  }

  @Test
  void adminChangesARole() {
    when(Role.MEMBER, admin(), new ChangeRole(ID, Role.AUDITOR, null))
        .expectEvents(new UserRoleChanged(ID, Role.AUDITOR));
    when(Role.MEMBER, admin(), new ChangeRole(ID, Role.MEMBER, null)).expectNoEvents();
    assertThat(endedUsers).isEmpty();
  }

  @Test
  void lastAdminKeepsTheRole() {
    isAnother = false;
    assertRejected(when(Role.ADMIN, admin(), new ChangeRole(ID, Role.VIEWER, null)), LAST_ADMIN);
    assertRejected(when(Role.ADMIN, admin(), new DisableUser(ID, null)), LAST_ADMIN);
    when(Role.MEMBER, admin(), new DisableUser(ID, null))
        .expectEvents(new UserDisabled(ID), ended(EndReason.USER_DISABLED));
  }

  @Test
  void oneOfTwoAdminsMayLoseTheRole() {
    when(Role.ADMIN, admin(), new ChangeRole(ID, Role.VIEWER, null))
        .expectEvents(new UserRoleChanged(ID, Role.VIEWER));
    assertThat(endedUsers).containsExactly(ID);
  }

  @Test
  void userCannotBecomeAnAgent() {
    assertThatIllegalArgumentException().isThrownBy(() -> new ChangeRole(ID, Role.AGENT, null));
  }

  @Test
  void externalUserKeepsTheIssuersRole() {
    assertRejected(
        user.given(registered(Role.MEMBER, new FromIssuer("https://id.example.org")))
            .when(new ChangeRole(ID, Role.ADMIN, null), admin().asMetadata("r")),
        new IdentityRefused(
            "role_kept_by_issuer", "The role of this user is managed by their external issuer."));
  }

  @Test
  void installationOwnerCannotBeDisabled() {
    var stays =
        new IdentityRefused(
            "local_owner_protected",
            "The role of the local owner cannot be changed and the local owner cannot be disabled.");
    for (var command :
        new UserCommand[] {new ChangeRole(ID, Role.VIEWER, null), new DisableUser(ID, null)})
      assertRejected(
          user.given(registered(Role.ADMIN, new AsLocalOwner()))
              .when(command, admin().asMetadata("r")),
          stays);
  }

  @Test
  void disablingAUserEndsAllLogins() {
    when(Role.MEMBER, admin(), new DisableUser(ID, null))
        .expectEvents(new UserDisabled(ID), ended(EndReason.USER_DISABLED));
    user.given(registered(Role.MEMBER, new BySignUp()), new UserDisabled(ID))
        .when(new DisableUser(ID, null), admin().asMetadata("r"))
        .expectNoEvents();
    user.given(registered(Role.MEMBER, new BySignUp()), new UserDisabled(ID))
        .when(new EnableUser(ID, null), admin().asMetadata("r"))
        .expectEvents(new UserEnabled(ID));
  }

  private static UserLoginsEnded ended(EndReason endReason) {
    return new UserLoginsEnded(ID, endReason, List.of());
  }

  @Test
  void usersRenameThemselvesAndAdminsRenameAnyone() {
    for (var caller : new Caller[] {callerOf(ID, Role.VIEWER), admin()})
      when(Role.VIEWER, caller, new RenameUser(ID, new DisplayName("Ada King"), null))
          .expectEvents(new UserRenamed(ID, seal(UserRenamed.class, "name", "Ada King")));
    when(Role.VIEWER, admin(), new RenameUser(ID, new DisplayName("Ada"), null)).expectNoEvents();
  }

  @Test
  void otherMembersAndAgentsCannotRenameAUser() {
    var agent =
        new Caller(
            TENANT,
            ID,
            new Actor(Actor.ActorType.AGENT, "agt_2222222222"),
            CredentialId.next(),
            Role.AGENT,
            Set.of(Scope.SESSIONS_READ),
            false,
            false);
    for (var caller : new Caller[] {callerOf(UserId.next(), Role.MEMBER), agent})
      assertRejected(
          when(Role.MEMBER, caller, new RenameUser(ID, new DisplayName("Eve"), null)),
          new NotFound("user", ID.value()));
  }

  @Test
  void userIsUnknownToAdminsOfOtherTenants() {
    var otherCaller =
        Caller.ofUser(TenantId.next(), UserId.next(), CredentialId.next(), Role.ADMIN);
    for (var command :
        new UserCommand[] {
          new ChangeRole(ID, Role.VIEWER, null),
          new DisableUser(ID, null),
          new EnableUser(ID, null),
          new RenameUser(ID, new DisplayName("Eve"), null)
        })
      assertRejected(when(Role.MEMBER, otherCaller, command), new NotFound("user", ID.value()));
  }
}
