package io.agentledger.command.support.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

/** A connection uses the checked address, and its certificate must be valid for the name. */
class OutboundHttpClientTlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  @TempDir Path directory;
  private final List<String> namesAskedFor = new CopyOnWriteArrayList<>();
  private DisposableServer server;
  private SslContext trusting;

  @BeforeEach
  void open() throws Exception {
    var store = selfSigned(directory.resolve("tls.p12"));
    var identity = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    identity.init(store, PASSWORD);
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    trusting = SslContextBuilder.forClient().trustManager(trust).build();
    var mine = SslContextBuilder.forServer(identity).build();
    server =
        HttpServer.create()
            .host("127.0.0.1")
            .port(0)
            .secure(tls -> tls.sslContext(mine))
            .doOnConnection(
                connection -> {
                  var tls = connection.channel().pipeline().get(SslHandler.class);
                  var session = (ExtendedSSLSession) tls.engine().getSession();
                  session.getRequestedServerNames().forEach(name -> namesAskedFor.add("" + name));
                })
            .handle((request, response) -> response.sendString(Mono.just("hello")))
            .bindNow();
  }

  @AfterEach
  void close() {
    server.disposeNow();
  }

  private OutboundHttpClient outbound(boolean trusts) {
    var settings =
        OutboundSettingsFixture.create(Set.of(server.port()), List.of("127.0.0.1/32"), List.of());
    var destinations =
        new DestinationPolicy(settings, host -> List.of(InetAddress.ofLiteral("127.0.0.1")));
    return new OutboundHttpClient(
        settings,
        destinations,
        client -> trusts ? client.secure(tls -> tls.sslContext(trusting)) : client);
  }

  private OutboundRequest requestTo(String host) {
    return OutboundRequest.get("https://" + host + ":" + server.port() + "/");
  }

  @Test
  void certificateMustMatchTheRequestedHost() {
    try (var outbound = outbound(true)) {
      assertThat(outbound.send(requestTo("hooks.example")).block(TIMEOUT).status()).isEqualTo(200);
      assertThat(namesAskedFor).singleElement().asString().contains("hooks.example");
      assertThatException()
          .isThrownBy(() -> outbound.send(requestTo("other.example")).block(TIMEOUT))
          .withCauseInstanceOf(SSLHandshakeException.class);
    }
  }

  @Test
  void rejectsAnUntrustedCertificate() {
    try (var outbound = outbound(false)) {
      assertThatException()
          .isThrownBy(() -> outbound.send(requestTo("hooks.example")).block(TIMEOUT))
          .withCauseInstanceOf(SSLHandshakeException.class);
    }
  }

  private static KeyStore selfSigned(Path file) throws Exception {
    var keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "test",
                "-dname",
                "CN=hooks.example",
                "-ext",
                "san=dns:hooks.example",
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
    var store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    store.setCertificateEntry("trusted", store.getCertificate("test"));
    return store;
  }
}
