package io.agentledger.command.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jwt.SignedJWT;
import io.agentledger.api.identity.CredentialId;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.command.SigningKeyCommand.MaintainSigningKeys;
import io.agentledger.api.identity.command.SigningKeyCommand.RotateSigningKey;
import io.agentledger.command.identity.shared.EventMetadata;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TokenIT extends IdentityTestSupport {
  private JWKSet published() throws Exception {
    return JWKSet.parse(accessTokens.keys().toCompletableFuture().join().text());
  }

  private static SignedJWT token(io.agentledger.api.identity.command.TokenPair tokens)
      throws Exception {
    return SignedJWT.parse(tokens.accessToken());
  }

  private boolean verifies(SignedJWT token) throws Exception {
    var key = (ECKey) published().getKeyByKeyId(token.getHeader().getKeyID());
    return key != null && token.verify(new ECDSAVerifier(key));
  }

  /** Advances the clock by a day or a month for the keys. */
  private void advanceClock(Duration time) {
    sql.sql(
            """
            update keyring.signing_key set
              created_at = created_at - make_interval(secs => :s),
              active_from = active_from - make_interval(secs => :s),
              published_until = published_until - make_interval(secs => :s)""")
        .param("s", (double) time.toSeconds())
        .update();
    rotated(); // Values that were read before are no longer cached, as after a minute.
  }

  @AfterEach
  void activateSigningKey() {
    sql.sql("update keyring.signing_key set active_from = least(active_from, now())").update();
    rotated();
  }

  /** Returns the next key, once it is published. */
  private CredentialId rotated() {
    CredentialId next = sendAs(localOwner(), new RotateSigningKey(null));
    await().untilAsserted(() -> assertThat(published().getKeyByKeyId(next.value())).isNotNull());
    return next;
  }

  @Test
  void tokenNamesItsUserAndVerifiesWithThePublishedKeys() throws Exception {
    var user = createUser(Role.MEMBER);
    var tokens = signedIn(user);
    var token = token(tokens);
    assertThat(token.getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.ES256);
    assertThat(verifies(token)).isTrue();
    var claims = token.getJWTClaimsSet();
    assertThat(claims.getIssuer()).isEqualTo(accessTokens.issuer());
    assertThat(claims.getAudience()).containsExactly(accessTokens.audience());
    assertThat(claims.getSubject()).isEqualTo(user.id().value());
    assertThat(claims.getStringClaim("tenant")).isEqualTo(user.tenant().value());
    assertThat(claims.getStringClaim("role")).isEqualTo("member");
    assertThat(claims.getStringClaim("scope").split(" "))
        .containsExactlyInAnyOrder(
            "sessions:read",
            "sessions:write",
            "keys:write",
            "usage:read",
            "vaults:read",
            "environments:read",
            "policies:read",
            "hooks:read",
            "mcp:read",
            "subscriptions:read",
            "subscriptions:write");
    assertThat(claims.getStringClaim("sid")).isEqualTo(tokens.loginId().value());
    assertThat(claims.getJWTID()).isNotEqualTo(token(signedIn(user)).getJWTClaimsSet().getJWTID());
    assertThat(
            Duration.between(
                claims.getIssueTime().toInstant(), claims.getExpirationTime().toInstant()))
        .isEqualTo(Duration.ofMinutes(60))
        .isEqualTo(tokens.accessTokenTtl());
  }

  @Test
  void onlyPublicKeysArePublishedAndPrivateKeysAreSealed() throws Exception {
    for (var key : published().getKeys()) {
      assertThat(key.isPrivate()).isFalse();
      assertThat(key.getAlgorithm()).isEqualTo(JWSAlgorithm.ES256);
    }
    var rows =
        sql.sql("select encode(sealed, 'escape') || public_jwk from keyring.signing_key")
            .query(String.class)
            .list();
    assertThat(rows).isNotEmpty().noneMatch(row -> row.contains("\"d\""));
  }

  @Test
  void nextKeyIsPublishedBeforeUseAndTheOldOneUntilItsLastTokenExpires() throws Exception {
    var user = createUser(Role.MEMBER);
    var old = token(signedIn(user));
    var next = rotated();
    var still = token(signedIn(user));
    assertThat(still.getHeader().getKeyID()).isNotEqualTo(next.value());

    advanceClock(Duration.ofMinutes(6));
    var now = token(signedIn(user));
    assertThat(now.getHeader().getKeyID()).isEqualTo(next.value());
    assertThat(verifies(now)).isTrue();
    assertThat(verifies(old)).isTrue();

    advanceClock(Duration.ofMinutes(70));
    assertThat(verifies(old)).isFalse();
  }

  @Test
  void oldKeyIsRotatedAutomatically() {
    commands.sendAndWait(
        new MaintainSigningKeys(), EventMetadata.forSystem(localOwner().tenant(), "test"));
    long before = keys();
    commands.sendAndWait(
        new MaintainSigningKeys(), EventMetadata.forSystem(localOwner().tenant(), "test"));
    assertThat(keys()).as("young keys stay").isEqualTo(before);
    sql.sql("update keyring.signing_key set active_from = active_from - interval '31 days'")
        .update();
    commands.sendAndWait(
        new MaintainSigningKeys(), EventMetadata.forSystem(localOwner().tenant(), "test"));
    var newest =
        sql.sql("select key_id from keyring.signing_key order by active_from desc limit 1")
            .query(String.class)
            .single();
    assertThat(names(newest)).isEqualTo(List.of("SigningKeyCreated"));
    await().untilAsserted(() -> assertThat(published().getKeyByKeyId(newest)).isNotNull());
  }

  private long keys() {
    return sql.sql("select count(*) from keyring.signing_key").query(Long.class).single();
  }
}
