package io.agentledger.command.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.DisplayName;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.Scope;
import io.agentledger.api.identity.command.ApiKeyCommand.ExpireApiKey;
import io.agentledger.api.identity.command.ApiKeyCommand.IssueAgentToken;
import io.agentledger.api.identity.command.ApiKeyCommand.IssueApiKey;
import io.agentledger.api.identity.command.ApiKeyCommand.RevokeApiKey;
import io.agentledger.api.identity.command.ApiKeyCommand.RotateApiKey;
import io.agentledger.api.identity.command.IssuedApiKey;
import io.agentledger.api.identity.command.UserCommand.ChangeRole;
import io.agentledger.api.identity.command.UserCommand.DisableUser;
import io.agentledger.api.identity.command.UserCommand.EnableUser;
import io.agentledger.api.shared.Idempotency;
import io.agentledger.api.shared.IdentityRejection.IdentityRefused;
import io.agentledger.api.shared.Rejection.InsufficientScope;
import io.agentledger.api.shared.Rejection.NotFound;
import io.agentledger.command.identity.shared.EventMetadata;
import io.agentledger.store.credential.CredentialUsageTable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

class ApiKeyIT extends IdentityTestSupport {
  private static final DisplayName NAME = new DisplayName("laptop");

  @Autowired DataSource database;

  private IssuedApiKey issued(Caller caller, Scope... scopes) {
    return sendAs(caller, new IssueApiKey(CredentialId.next(), NAME, Set.of(scopes), null, null));
  }

  private IssuedApiKey agents(Caller caller) {
    return sendAs(
        caller, new IssueAgentToken(CredentialId.next(), agentId(), NAME, Set.of(), null, null));
  }

  @Test
  void keyActsForItsOwner() {
    var user = createUser(Role.MEMBER);
    var key = issued(caller(user));
    assertThat(key.secret()).matches("alk_[2-9a-z]{10}_[A-Za-z0-9_-]{43}").startsWith(key.prefix());
    var caller = authenticate(key.secret()).orElseThrow();
    assertThat(caller.user()).isEqualTo(user.id());
    assertThat(caller.actor()).isEqualTo(Actor.ofUser(user.id()));
    assertThat(caller.credential()).isEqualTo(key.keyId());
    assertThat(caller.scopes()).isEqualTo(Role.MEMBER.scopes());
    assertThat(caller.operator()).isFalse();
  }

  @Test
  void restrictedKeyHasOnlyItsScopes() {
    var caller =
        authenticate(issued(caller(createUser(Role.MEMBER)), Scope.SESSIONS_READ).secret());
    assertThat(caller.orElseThrow().scopes()).containsExactly(Scope.SESSIONS_READ);
  }

  @Test
  void keyCannotExceedItsCreatorsScopes() {
    var viewer = caller(createUser(Role.VIEWER));
    assertThat(rejection(() -> issued(viewer, Scope.USERS_WRITE)))
        .isEqualTo(InsufficientScope.allOf(Set.of(Scope.USERS_WRITE)));
    var narrow = authenticate(issued(caller(createUser(Role.ADMIN)), Scope.KEYS_WRITE).secret());
    assertThat(rejection(() -> issued(narrow.orElseThrow(), Scope.USERS_WRITE)))
        .isEqualTo(InsufficientScope.allOf(Set.of(Scope.USERS_WRITE)));
    assertThat(authenticate(issued(narrow.orElseThrow()).secret()).orElseThrow().scopes())
        .containsExactly(Scope.KEYS_WRITE);
  }

  @Test
  void keyLosesScopesWithItsOwnerButGainsNone() {
    var user = createUser(Role.MEMBER);
    var key = issued(caller(user));
    sendAs(localOwner(), new ChangeRole(user.id(), Role.VIEWER, null));
    assertThat(authenticate(key.secret()).orElseThrow().scopes())
        .contains(Scope.SESSIONS_READ)
        .doesNotContain(Scope.SESSIONS_WRITE);
    sendAs(localOwner(), new ChangeRole(user.id(), Role.ADMIN, null));
    assertThat(authenticate(key.secret()).orElseThrow().scopes()).isEqualTo(Role.MEMBER.scopes());
  }

  @Test
  void onlyAnUnrestrictedOperatorKeyMayOperate() {
    assertThat(authenticate(issued(localOwner()).secret()).orElseThrow().operator()).isTrue();
    assertThat(
            authenticate(issued(localOwner(), Scope.USERS_READ).secret()).orElseThrow().operator())
        .isFalse();
  }

  @Test
  void agentKeyNeverExceedsAgentOrOwner() {
    var admin = createUser(Role.ADMIN);
    var agent = authenticate(agents(caller(admin)).secret()).orElseThrow();
    assertThat(agent.role()).isEqualTo(Role.AGENT);
    assertThat(agent.actor().type()).isEqualTo(Actor.ActorType.AGENT);
    assertThat(agent.user()).isEqualTo(admin.id());
    assertThat(agent.scopes()).isEqualTo(Role.AGENT.scopes());
    var viewers = authenticate(agents(caller(createUser(Role.VIEWER))).secret()).orElseThrow();
    assertThat(viewers.scopes()).containsExactly(Scope.SESSIONS_READ);
    assertThat(rejection(() -> issued(agent))).isEqualTo(InsufficientScope.anyOf(Scope.KEYS_WRITE));
  }

