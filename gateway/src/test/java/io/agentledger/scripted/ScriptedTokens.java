package io.agentledger.scripted;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.security.CredentialRef;
import io.agentledger.api.identity.security.OneTimeTickets;
import io.agentledger.api.identity.security.TokenIssuerMetadata;
import io.agentledger.api.shared.Json;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Issuer of access tokens and tickets in memory. */
public final class ScriptedTokens implements TokenIssuerMetadata, OneTimeTickets {
  public static final String ISSUER = "agentledger-of-the-tests";

  private final ECKey key;
  private final Map<String, CredentialRef> tickets = new ConcurrentHashMap<>();

  ScriptedTokens() {
    try {
      key = new ECKeyGenerator(Curve.P_256).keyID("first").generate();
    } catch (JOSEException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  public ECKey key() {
    return key;
  }

  /** Returns the claims of a token that is valid for an hour. */
  public JWTClaimsSet.Builder claims(Caller caller) {
    return new JWTClaimsSet.Builder()
        .issuer(ISSUER)
        .audience(ISSUER)
        .subject(caller.user().value())
        .claim("sid", caller.credential().value())
        .issueTime(new Date())
        .expirationTime(Date.from(Instant.now().plusSeconds(3600)));
  }

  public JWSHeader.Builder header() {
    return new JWSHeader.Builder(JWSAlgorithm.ES256)
        .type(new JOSEObjectType("at+jwt"))
        .keyID(key.getKeyID());
  }

  public String token(Caller caller) {
    return sign(header().build(), claims(caller).build(), key);
  }

  public static String sign(JWSHeader header, JWTClaimsSet claims, ECKey key) {
    try {
      var token = new SignedJWT(header, claims);
      token.sign(new ECDSASigner(key));
      return token.serialize();
    } catch (JOSEException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public String issuer() {
    return ISSUER;
  }

  @Override
  public String audience() {
    return ISSUER;
  }

  @Override
  public CompletionStage<Json> keys() {
    return CompletableFuture.completedFuture(new Json(new JWKSet(key).toString(true)));
  }

  @Override
  public CompletionStage<String> issue(CredentialRef credentialRef) {
    var ticket = UUID.randomUUID().toString();
    tickets.put(ticket, credentialRef);
    return CompletableFuture.completedFuture(ticket);
  }

  @Override
  public CompletionStage<Optional<CredentialRef>> redeem(String ticket) {
    return CompletableFuture.completedFuture(Optional.ofNullable(tickets.remove(ticket)));
  }
}
