package io.agentledger.gateway.identity.token;

import com.nimbusds.jose.jwk.JWKSet;
import io.agentledger.gateway.support.json.PlainJson;
import io.netty.channel.ChannelOption;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import org.springframework.http.MediaType;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;
import reactor.netty.http.client.HttpClient;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the documents that issuers publish. The operator configures their URLs, so any address is
 * permitted; time and size are limited, and redirects are not followed.
 */
final class OidcDiscoveryClient {
  private static final int CONNECT_MILLIS = 2_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(4);
  private static final int BYTES_MAX = 256 * 1024;
  private static final JsonMapper JSON = PlainJson.MAPPER;

  private final WebClient web =
      WebClient.builder()
          .clientConnector(
              new ReactorClientHttpConnector(
                  HttpClient.create()
                      .proxyWithSystemProperties()
                      .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_MILLIS)
                      .responseTimeout(TIMEOUT)
                      .followRedirect(false)))
          .codecs(codecs -> codecs.defaultCodecs().maxInMemorySize(BYTES_MAX))
          .build();

  /** Fetches the keys from a URL. */
  Mono<JWKSet> fetchKeys(URI uri) {
    return fetchText(uri).map(OidcDiscoveryClient::parseKeys);
  }

  /** Fetches the keys of the issuer from the URL in its discovery document. */
  Mono<JWKSet> discoverKeys(URI issuer) {
    var base = issuer.toString().replaceFirst("/$", "");
    return fetchText(URI.create(base + "/.well-known/openid-configuration"))
        .map(document -> parseJwksUri(issuer, document))
        .flatMap(this::fetchKeys);
  }

  private static URI parseJwksUri(URI issuer, String document) {
    var response = JSON.readTree(document);
    if (!issuer.toString().equals(response.path("issuer").asString("")))
      throw new IllegalStateException("the discovery document is of another issuer");
    return IssuerUriValidator.requireSecure(URI.create(response.path("jwks_uri").asString("")));
  }

  private Mono<String> fetchText(URI uri) {
    return web.get()
        .uri(uri)
        .accept(MediaType.APPLICATION_JSON)
        .retrieve()
        .onStatus(
            status -> !status.is2xxSuccessful(),
            response -> Mono.error(new IllegalStateException("answered " + response.statusCode())))
        .bodyToMono(String.class)
        .timeout(TIMEOUT);
  }

  private static JWKSet parseKeys(String text) {
    try {
      return JWKSet.parse(text);
    } catch (ParseException exception) {
      throw new IllegalStateException("the keys cannot be read", exception);
    }
  }
}
