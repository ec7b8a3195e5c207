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
import io.agentledger.api.shared.Rejection.Forbidden;
import io.agentledger.api.shared.RejectionException;
import java.util.EnumSet;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MessageAuthorizerTest {
  @RequiresScope({Scope.USERS_READ, Scope.AUDIT_READ})
  record ForReaders() {}

  @RequiresScope({})
  record ForThoseWhoAreKnown() {}

  @PermitAll
  record ForAll() {}

  @InternalOnly
  record ForTheHouse() {}

  record ForNobody() {}

  @RequiresScope({})
  record OfTenant(TenantId tenant) implements TenantScoped {}

  private static final Caller AUDITOR = caller(Role.AUDITOR);
  private static final Caller MEMBER = caller(Role.MEMBER);
  private static final Map<String, Object> SAGA = AUDITOR.provenance("req_1").asMetadata();

  private static Caller caller(Role role) {
    return Caller.ofUser(TenantId.next(), UserId.next(), CredentialId.next(), role);
  }

  private static void admitted(Object message, Map<String, ?> metadata) {
    assertThatCode(() -> MessageAuthorizer.check(message, metadata)).doesNotThrowAnyException();
  }

  private static void refused(Object message, Map<String, ?> metadata) {
    assertThatThrownBy(() -> MessageAuthorizer.check(message, metadata))
        .isInstanceOfSatisfying(
            RejectionException.class, no -> assertThat(no.rejection()).isEqualTo(new Forbidden()));
  }

  @Test
  void oneOfTheScopesIsEnough() {
    admitted(new ForReaders(), AUDITOR.asMetadata("req_1"));
    refused(new ForReaders(), MEMBER.asMetadata("req_1"));
  }

  @Test
  void withoutScopesEveryCallerIsAdmittedAndNobodyElse() {
    admitted(new ForThoseWhoAreKnown(), MEMBER.asMetadata("req_1"));
    refused(new ForThoseWhoAreKnown(), SAGA);
    refused(new ForThoseWhoAreKnown(), Map.of());
  }

  @Test
  void whatIsForAnyoneIsForAnyone() {
    admitted(new ForAll(), Map.of());
    admitted(new ForAll(), MEMBER.asMetadata("req_1"));
  }

  @Test
  void theHousesOwnCannotComeFromADoor() {
    admitted(new ForTheHouse(), SAGA);
    refused(new ForTheHouse(), AUDITOR.asMetadata("req_1"));
  }

  @Test
  void aMessageThatSaysNothingHasNoSenders() {
    refused(new ForNobody(), AUDITOR.asMetadata("req_1"));
    refused(new ForNobody(), SAGA);
  }

  @Test
  void nobodyAsksAboutAnotherTenant() {
    admitted(new OfTenant(MEMBER.tenant()), MEMBER.asMetadata("req_1"));
    refused(new OfTenant(TenantId.next()), MEMBER.asMetadata("req_1"));
  }

  @Test
  void aCallerSurvivesTheWay() {
    var narrow =
        new Caller(
            MEMBER.tenant(),
            MEMBER.user(),
            new Actor(Actor.Kind.AGENT, "agt_2222222222"),
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
  void noRoleOfATenantRunsTheInstallation() {
    for (var role : Role.values())
      assertThat(role.scopes()).as(role.name()).noneMatch(Scope::isOperators);
    assertThat(Role.ADMIN.scopes()).containsAll(Role.MEMBER.scopes());
  }

  @Test
  void scopesAreKnownByTheirWireNames() {
    assertThat(Scope.SESSIONS_READ_ALL.wireName()).isEqualTo("sessions:read_all");
    for (var scope : Scope.values()) assertThat(Scope.of(scope.wireName())).isEqualTo(scope);
  }
}
