package io.agentledger.command.identity.apikey;

import io.agentledger.api.agent.AgentId;
import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.TenantId;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.identity.command.ApiKeyCommand.ExpireApiKey;
import io.agentledger.api.identity.command.ApiKeyCommand.RevokeApiKey;
import io.agentledger.api.identity.event.ApiKeyEvent.Agent;
import io.agentledger.api.identity.event.ApiKeyEvent.ApiKeyExpired;
import io.agentledger.api.identity.event.ApiKeyEvent.ApiKeyIssued;
import io.agentledger.api.identity.event.ApiKeyEvent.ApiKeyRevoked;
import io.agentledger.api.identity.event.ApiKeyEvent.Bearer;
import io.agentledger.api.identity.event.ApiKeyEvent.Until;
import io.agentledger.api.identity.event.ApiKeyEvent.User;
import io.agentledger.api.shared.IdentityRejection.IdentityRefused;
import io.agentledger.api.shared.Rejection;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.api.shared.RejectionException;
import io.agentledger.command.identity.shared.CredentialToken;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.axonframework.commandhandling.CommandHandler;
import org.axonframework.modelling.command.Repository;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.ResultValidator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ApiKeyTest {
  private static final CredentialId ID = CredentialId.next();
  private static final TenantId TENANT = TenantId.next();
  private static final UserId ADA = UserId.next();
  private static final Instant EXPIRES = Instant.parse("2027-01-01T00:00:00Z");
  private static final Rejection KEY_ENDED =
      new IdentityRefused(
          "api_key_expired", "The key has expired or was revoked; POST /keys issues another one.");
  private static final Rejection UNKNOWN = new NotFound("api_key", ID.value());

  private final AggregateTestFixture<ApiKey> key = new AggregateTestFixture<>(ApiKey.class);

  /** Command for another secret; returns its first four characters. */
  private record RotateSecret(Caller caller, Instant now) {}

  private record RotationHandler(Repository<ApiKey> keys) {
    @CommandHandler
    String on(RotateSecret rotateSecret) throws Exception {
      return keys.load(ID.value())
          .invoke(known -> known.rotate(rotateSecret.caller(), Duration.ZERO, rotateSecret.now()))
          .secret()
          .substring(0, 4);
    }
  }

  @BeforeEach
  void registerHandler() {
    key.registerAnnotatedCommandHandler(new RotationHandler(key.getRepository()));
  }

  private static ApiKeyIssued issued(Bearer bearer) {
    return new ApiKeyIssued(
        ID,
        TENANT,
        ADA,
        bearer,
        Content.ABSENT,
        "alk_x",
        CredentialToken.generate(CredentialToken.Kind.API_KEY, ID).hash(),
        List.of(Scope.SESSIONS_READ),
        new Until(EXPIRES));
  }

  private static Caller callerOf(TenantId tenant, UserId user, Role role) {
    return Caller.ofUser(tenant, user, CredentialId.next(), role);
  }

  private static final Caller OWNER = callerOf(TENANT, ADA, Role.MEMBER);

  private static void assertRejected(ResultValidator<ApiKey> result, Rejection rejection) {
    result
        .expectException(RejectionException.class)
        .expectExceptionDetails(rejection)
        .expectNoEvents();
  }

  @Test
  void ownerAndAdminRevokeTheKey() {
    for (var caller : new Caller[] {OWNER, callerOf(TENANT, UserId.next(), Role.ADMIN)})
      key.given(issued(new User()))
          .when(new RevokeApiKey(ID, null), caller.asMetadata("r"))
          .expectEvents(new ApiKeyRevoked(ID));
    for (var caller :
        new Caller[] {
          callerOf(TENANT, UserId.next(), Role.MEMBER), callerOf(TenantId.next(), ADA, Role.ADMIN)
        })
      assertRejected(
          key.given(issued(new User())).when(new RevokeApiKey(ID, null), caller.asMetadata("r")),
          UNKNOWN);
  }

  @Test
  void revocationIsIdempotent() {
    key.given(issued(new User()), new ApiKeyExpired(ID))
        .when(new RevokeApiKey(ID, null), OWNER.asMetadata("r"))
        .expectNoEvents();
    key.given(issued(new User()), new ApiKeyRevoked(ID))
        .when(new ExpireApiKey(ID))
        .expectNoEvents();
    key.given(issued(new User())).when(new ExpireApiKey(ID)).expectEvents(new ApiKeyExpired(ID));
  }

  @Test
  void onlyTheOwnerRotatesTheSecretWithTheSameCredentialType() {
    key.given(issued(new User()))
        .when(new RotateSecret(OWNER, EXPIRES.minusSeconds(1)))
        .expectResultMessagePayload("alk_");
    key.given(issued(new Agent(AgentId.next())))
        .when(new RotateSecret(OWNER, EXPIRES.minusSeconds(1)))
        .expectResultMessagePayload("alt_");
    var admin = callerOf(TENANT, UserId.next(), Role.ADMIN);
    assertRejected(
        key.given(issued(new User())).when(new RotateSecret(admin, EXPIRES.minusSeconds(1))),
        UNKNOWN);
  }

  @Test
  void agentIsNotTheOwner() {
    var agent =
        new Caller(
            TENANT,
            ADA,
            new Actor(Actor.ActorType.AGENT, AgentId.next().value()),
            ID,
            Role.AGENT,
            Set.of(Scope.SESSIONS_READ),
            false,
            false);
    assertRejected(
        key.given(issued(new Agent(AgentId.next())))
            .when(new RotateSecret(agent, EXPIRES.minusSeconds(1))),
        UNKNOWN);
    assertRejected(
        key.given(issued(new Agent(AgentId.next())))
            .when(new RevokeApiKey(ID, null), agent.asMetadata("r")),
        UNKNOWN);
  }

  @Test
  void endedKeyIsNotRotated() {
    assertRejected(key.given(issued(new User())).when(new RotateSecret(OWNER, EXPIRES)), KEY_ENDED);
    assertRejected(
        key.given(issued(new User()), new ApiKeyRevoked(ID))
            .when(new RotateSecret(OWNER, EXPIRES.minusSeconds(1))),
        KEY_ENDED);
  }
}
