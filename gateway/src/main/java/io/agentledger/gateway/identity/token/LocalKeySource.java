package io.agentledger.gateway.identity.token;

import com.nimbusds.jose.jwk.JWKSet;
import io.agentledger.api.identity.security.TokenIssuerMetadata;
import java.text.ParseException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** Keys of this installation, cached until they change. */
final class LocalKeySource implements IssuerKeySource {
  private final TokenIssuerMetadata tokens;
  private volatile ParsedKeys parsed = new ParsedKeys("", new JWKSet());

  LocalKeySource(TokenIssuerMetadata tokens) {
    this.tokens = tokens;
  }

  private record ParsedKeys(String text, JWKSet keys) {}

  @Override
  public Mono<JWKSet> findKeys(@Nullable String keyId) {
    return Mono.fromCompletionStage(tokens::keys).map(keys -> parseKeys(keys.text()));
  }

  private JWKSet parseKeys(String text) {
    var parsedKeys = parsed;
    if (parsedKeys.text().equals(text)) return parsedKeys.keys();
    try {
      var keys = JWKSet.parse(text);
      parsed = new ParsedKeys(text, keys);
      return keys;
    } catch (ParseException exception) {
      throw new IllegalStateException("the installation's own keys cannot be read", exception);
    }
  }
}
