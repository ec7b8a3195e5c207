package io.agentledger.store.crypto;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Fake of AWS KMS for Encrypt and Decrypt, with its JSON protocol (application/x-amz-json-1.1,
 * {@code X-Amz-Target: TrentService.*}): it holds the keys, binds the encryption context, and
 * requires signed requests.
 */
final class FakeKms implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  final Queue<String> requests = new ConcurrentLinkedQueue<>();
  volatile boolean down;
  private final HttpServer server;
  private final Map<String, Aead> keys = new ConcurrentHashMap<>();

  FakeKms() throws IOException, GeneralSecurityException {
    AeadConfig.register();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private Aead key(String arn) {
    return keys.computeIfAbsent(
        arn,
        name -> {
          try {
            return KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM)
                .getPrimitive(RegistryConfiguration.get(), Aead.class);
          } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private void answer(HttpExchange exchange) throws IOException {
    String target = exchange.getRequestHeaders().getFirst("X-Amz-Target");
    String signed = exchange.getRequestHeaders().getFirst("Authorization");
    JsonNode request = JSON.readTree(exchange.getRequestBody());
    requests.add(target);
    if (down) send(exchange, 400, Map.of("__type", "KMSInvalidStateException"));
    else if (signed == null || !signed.startsWith("AWS4-HMAC-SHA256 "))
      send(exchange, 400, Map.of("__type", "MissingAuthenticationTokenException"));
    else
      try {
        send(exchange, 200, carryOut(target, request));
      } catch (GeneralSecurityException e) {
        send(exchange, 400, Map.of("__type", "InvalidCiphertextException"));
      }
  }

  private Map<String, String> carryOut(String target, JsonNode request)
      throws GeneralSecurityException {
    String arn = request.path("KeyId").asString();
    byte[] context = request.path("EncryptionContext").toString().getBytes(StandardCharsets.UTF_8);
    return switch (target) {
      case "TrentService.Encrypt" ->
          Map.of(
              "CiphertextBlob",
              text(key(arn).encrypt(bytes(request.path("Plaintext")), context)),
              "KeyId",
              arn);
      case "TrentService.Decrypt" ->
          Map.of(
              "Plaintext",
              text(key(arn).decrypt(bytes(request.path("CiphertextBlob")), context)),
              "KeyId",
              arn);
      default -> throw new GeneralSecurityException(target);
    };
  }

  private static byte[] bytes(JsonNode field) {
    return Base64.getDecoder().decode(field.asString());
  }

  private static String text(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static void send(HttpExchange exchange, int status, Map<String, String> body)
      throws IOException {
    byte[] bytes = JSON.writeValueAsBytes(body);
    exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
    exchange.sendResponseHeaders(status, bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
