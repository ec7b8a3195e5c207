package io.agentledger.command.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agentledger.api.agent.AgentId;
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
import io.agentledger.api.shared.Rejection.Forbidden;
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

class KeyIT extends IdentityTestSupport {
  private static final DisplayName NAME = new DisplayName("laptop");

  @Autowired DataSource database;

  private IssuedApiKey issued(Caller caller, Scope... scopes) {
    return as(caller, new IssueApiKey(CredentialId.next(), NAME, Set.of(scopes), null, null));
  }

  private IssuedApiKey agents(Caller caller) {
    return as(
        caller,
        new IssueAgentToken(CredentialId.next(), AgentId.next(), NAME, Set.of(), null, null));
  }

  @Test
  void aKeyActsForItsOwner() {
    var person = person(Role.MEMBER);
    var key = issued(caller(person));
    assertThat(key.secret()).matches("alk_[2-9a-z]{10}_[A-Za-z0-9_-]{43}").startsWith(key.prefix());
    var caller = known(key.secret()).orElseThrow();
    assertThat(caller.user()).isEqualTo(person.id());
    assertThat(caller.actor()).isEqualTo(Actor.ofUser(person.id()));
    assertThat(caller.credential()).isEqualTo(key.keyId());
    assertThat(caller.scopes()).isEqualTo(Role.MEMBER.scopes());
    assertThat(caller.operator()).isFalse();
  }

  @Test
  void aNarrowKeyDoesNoMoreThanItSays() {
    var caller = known(issued(caller(person(Role.MEMBER)), Scope.SESSIONS_READ).secret());
    assertThat(caller.orElseThrow().scopes()).containsExactly(Scope.SESSIONS_READ);
  }

  @Test
  void nobodyGivesAKeyMoreThanTheyHave() {
    var viewer = caller(person(Role.VIEWER));
    assertThat(rejection(() -> issued(viewer, Scope.USERS_WRITE))).isEqualTo(new Forbidden());
    var narrow = known(issued(caller(person(Role.ADMIN)), Scope.KEYS_WRITE).secret());
    assertThat(rejection(() -> issued(narrow.orElseThrow(), Scope.USERS_WRITE)))
        .isEqualTo(new Forbidden());
    assertThat(known(issued(narrow.orElseThrow()).secret()).orElseThrow().scopes())
        .containsExactly(Scope.KEYS_WRITE);
  }

  @Test
  void aKeyShrinksWithItsOwnerAndDoesNotGrowWithThem() {
    var person = person(Role.MEMBER);
    var key = issued(caller(person));
    as(localOwner(), new ChangeRole(person.id(), Role.VIEWER, null));
    assertThat(known(key.secret()).orElseThrow().scopes())
        .contains(Scope.SESSIONS_READ)
        .doesNotContain(Scope.SESSIONS_WRITE);
    as(localOwner(), new ChangeRole(person.id(), Role.ADMIN, null));
    assertThat(known(key.secret()).orElseThrow().scopes()).isEqualTo(Role.MEMBER.scopes());
  }

  @Test
  void onlyAWholeOperatorsKeyOperates() {
    assertThat(known(issued(localOwner()).secret()).orElseThrow().operator()).isTrue();
    assertThat(known(issued(localOwner(), Scope.USERS_READ).secret()).orElseThrow().operator())
        .isFalse();
  }

  @Test
  void anAgentIsNeverMoreThanAnAgentNorMoreThanItsOwner() {
    var admin = person(Role.ADMIN);
    var agent = known(agents(caller(admin)).secret()).orElseThrow();
    assertThat(agent.role()).isEqualTo(Role.AGENT);
    assertThat(agent.actor().kind()).isEqualTo(Actor.Kind.AGENT);
    assertThat(agent.user()).isEqualTo(admin.id());
    assertThat(agent.scopes()).isEqualTo(Role.AGENT.scopes());
    var viewers = known(agents(caller(person(Role.VIEWER))).secret()).orElseThrow();
    assertThat(viewers.scopes()).containsExactly(Scope.SESSIONS_READ);
    assertThat(rejection(() -> issued(agent))).isEqualTo(new Forbidden());
  }

  @Test
  void aRevokedKeyIsNobodys() {
    var caller = caller(person(Role.MEMBER));
    var key = issued(caller);
    assertThat(known(key.secret())).isPresent();
    as(caller, new RevokeApiKey(key.keyId(), null));
    assertThat(known(key.secret())).isEmpty();
  }

