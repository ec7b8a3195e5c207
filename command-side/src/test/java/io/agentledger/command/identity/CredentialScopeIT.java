package io.agentledger.command.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.EmailAddress;
import io.agentledger.api.identity.InvitationId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.Secret;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.ApiKeyCommand.IssueAgentToken;
import io.agentledger.api.identity.command.ApiKeyCommand.IssueApiKey;
import io.agentledger.api.identity.command.ApiKeyCommand.RevokeApiKey;
import io.agentledger.api.identity.command.ApiKeyCommand.RotateApiKey;
import io.agentledger.api.identity.command.IdentityCommand;
import io.agentledger.api.identity.command.InvitationCommand.InviteUser;
import io.agentledger.api.identity.command.InvitationCommand.RevokeInvitation;
import io.agentledger.api.identity.command.IssuedApiKey;
import io.agentledger.api.identity.command.IssuedInvitation;
import io.agentledger.api.identity.command.LoginCommand.EndLogin;
import io.agentledger.api.identity.command.LoginCommand.SignOut;
import io.agentledger.api.identity.command.LoginCommand.SignOutEverywhere;
import io.agentledger.api.identity.command.SigningKeyCommand.RotateSigningKey;
import io.agentledger.api.identity.command.TenantCommand.CreateTenant;
import io.agentledger.api.identity.command.TenantCommand.RenameTenant;
import io.agentledger.api.identity.command.TenantCommand.ResumeTenant;
import io.agentledger.api.identity.command.TenantCommand.SuspendTenant;
import io.agentledger.api.identity.command.UserCommand.ChangePassword;
import io.agentledger.api.identity.command.UserCommand.ChangeRole;
import io.agentledger.api.identity.command.UserCommand.DisableUser;
import io.agentledger.api.identity.command.UserCommand.EnableUser;
import io.agentledger.api.identity.command.UserCommand.RenameUser;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Rejection.InsufficientScope;
import io.agentledger.api.shared.Rejection.NotFound;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Commands about credentials never exceed the permissions of their sender. */
class CredentialScopeIT extends IdentityTestSupport {
  private static final DisplayName NAME = new DisplayName("laptop");

  /** They change no credential, or only the one that they are sent with, or that of all users. */
  private static final Set<Class<?>> WITHOUT_CREDENTIAL =
      Set.of(
          RenameUser.class,
          SignOut.class,
          CreateTenant.class,
          RenameTenant.class,
          SuspendTenant.class,
          ResumeTenant.class,
          RotateSigningKey.class);

  private IssuedApiKey issued(Caller caller, Scope... scopes) {
    return sendAs(caller, new IssueApiKey(CredentialId.next(), NAME, Set.of(scopes), null, null));
  }

  private IssuedApiKey agents(Caller caller) {
    return sendAs(
        caller, new IssueAgentToken(CredentialId.next(), agentId(), NAME, Set.of(), null, null));
  }

  private Caller narrowed(Caller caller, Scope... scopes) {
    return authenticate(issued(caller, scopes).secret()).orElseThrow();
  }

  private InviteUser invitation(TenantId tenant, Role role) {
    return new InviteUser(
        InvitationId.next(), tenant, UserId.next(), new EmailAddress(newAddress()), role, null);
  }

  /**
   * Returns every command that changes the credentials of a user, each aimed at more than the key
   * may do.
   */
  private List<IdentityCommand> commandsAgainst(TestUser user, Caller caller, Role role) {
    var key = issued(caller).keyId();
    IssuedInvitation invitation = sendAs(localOwner(), invitation(user.tenant(), role));
    return List.of(
        new IssueApiKey(CredentialId.next(), NAME, caller.scopes(), null, null),
        new IssueAgentToken(
            CredentialId.next(),
            agentId(),
            NAME,
            Set.of(Scope.SESSIONS_READ, Scope.SESSIONS_WRITE),
            null,
            null),
        new RotateApiKey(key, Duration.ZERO, null),
        new RotateApiKey(agents(caller).keyId(), Duration.ZERO, null),
        new RevokeApiKey(key, null),
        invitation(user.tenant(), role),
        new RevokeInvitation(invitation.invitationId(), null),
        new ChangeRole(user.id(), Role.VIEWER, null),
        new ChangeRole(user.id(), Role.ADMIN, null),
        new DisableUser(user.id(), null),
        new EnableUser(user.id(), null),
        new ChangePassword(user.id(), new Secret(PASSWORD), password()),
        new EndLogin(caller.credential()),
        new SignOutEverywhere(user.id()));
  }

