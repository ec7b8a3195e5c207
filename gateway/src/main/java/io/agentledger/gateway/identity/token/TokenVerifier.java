package io.agentledger.gateway.identity.token;

import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jwt.SignedJWT;
import io.agentledger.api.identity.security.TokenIssuerMetadata;
import java.text.ParseException;
import java.time.Clock;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Verifies tokens of this installation and of configured issuers. The issuer that a token names
 * only selects among these. An invalid token fails with a {@link BadCredentialsException} that does
 * not state the reason.
 */
@Component
public final class TokenVerifier {
  /** Maximum length of a token; longer ones are rejected unparsed. */
  public static final int LENGTH_MAX = 8 * 1024;

  private final Map<String, TrustedIssuer> issuers = new LinkedHashMap<>();
  private final VerifiedTokenCache cache;

  TokenVerifier(TokenIssuerMetadata localIssuer, IssuerProperties issuerProperties, Clock clock) {
    this.cache = new VerifiedTokenCache(clock);
    addIssuer(new LocalIssuer(localIssuer, clock));
    var oidcDiscoveryClient = new OidcDiscoveryClient();
    for (var externalIssuerProperties : issuerProperties.issuers()) {
      var uri = externalIssuerProperties.issuerUri();
      var jwksUri = externalIssuerProperties.jwksUri();
      var source =
          Mono.defer(
              () ->
                  jwksUri == null
                      ? oidcDiscoveryClient.discoverKeys(uri)
                      : oidcDiscoveryClient.fetchKeys(jwksUri));
      addIssuer(
          new ExternalIssuer(
              externalIssuerProperties, new RemoteKeySource(uri.toString(), source, clock), clock));
    }
  }

  private void addIssuer(TrustedIssuer issuer) {
    if (issuers.put(issuer.issuer(), issuer) != null)
      throw new IllegalArgumentException("two issuers have the name " + issuer.issuer());
  }

  /** Returns whether the text has the form of a JWT; API keys never have it. */
  public static boolean isJwt(String secret) {
    return secret.startsWith("ey") && secret.indexOf('.') > 0;
  }

  public Mono<VerifiedToken> verify(String token) {
    if (token.length() > LENGTH_MAX) return Mono.error(TokenVerifier::invalidToken);
    var cached = cache.find(token);
    if (cached != null) return Mono.just(cached);
    return Mono.defer(() -> verifyWithIssuer(token))
        .doOnNext(verifiedToken -> cache.store(token, verifiedToken))
        .onErrorMap(JwtException.class, TokenVerifier::toAuthenticationException);
  }

  private Mono<VerifiedToken> verifyWithIssuer(String token) {
    try {
      requireCanonical(token);
      var parsed = SignedJWT.parse(token);
      if (isRefused(parsed.getHeader()) || !hasTextSubject(parsed)) throw invalidToken();
      var claims = parsed.getJWTClaimsSet();
      var issuer = claims == null ? null : issuers.get(claims.getIssuer());
      if (issuer == null) throw invalidToken();
      return issuer.verify(parsed);
    } catch (ParseException | IllegalArgumentException exception) {
      throw invalidToken();
    }
  }

  /**
   * Rejects tokens that are not in canonical encoding (RFC 7515): no padding, no unused bits, no
   * white space.
   */
  private static void requireCanonical(String token) {
    for (var part : token.split("\\.", -1)) {
      var bytes = Base64.getUrlDecoder().decode(part);
      if (!Base64.getUrlEncoder().withoutPadding().encodeToString(bytes).equals(part))
        throw invalidToken();
    }
  }

  /**
   * Rejects headers that contain keys or URLs of keys, and critical extensions: the service
   * supports none, and an empty list is not allowed (RFC 7515 4.1.11).
   */
  private static boolean isRefused(JWSHeader header) {
    return header.getJWK() != null
        || header.getJWKURL() != null
        || header.getX509CertURL() != null
        || header.getCriticalParams() != null;
  }

  /**
   * Returns whether the subject is text. Libraries also accept a number, and convert it
   * differently.
   */
  private static boolean hasTextSubject(SignedJWT token) {
    var payload = token.getPayload().toJSONObject();
    return payload != null && payload.get("sub") instanceof String;
  }

  private static Throwable toAuthenticationException(JwtException exception) {
    return exception.getCause() instanceof IssuerUnavailableException issuerUnavailableException
        ? issuerUnavailableException
        : invalidToken();
  }

  private static BadCredentialsException invalidToken() {
    return new BadCredentialsException("the token is invalid");
  }
}
