package io.agentledger.gateway.ops;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPInputStream;

/** Server on a free port that records posted bodies, unzipped, with status 200. */
final class HttpReceiver implements AutoCloseable {
  private final HttpServer server;
  private final List<ReceivedPost> posts = new CopyOnWriteArrayList<>();

  /** A received request. */
  @SuppressWarnings("ArrayRecordComponent")
  record ReceivedPost(String path, String type, String authorization, byte[] body) {}

  private HttpReceiver(HttpServer server) {
    this.server = server;
  }

  static HttpReceiver open(byte[] answer) {
    try {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      var receiver = new HttpReceiver(server);
      server.createContext("/", exchange -> receiver.record(exchange, answer));
      server.start();
      return receiver;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void record(HttpExchange exchange, byte[] answer) throws IOException {
    try (exchange) {
      var headers = exchange.getRequestHeaders();
      byte[] body = exchange.getRequestBody().readAllBytes();
      if ("gzip".equals(headers.getFirst("Content-Encoding"))) {
        try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(body))) {
          body = plain.readAllBytes();
        }
      }
      posts.add(
          new ReceivedPost(
              exchange.getRequestURI().getPath(),
              String.valueOf(headers.getFirst("Content-Type")),
              String.valueOf(headers.getFirst("X-Sentry-Auth")),
              body));
      exchange.sendResponseHeaders(200, answer.length == 0 ? -1 : answer.length);
      if (answer.length > 0) exchange.getResponseBody().write(answer);
    }
  }

  String address() {
    return server.getAddress().getHostString() + ":" + server.getAddress().getPort();
  }

  List<ReceivedPost> posts() {
    return posts;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