  @Test
  void narrowKeyChangesNoWiderCredential() {
    var user = createUser(Role.MEMBER);
    var caller = caller(user);
    var admin = narrowed(caller(createUser(Role.ADMIN)), Scope.KEYS_WRITE, Scope.USERS_WRITE);
    var own = narrowed(caller, Scope.KEYS_WRITE);
    for (var command : commandsAgainst(user, caller, Role.MEMBER)) {
      var needed = command.getClass().getAnnotation(RequiresScope.class).value();
      var sender = List.of(needed).contains(Scope.KEYS_WRITE) ? own : admin;
      assertThat(rejection(() -> sendAs(sender, command)))
          .as(command.toString())
          .isInstanceOf(InsufficientScope.class);
    }
  }

  @Test
  void adminsNarrowKeyEndsNothingOfAUserWithMore() {
    var user = createUser(Role.MEMBER);
    var caller = caller(user);
    var admin = narrowed(caller(createUser(Role.ADMIN)), Scope.USERS_WRITE);
    for (var command :
        List.of(
            new RevokeApiKey(issued(caller).keyId(), null),
            new EndLogin(caller.credential()),
            new SignOutEverywhere(user.id())))
      assertThat(rejection(() -> sendAs(admin, command)))
          .as(command.toString())
          .isInstanceOf(InsufficientScope.class);
  }

  @Test
  void everyCommandAboutIdentitiesIsDecided() {
    var user = createUser(Role.MEMBER);
    var tried =
        commandsAgainst(user, caller(user), Role.MEMBER).stream()
            .map(Object::getClass)
            .collect(Collectors.toSet());
    assertThat(Stream.concat(tried.stream(), WITHOUT_CREDENTIAL.stream()))
        .containsExactlyInAnyOrderElementsOf(
            subtypes(IdentityCommand.class)
                .filter(command -> command.isAnnotationPresent(RequiresScope.class))
                .collect(Collectors.toSet()));
  }

  private static Stream<Class<?>> subtypes(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(CredentialScopeIT::subtypes)
        : Stream.of(type);
  }

  @Test
  void keyOfTheSameScopesRotatesAndEndsAnother() {
    var caller = caller(createUser(Role.MEMBER));
    var other = issued(caller, Scope.KEYS_WRITE);
    var narrow = narrowed(caller, Scope.KEYS_WRITE);
    IssuedApiKey rotated = sendAs(narrow, new RotateApiKey(other.keyId(), Duration.ZERO, null));
    assertThat(authenticate(rotated.secret()).orElseThrow().scopes())
        .containsExactly(Scope.KEYS_WRITE);
    sendAs(narrow, new RevokeApiKey(other.keyId(), null));
    assertThat(authenticate(rotated.secret())).isEmpty();
  }

  @Test
  void ownerWhoLostScopesEndsTheWiderKeyButDoesNotRenewIt() {
    var user = createUser(Role.ADMIN);
    var wide = issued(caller(user));
    sendAs(localOwner(), new ChangeRole(user.id(), Role.VIEWER, null));
    var viewer = caller(user);
    assertThat(rejection(() -> sendAs(viewer, new RotateApiKey(wide.keyId(), Duration.ZERO, null))))
        .isInstanceOf(InsufficientScope.class);
    sendAs(viewer, new RevokeApiKey(wide.keyId(), null));
    assertThat(authenticate(wide.secret())).isEmpty();
  }

  @Test
  void keyOfTheFoundingTenantInvitesNoOperatorWithoutBeingOne() {
    var admin = caller(createUser(Role.ADMIN));
    var tenants = narrowed(admin, Scope.ofTenants().toArray(Scope[]::new));
    assertThat(rejection(() -> sendAs(tenants, invitation(admin.tenant(), Role.ADMIN))))
        .isInstanceOf(InsufficientScope.class);
    assertThatCode(() -> sendAs(tenants, invitation(admin.tenant(), Role.VIEWER)))
        .doesNotThrowAnyException();
  }

  @Test
  void refusalDoesNotTellThatAnotherKeyExists() {
    var narrow = narrowed(caller(createUser(Role.MEMBER)), Scope.KEYS_WRITE);
    var others = issued(caller(createUser(Role.MEMBER))).keyId();
    for (var command :
        List.of(new RotateApiKey(others, Duration.ZERO, null), new RevokeApiKey(others, null)))
      assertThat(rejection(() -> sendAs(narrow, command)))
          .isEqualTo(new NotFound("api_key", others.value()));
    TenantId tenant =
        sendAs(localOwner(), new CreateTenant(TenantId.next(), new DisplayName("other"), null));
    var stranger = createUser(Role.MEMBER, tenant);
    var admin = narrowed(caller(createUser(Role.ADMIN)), Scope.USERS_WRITE);
    assertThat(rejection(() -> sendAs(admin, new DisableUser(stranger.id(), null))))
        .isEqualTo(new NotFound("user", stranger.id().value()));
  }
}
