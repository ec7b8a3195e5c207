package io.agentledger.api.identity.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.Rejection.InsufficientScope;
import io.agentledger.api.shared.RejectionException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MessageAuthorizerTest {
  @RequiresScope({Scope.USERS_READ, Scope.AUDIT_READ})
  record ReadMessage() {}

  @RequiresScope({})
  record AuthenticatedMessage() {}

  @PermitAll
  record PublicMessage() {}

  @InternalOnly
  record InternalMessage() {}

  record UnannotatedMessage() {}

  @RequiresScope({})
  record TenantMessage(TenantId tenant) implements TenantScoped {}

  @RequiresScope(Scope.SESSIONS_WRITE)
  record Configure() implements ApiCommand {}

  @RequiresScope(Scope.SESSIONS_WRITE)
  @PermitAgents
  record Work() implements ApiCommand {}

  @RequiresScope(Scope.SESSIONS_READ)
  record Read() {}

  @PermitAll
  record SignIn() implements ApiCommand {}

  private static final Caller AUDITOR = caller(Role.AUDITOR);
  private static final Caller MEMBER = caller(Role.MEMBER);
  private static final Map<String, Object> SAGA = AUDITOR.provenance("req_1").asMetadata();

  private static Caller caller(Role role) {
    return Caller.ofUser(TenantId.next(), UserId.next(), CredentialId.next(), role);
  }

  private static void assertAdmitted(Object message, Map<String, ?> metadata) {
    assertThatCode(() -> MessageAuthorizer.check(message, metadata)).doesNotThrowAnyException();
  }

  private static void assertRejected(Object message, Map<String, ?> metadata) {
    assertRejected(message, metadata, new Forbidden());
  }

  private static void assertRejected(Object message, Map<String, ?> metadata, Rejection rejection) {
    assertThatThrownBy(() -> MessageAuthorizer.check(message, metadata))
        .isInstanceOfSatisfying(
            RejectionException.class, no -> assertThat(no.rejection()).isEqualTo(rejection));
  }

  @Test
  void anyOneOfTheScopesSuffices() {
    assertAdmitted(new ReadMessage(), AUDITOR.asMetadata("req_1"));
    assertRejected(
        new ReadMessage(),
        MEMBER.asMetadata("req_1"),
        new InsufficientScope(List.of("users:read", "audit:read"), true));
  }

  @Test
  void refusalNamesTheMissingScopes() {
    assertThat(InsufficientScope.anyOf(Scope.USERS_READ, Scope.AUDIT_READ).message())
        .isEqualTo(
            "The credential lacks one of the scopes users:read, audit:read. Use one that has it.");
    assertThat(InsufficientScope.allOf(Set.of(Scope.KEYS_WRITE, Scope.USERS_READ)).message())
        .isEqualTo(
            "The credential lacks the scopes keys:write, users:read. Use one that has them.");
    assertThat(InsufficientScope.anyOf(Scope.KEYS_WRITE).message())
        .isEqualTo("The credential lacks the scope keys:write. Use one that has it.");
  }

  @Test
  void messageWithoutScopesAdmitsEveryCaller() {
    assertAdmitted(new AuthenticatedMessage(), MEMBER.asMetadata("req_1"));
    assertRejected(new AuthenticatedMessage(), SAGA);
    assertRejected(new AuthenticatedMessage(), Map.of());
  }

  @Test
  void messageForAnyoneAdmitsAnonymousClients() {
    assertAdmitted(new PublicMessage(), Map.of());
    assertAdmitted(new PublicMessage(), MEMBER.asMetadata("req_1"));
  }

  @Test
  void internalMessageIsRejectedFromExternalCallers() {
    assertAdmitted(new InternalMessage(), SAGA);
    assertRejected(new InternalMessage(), AUDITOR.asMetadata("req_1"));
  }

  @Test
  void messageWithoutAnnotationIsRejected() {
    assertRejected(new UnannotatedMessage(), AUDITOR.asMetadata("req_1"));
    assertRejected(new UnannotatedMessage(), SAGA);
  }

  @Test
  void rejectsQueriesAboutAnotherTenant() {
    assertAdmitted(new TenantMessage(MEMBER.tenant()), MEMBER.asMetadata("req_1"));
    assertRejected(new TenantMessage(TenantId.next()), MEMBER.asMetadata("req_1"));
  }

  @Test
  void commandsOfAgentsAreRejectedUnlessTheyAreMarked() {
    var agent = caller(Role.AGENT).asMetadata("req_1");
    assertRejected(new Configure(), agent);
    assertAdmitted(new Configure(), MEMBER.asMetadata("req_1"));
    assertAdmitted(new Work(), agent);
    assertAdmitted(new Read(), agent);
    assertAdmitted(new SignIn(), agent);
    assertThatThrownBy(() -> MessageAuthorizer.checkScopes(Configure.class, agent))
        .isInstanceOf(RejectionException.class);
  }

  @Test
  void callerSurvivesMetadataRoundTrip() {
    var narrow =
        new Caller(
            MEMBER.tenant(),
            MEMBER.user(),
            new Actor(Actor.ActorType.AGENT, "agt_2222222222"),
            MEMBER.credential(),
            Role.AGENT,
            EnumSet.of(Scope.SESSIONS_READ),
            false,
            false);
    assertThat(Caller.of(narrow.asMetadata("req_1"))).contains(narrow);
    assertThat(Caller.of(AUDITOR.asMetadata("req_1"))).contains(AUDITOR);
    assertThat(Caller.of(SAGA)).isEmpty();
  }

  @Test
  void noTenantRoleGrantsOperatorScopes() {
    for (var role : Role.values())
      assertThat(role.scopes()).as(role.name()).noneMatch(Scope::isOperatorOnly);
    assertThat(Role.ADMIN.scopes()).containsAll(Role.MEMBER.scopes());
  }

  @Test
  void scopesAreParsedFromTheirWireNames() {
    assertThat(Scope.SESSIONS_READ_ALL.wireName()).isEqualTo("sessions:read_all");
    for (var scope : Scope.values()) assertThat(Scope.of(scope.wireName())).isEqualTo(scope);
  }
}