  @Test
  void theKeysOfTheDisabledRestUntilTheyAreEnabled() {
    var person = person(Role.MEMBER);
    var key = issued(caller(person));
    as(localOwner(), new DisableUser(person.id(), null));
    assertThat(known(key.secret())).isEmpty();
    as(localOwner(), new EnableUser(person.id(), null));
    assertThat(known(key.secret())).isPresent();
  }

  @Test
  void anotherSecretReplacesTheFirstAtOnceOrLater() {
    var caller = caller(person(Role.MEMBER));
    var first = issued(caller);
    IssuedApiKey second = as(caller, new RotateApiKey(first.keyId(), Duration.ZERO, null));
    assertThat(known(first.secret())).isEmpty();
    assertThat(known(second.secret())).isPresent();
    IssuedApiKey third = as(caller, new RotateApiKey(first.keyId(), Duration.ofHours(1), null));
    assertThat(known(second.secret())).isPresent();
    assertThat(known(third.secret())).isPresent();
    sql.sql("update identity_key set old_until = now() where credential = ?")
        .param(first.keyId().value())
        .update();
    await().untilAsserted(() -> assertThat(known(second.secret())).isEmpty());
    assertThat(known(third.secret())).isPresent();
  }

  @Test
  void aKeyExpiresInTheMomentItSays() {
    var caller = caller(person(Role.MEMBER));
    var until = Instant.now().plusSeconds(1);
    IssuedApiKey key =
        as(caller, new IssueApiKey(CredentialId.next(), NAME, Set.of(), until, null));
    assertThat(known(key.secret())).isPresent();
    await().untilAsserted(() -> assertThat(known(key.secret())).isEmpty());
    assertThat(Instant.now()).isAfterOrEqualTo(until);
    commands.sendAndWait(
        new ExpireApiKey(key.keyId()), EventMetadata.forSystem(caller.tenant(), "test"));
    assertThat(names(key.keyId().value())).containsExactly("ApiKeyIssued", "ApiKeyExpired");
    assertThat(
            rejection(
                () ->
                    as(caller, new IssueApiKey(CredentialId.next(), NAME, Set.of(), until, null))))
        .isInstanceOf(IdentityRefused.class);
  }

  @Test
  void aRepeatedWishShowsTheKeyAndNotItsSecret() {
    var caller = caller(person(Role.MEMBER));
    var promise = new Idempotency(UUID.randomUUID().toString(), "hash");
    IssuedApiKey first =
        as(caller, new IssueApiKey(CredentialId.next(), NAME, Set.of(), null, promise));
    IssuedApiKey again =
        as(caller, new IssueApiKey(CredentialId.next(), NAME, Set.of(), null, promise));
    assertThat(again).isEqualTo(new IssuedApiKey(first.keyId(), first.prefix(), null));
    var kept =
        sql.sql("select answer::text from idempotency where key = ?")
            .param(promise.key())
            .query(String.class)
            .single();
    assertThat(kept).contains(first.prefix()).doesNotContain(first.secret());
  }

  @Test
  void forgedKeysAreNobodys() {
    var key = issued(caller(person(Role.MEMBER)));
    var secret = key.secret();
    var last = secret.charAt(20) == 'A' ? 'B' : 'A';
    for (var forged :
        List.of(
            "",
            "x".repeat(100_000),
            secret + "x",
            secret.substring(0, secret.length() - 1),
            secret.substring(0, 20) + last + secret.substring(21),
            "alt" + secret.substring(3), // A key that says it is an agent's.
            "alr" + secret.substring(3),
            key.prefix() + "_" + "A".repeat(43),
            "alk_2222222222_" + "A".repeat(43))) assertThat(known(forged)).as(forged).isEmpty();
  }

  @Test
  void aLoginIsNoKey() {
    var tokens = signedIn(person(Role.MEMBER));
    var caller = standing(tokens).orElseThrow();
    assertThat(rejection(() -> as(caller, new RotateApiKey(tokens.loginId(), Duration.ZERO, null))))
        .isEqualTo(new NotFound("key", tokens.loginId().value()));
  }

  @Test
  void aHundredKeysAreEnough() {
    var caller = caller(person(Role.MEMBER));
    for (int i = 0; i < 100; i++) issued(caller);
    assertThat(rejection(() -> issued(caller)))
        .isEqualTo(
            new IdentityRefused("too_many_keys", "There are 100 keys already; revoke one first."));
  }

  @Test
  void whenAKeyWasUsedIsKnownSoon() {
    var key = issued(caller(person(Role.MEMBER)));
    var credentialUsageTable = new CredentialUsageTable(database);
    assertThat(credentialUsageTable.findByIds(List.of(key.keyId().value()))).isEmpty();
    var before = Instant.now().minusSeconds(1);
    known(key.secret());
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