  @Test
  void revokedKeyIsRejected() {
    var caller = caller(createUser(Role.MEMBER));
    var key = issued(caller);
    assertThat(authenticate(key.secret())).isPresent();
    sendAs(caller, new RevokeApiKey(key.keyId(), null));
    assertThat(authenticate(key.secret())).isEmpty();
  }

  @Test
  void keysOfADisabledUserAreInactiveUntilEnabled() {
    var user = createUser(Role.MEMBER);
    var key = issued(caller(user));
    sendAs(localOwner(), new DisableUser(user.id(), null));
    assertThat(authenticate(key.secret())).isEmpty();
    sendAs(localOwner(), new EnableUser(user.id(), null));
    assertThat(authenticate(key.secret())).isPresent();
  }

  @Test
  void rotatedSecretReplacesTheOldOneImmediatelyOrAfterAGracePeriod() {
    var caller = caller(createUser(Role.MEMBER));
    var first = issued(caller);
    IssuedApiKey second = sendAs(caller, new RotateApiKey(first.keyId(), Duration.ZERO, null));
    assertThat(authenticate(first.secret())).isEmpty();
    assertThat(authenticate(second.secret())).isPresent();
    IssuedApiKey third = sendAs(caller, new RotateApiKey(first.keyId(), Duration.ofHours(1), null));
    assertThat(authenticate(second.secret())).isPresent();
    assertThat(authenticate(third.secret())).isPresent();
    sql.sql("update identity_key set old_expires_at = now() where credential = ?")
        .param(first.keyId().value())
        .update();
    await().untilAsserted(() -> assertThat(authenticate(second.secret())).isEmpty());
    assertThat(authenticate(third.secret())).isPresent();
  }

  @Test
  void keyExpiresAtItsExpiryTime() {
    var caller = caller(createUser(Role.MEMBER));
    var until = Instant.now().plusSeconds(1);
    IssuedApiKey key =
        sendAs(caller, new IssueApiKey(CredentialId.next(), NAME, Set.of(), until, null));
    assertThat(authenticate(key.secret())).isPresent();
    await().untilAsserted(() -> assertThat(authenticate(key.secret())).isEmpty());
    assertThat(Instant.now()).isAfterOrEqualTo(until);
    commands.sendAndWait(
        new ExpireApiKey(key.keyId()), EventMetadata.forSystem(caller.tenant(), "test"));
    assertThat(names(key.keyId().value())).containsExactly("ApiKeyIssued", "ApiKeyExpired");
    assertThat(
            rejection(
                () ->
                    sendAs(
                        caller, new IssueApiKey(CredentialId.next(), NAME, Set.of(), until, null))))
        .isInstanceOf(IdentityRefused.class);
  }

  @Test
  void repeatedCreationReturnsTheKeyWithoutItsSecret() {
    var caller = caller(createUser(Role.MEMBER));
    var idempotency = new Idempotency(UUID.randomUUID().toString(), "hash");
    IssuedApiKey first =
        sendAs(caller, new IssueApiKey(CredentialId.next(), NAME, Set.of(), null, idempotency));
    IssuedApiKey again =
        sendAs(caller, new IssueApiKey(CredentialId.next(), NAME, Set.of(), null, idempotency));
    assertThat(again).isEqualTo(new IssuedApiKey(first.keyId(), first.prefix(), null));
    var kept =
        sql.sql("select answer::text from idempotency where key = ?")
            .param(idempotency.key())
            .query(String.class)
            .single();
    assertThat(kept).contains(first.prefix()).doesNotContain(first.secret());
  }

  @Test
  void forgedKeysAreRejected() {
    var key = issued(caller(createUser(Role.MEMBER)));
    var secret = key.secret();
    var last = secret.charAt(20) == 'A' ? 'B' : 'A';
    for (var forged :
        List.of(
            "",
            "x".repeat(100_000),
            secret + "x",
            secret.substring(0, secret.length() - 1),
            secret.substring(0, 20) + last + secret.substring(21),
            "alt" + secret.substring(3), // A key with the prefix of an agent's token.
            "alr" + secret.substring(3),
            key.prefix() + "_" + "A".repeat(43),
            "alk_2222222222_" + "A".repeat(43)))
      assertThat(authenticate(forged)).as(forged).isEmpty();
  }

  @Test
  void loginIsNotAKey() {
    var tokens = signedIn(createUser(Role.MEMBER));
    var caller = currentCaller(tokens).orElseThrow();
    assertThat(
            rejection(
                () -> sendAs(caller, new RotateApiKey(tokens.loginId(), Duration.ZERO, null))))
        .isEqualTo(new NotFound("api_key", tokens.loginId().value()));
  }

  @Test
  void limitsKeysToAHundred() {
    var caller = caller(createUser(Role.MEMBER));
    for (int i = 0; i < 100; i++) issued(caller);
    assertThat(rejection(() -> issued(caller)))
        .isEqualTo(
            new IdentityRefused(
                "too_many_api_keys", "There are 100 keys already; DELETE /keys/{id} revokes one."));
  }

  @Test
  void keyUseIsRecordedSoon() {
    var key = issued(caller(createUser(Role.MEMBER)));
    var credentialUsageTable = new CredentialUsageTable(database);
    assertThat(credentialUsageTable.findByIds(List.of(key.keyId().value()))).isEmpty();
    var before = Instant.now().minusSeconds(1);
    authenticate(key.secret());
    await()
        .atMost(Duration.ofSeconds(15))
        .untilAsserted(
            () ->
                assertThat(
                        credentialUsageTable
                            .findByIds(List.of(key.keyId().value()))
                            .get(key.keyId().value()))
                    .isAfter(before));
  }
}
