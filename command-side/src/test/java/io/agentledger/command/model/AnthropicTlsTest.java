package io.agentledger.command.model;

import static io.agentledger.command.model.SocketClient.messagesRequest;
import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.command.model.SocketClient.Reply;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.ConnectionProvider;

/** The key is sent only to a service that authenticates itself. */
class AnthropicTlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir Path directory;
  private final List<String> keys = new CopyOnWriteArrayList<>();
  private KeyStore store;
  private DisposableServer standIn;

  @BeforeEach
  void open() throws Exception {
    store = selfSigned(directory.resolve("tls.p12"));
    var identity = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    identity.init(store, PASSWORD);
    SslContext server = SslContextBuilder.forServer(identity).build();
    standIn =
        HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .secure(tls -> tls.sslContext(server))
            .handle(
                (request, response) -> {
                  keys.add(request.requestHeaders().get("x-api-key"));
                  return response
                      .header("content-type", "application/json")
                      .sendString(Mono.just("{\"ok\":true}"));
                })
            .bindNow();
  }

  @AfterEach
  void close() {
    standIn.disposeNow();
  }

  @Test
  void trustedCertificateIsAccepted() throws Exception {
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SslContext client = SslContextBuilder.forClient().trustManager(trust).build();

    Reply reply = exchange(pool -> HttpClient.create(pool).secure(tls -> tls.sslContext(client)));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(keys).containsExactly("sk-test");
  }

  @Test
  void untrustedServiceNeverReceivesTheKey() throws Exception {
    Reply reply = exchange(HttpClient::create);

    assertThat(reply.status()).isEqualTo(502);
    assertThat(reply.json().at("/error/message").asString())
        .isEqualTo("No secure connection to the model API is possible.");
    assertThat(keys).isEmpty();
  }

  private Reply exchange(Function<ConnectionProvider, HttpClient> start) throws IOException {
    ModelSettings settings = RehearsalGateway.settings("https://localhost:" + standIn.port());
    try (var upstream = new AnthropicUpstream(settings, new ModelKey("sk-test"), start);
        var gateway = new RehearsalGateway(upstream, settings)) {
      return new SocketClient(gateway.socket.path())
          .send(HttpMethod.POST, "/v1/messages", messagesRequest("hi", Map.of()));
    }
  }

  private static KeyStore selfSigned(Path file) throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "test",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    KeyStore both = KeyStore.getInstance("PKCS12");
    both.load(null, PASSWORD);
    both.setKeyEntry(
        "test", store.getKey("test", PASSWORD), PASSWORD, store.getCertificateChain("test"));
    both.setCertificateEntry("trusted", store.getCertificate("test"));
    return both;
  }
}
