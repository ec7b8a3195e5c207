package io.agentledger.gateway.identity.token;

import com.nimbusds.jose.jwk.JWKSet;
import io.agentledger.api.identity.security.TokenIssuerMetadata;
import java.text.ParseException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Our own keys; read once for as long as they stay the same. */
final class LocalKeySource implements IssuerKeySource {
  private final TokenIssuerMetadata tokens;
  private volatile Read last = new Read("", new JWKSet());

  LocalKeySource(TokenIssuerMetadata tokens) {
    this.tokens = tokens;
  }

  private record Read(String text, JWKSet keys) {}

  @Override
  public Mono<JWKSet> with(@Nullable String keyId) {
    return Mono.fromCompletionStage(tokens::keys).map(keys -> read(keys.text()));
  }

  private JWKSet read(String text) {
    var known = last;
    if (known.text().equals(text)) return known.keys();
    try {
      var keys = JWKSet.parse(text);
      last = new Read(text, keys);
      return keys;
    } catch (ParseException ours) {
      throw new IllegalStateException("our own keys cannot be read", ours);
    }
  }
}
