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

  private boolean isOurs(SignedJWT token) throws Exception {
    var key = (ECKey) published().getKeyByKeyId(token.getHeader().getKeyID());
    return key != null && token.verify(new ECDSAVerifier(key));
  }

  /** A day or a month later, for the keys. */
  private void elapse(Duration time) {
    sql.sql(
            """
            update keyring.signing_key set
              made_at = made_at - make_interval(secs => :s),
              signs_from = signs_from - make_interval(secs => :s),
              published_until = published_until - make_interval(secs => :s)""")
        .param("s", (double) time.toSeconds())
        .update();
    rotated(); // What was read before the time elapsed is forgotten, as after a minute.
  }

  @AfterEach
  void aKeySigns() {
    sql.sql("update keyring.signing_key set signs_from = least(signs_from, now())").update();
    rotated();
  }

  /** The next key, when it is published. */
  private CredentialId rotated() {
    CredentialId next = as(localOwner(), new RotateSigningKey(null));
    await().untilAsserted(() -> assertThat(published().getKeyByKeyId(next.value())).isNotNull());
    return next;
  }

  @Test
  void aTokenSaysWhoItIsForAndIsToldByThePublishedKeys() throws Exception {
    var person = person(Role.MEMBER);
    var tokens = signedIn(person);
    var token = token(tokens);
    assertThat(token.getHeader().getAlgorithm()).isEqualTo(JWSAlgorithm.ES256);
    assertThat(isOurs(token)).isTrue();
    var claims = token.getJWTClaimsSet();
    assertThat(claims.getIssuer()).isEqualTo(accessTokens.issuer());
    assertThat(claims.getAudience()).containsExactly(accessTokens.audience());
    assertThat(claims.getSubject()).isEqualTo(person.id().value());
    assertThat(claims.getStringClaim("tenant")).isEqualTo(person.tenant().value());
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
            "mcp:read");
    assertThat(claims.getStringClaim("sid")).isEqualTo(tokens.loginId().value());
    assertThat(claims.getJWTID())
        .isNotEqualTo(token(signedIn(person)).getJWTClaimsSet().getJWTID());
    assertThat(
            Duration.between(
                claims.getIssueTime().toInstant(), claims.getExpirationTime().toInstant()))
        .isEqualTo(Duration.ofMinutes(60))
        .isEqualTo(tokens.accessFor());
  }

  @Test
  void onlyPublicPartsArePublishedAndPrivateOnesAreSealed() throws Exception {
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
  void theNextKeyIsPublishedBeforeItSignsAndTheOldOneUntilItsLastTokenIsOver() throws Exception {
    var person = person(Role.MEMBER);
    var old = token(signedIn(person));
    var next = rotated();
    var still = token(signedIn(person));
    assertThat(still.getHeader().getKeyID()).isNotEqualTo(next.value());

    elapse(Duration.ofMinutes(6));
    var now = token(signedIn(person));
    assertThat(now.getHeader().getKeyID()).isEqualTo(next.value());
    assertThat(isOurs(now)).isTrue();
    assertThat(isOurs(old)).isTrue();

    elapse(Duration.ofMinutes(70));
    assertThat(isOurs(old)).isFalse();
  }

  @Test
  void anOldKeyIsReplacedByItself() {
    commands.sendAndWait(
        new MaintainSigningKeys(), EventMetadata.forSystem(localOwner().tenant(), "test"));
    long before = keys();
    commands.sendAndWait(
        new MaintainSigningKeys(), EventMetadata.forSystem(localOwner().tenant(), "test"));
    assertThat(keys()).as("young keys stay").isEqualTo(before);
    sql.sql("update keyring.signing_key set signs_from = signs_from - interval '31 days'").update();
    commands.sendAndWait(
        new MaintainSigningKeys(), EventMetadata.forSystem(localOwner().tenant(), "test"));
    var newest =
        sql.sql("select key_id from keyring.signing_key order by signs_from desc limit 1")
            .query(String.class)
            .single();
    assertThat(names(newest)).isEqualTo(List.of("SigningKeyCreated"));
    await().untilAsserted(() -> assertThat(published().getKeyByKeyId(newest)).isNotNull());
  }

  private long keys() {
    return sql.sql("select count(*) from keyring.signing_key").query(Long.class).single();
  }
}
