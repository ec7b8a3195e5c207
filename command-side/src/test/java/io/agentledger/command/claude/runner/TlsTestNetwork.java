package io.agentledger.command.claude.runner;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.agentledger.command.support.outbound.DnsResolver;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * Test network of pages: every name below {@code .test} leads to one HTTPS server at 127.0.0.2,
 * whose certificate is in a PEM file.
 */
final class TlsTestNetwork implements DnsResolver, AutoCloseable {
  private static final char[] PASSWORD = "changeit".toCharArray();

  final Queue<String> requests = new ConcurrentLinkedQueue<>();
  final CountDownLatch slowPage = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Path directory;
  private final HttpsServer server;

  TlsTestNetwork() {
    try {
      directory = Files.createTempDirectory("tls");
      KeyStore store = createCertificate(directory.resolve("tls.p12"));
      Files.writeString(
          certificate(),
          "-----BEGIN CERTIFICATE-----\n"
              + Base64.getMimeEncoder().encodeToString(store.getCertificate("test").getEncoded())
              + "\n-----END CERTIFICATE-----\n");
      var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(store, PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys.getKeyManagers(), null, null);
      server = HttpsServer.create(new InetSocketAddress("127.0.0.2", 0), 50);
      server.setHttpsConfigurator(new HttpsConfigurator(context));
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/", this::answer);
      server.start();
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyStore createCertificate(Path file)
      throws IOException, GeneralSecurityException {
    var keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                "test",
                "-dname",
                "CN=page.test",
                "-ext",
                "bc=ca:true",
                "-ext",
                "san=dns:page.test,dns:www.page.test,dns:denied.test",
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      if (!keytool.waitFor(60, TimeUnit.SECONDS)) throw new IOException("keytool does not end");
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    return store;
  }

  Path certificate() {
    return directory.resolve("ca.pem");
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public List<InetAddress> resolve(String name) throws UnknownHostException {
    if (!name.endsWith(".test")) throw new UnknownHostException(name);
    return List.of(InetAddress.ofLiteral("127.0.0.2"));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    requests.add(exchange.getRequestHeaders().getFirst("Host") + path);
    switch (path) {
      case "/elsewhere" -> redirect(exchange, "https://denied.test:" + port() + "/moon");
      case "/www-asked" -> redirect(exchange, "https://www.page.test:" + port() + "/asked");
      case "/www" -> redirect(exchange, "https://www.page.test:" + port() + "/moon");
      case "/slow" -> {
        awaitRelease(slowPage);
        respond(exchange);
      }
      case "/stuck" -> awaitRelease(closed);
      default -> respond(exchange);
    }
  }

  private static void awaitRelease(CountDownLatch release) throws IOException {
    try {
      if (!release.await(100, TimeUnit.SECONDS)) throw new IOException("not released");
    } catch (InterruptedException interrupted) {
      throw new IOException(interrupted);
    }
  }

  private static void redirect(HttpExchange exchange, String location) throws IOException {
    exchange.getResponseHeaders().set("Location", location);
    exchange.sendResponseHeaders(302, -1);
    exchange.close();
  }

  private static void respond(HttpExchange exchange) throws IOException {
    byte[] bytes =
        "<html><body><h1>Moon</h1><p>It is 384400 km away.</p></body></html>"
            .getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
    exchange.sendResponseHeaders(200, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() throws IOException {
    slowPage.countDown();
    closed.countDown();
    server.stop(0);
    Files.deleteIfExists(certificate());
    Files.deleteIfExists(directory.resolve("tls.p12"));
    Files.deleteIfExists(directory);
  }
}
