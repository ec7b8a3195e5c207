package io.agentledger.gateway;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.factories.DefaultJWSSignerFactory;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Fake token issuer on loopback with the documents that an issuer publishes. RSA is only for tests
 * that need it: without the intrinsics of C2 a signature takes 15 ms, and a key a second.
 */
final class FakeOidcIssuer implements AutoCloseable {
  private final HttpServer server;
  private final AtomicInteger requests = new AtomicInteger();
  private final JWSAlgorithm algorithm;
  private volatile JWK key;

  /**
   * Starts an issuer.
   *
   * @param algorithm RS256 or ES256
   */
  FakeOidcIssuer(JWSAlgorithm algorithm) throws IOException {
    this.algorithm = algorithm;
    this.key = newKey(algorithm);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/.well-known/openid-configuration",
        exchange ->
            answer(
                exchange, "{\"issuer\": \"" + uri() + "\", \"jwks_uri\": \"" + uri() + "/keys\"}"));
    server.createContext(
        "/keys",
        exchange -> {
          requests.incrementAndGet();
          answer(exchange, new JWKSet(key).toString(true));
        });
    server.start();
  }

  private static void answer(HttpExchange exchange, String json) throws IOException {
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, bytes.length);
    try (exchange) {
      exchange.getResponseBody().write(bytes);
    }
  }

  private static JWK newKey(JWSAlgorithm algorithm) {
    try {
      var id = UUID.randomUUID().toString();
      return algorithm.equals(JWSAlgorithm.RS256)
          ? new RSAKeyGenerator(2048).keyID(id).generate()
          : new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    } catch (JOSEException exception) {
      throw new IllegalStateException(exception);
    }
  }

  String uri() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  JWK key() {
    return key;
  }

  /** Returns the number of requests for its keys. */
  int keyRequestCount() {
    return requests.get();
  }

  /** Signs with another key from now on, and publishes only that one. */
  void rotate() {
    key = newKey(algorithm);
  }

  String sign(JWTClaimsSet.Builder claims) {
    return sign(key, claims);
  }

  static String sign(JWK key, JWTClaimsSet.Builder claims) {
    try {
      var algorithm = key.getKeyType() == KeyType.RSA ? JWSAlgorithm.RS256 : JWSAlgorithm.ES256;
      var header = new JWSHeader.Builder(algorithm).keyID(key.getKeyID()).build();
      var token = new SignedJWT(header, claims.build());
      token.sign(new DefaultJWSSignerFactory().createJWSSigner(key, algorithm));
      return token.serialize();
    } catch (JOSEException exception) {
      throw new IllegalStateException(exception);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
