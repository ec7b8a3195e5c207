package io.agentledger.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.agentledger.client.support.ClientConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Fake service over real HTTP with real server-sent events and one session: a test sets its
 * responses and breaks its connections. The gateway's own tests use the real service.
 */
public final class FakeService implements AutoCloseable {
  public static final String KEY = "key-of-the-owner";
  public static final String SESSION = "ses_aaaaaaaaaa";
  public static final String RUN = "run_bbbbbbbbbb";
  public static final String QUERY = "qry_cccccccccc";
  public static final String ACTION = "act_dddddddddd";
  public static final String CALL = "tcl_eeeeeeeeee";
  public static final String THREAD = "thr_ffffffffff";

  /** A received request. */
  public record Request(String method, String path, Map<String, String> headers, String body) {}

  /** Responds to requests for one method and path. */
  public interface Answer {
    CannedResponse respondTo(Request request);
  }

  /** A response: a status, a body, and headers in pairs. */
  public record CannedResponse(int status, String body, String... headers) {}

  private final HttpServer server;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<String> events = new ArrayList<>();
  private final List<HttpExchange> watchers = new CopyOnWriteArrayList<>();
  private final AtomicInteger toBreak = new AtomicInteger();
  private volatile boolean listening = true;

  public FakeService() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException noPort) {
      throw new UncheckedIOException(noPort);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
    server.start();
    standardAnswers();
  }

  public ClientConfig address() {
    return new ClientConfig(URI.create("http://127.0.0.1:" + port()), KEY);
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /**
   * Sets the response from now on.
   *
   * @param route method and path without a query, such as {@code POST /api/v1/sessions}
   */
  public void answer(String route, Answer answer) {
    answers.put(route, answer);
  }

  public List<Request> requests(String route) {
    return requests.stream()
        .filter(
            request ->
                (request.method() + " " + request.path().replaceAll("\\?.*", "")).equals(route))
        .toList();
  }

  /** Number of connections to the stream so far. */
  public int connections() {
    return requests("GET /api/v1/sessions/" + SESSION + "/events").size();
  }

  /** Adds items to the stream; events get their {@code id:} from their sequence. */
  public void send(String... items) {
    synchronized (events) {
      events.addAll(List.of(items));
      events.notifyAll();
    }
  }

  /** Reads the next requests and closes their connections without a response. */
  public void breakNext(int count) {
    toBreak.set(count);
  }

  /** Closes every open stream. */
  public void cut() {
    synchronized (events) {
      watchers.forEach(HttpExchange::close);
      watchers.clear();
      events.notifyAll();
    }
  }

  private void standardAnswers() {
    answer(
        "POST /api/v1/sessions",
        request -> new CannedResponse(201, StreamItemJson.session("idle", 1)));
    answer(
        "GET /api/v1/sessions/" + SESSION,
        request -> new CannedResponse(200, StreamItemJson.session("idle", 1)));
    answer("GET /api/v1/status", request -> new CannedResponse(200, StreamItemJson.STATUS));
    answer(
        "POST /api/v1/sessions/" + SESSION + "/inputs",
        request ->
            new CannedResponse(
                202, StreamItemJson.receipt(1, request.body().contains("\"prompt\""))));
  }

  private void handle(HttpExchange exchange) throws IOException {
    var request = read(exchange);
    requests.add(request);
    if (toBreak.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      exchange.close();
      return;
    }
    var route = request.method() + " " + request.path().replaceAll("\\?.*", "");
    var scripted = answers.get(route);
    if (!("Bearer " + KEY).equals(request.headers().get("authorization")))
      send(
          exchange,
          new CannedResponse(
              401, "{\"code\":\"unauthenticated\",\"detail\":\"Authenticate first.\"}"));
    else if (scripted != null) send(exchange, scripted.respondTo(request));
    else if (request.path().contains("/events") || request.path().contains("/playback"))
      streamEvents(exchange, request);
    else
      send(
          exchange,
          new CannedResponse(404, "{\"code\":\"not_found\",\"detail\":\"Nothing there.\"}"));
  }

  private static Request read(HttpExchange exchange) throws IOException {
    var headers = new ConcurrentHashMap<String, String>();
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) ->
                headers.put(name.toLowerCase(java.util.Locale.ROOT), values.getFirst()));
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    return new Request(
        exchange.getRequestMethod(), exchange.getRequestURI().toString(), headers, body);
  }

  private static void send(HttpExchange exchange, CannedResponse response) throws IOException {
    var bytes = response.body().getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < response.headers().length; i += 2)
      exchange.getResponseHeaders().set(response.headers()[i], response.headers()[i + 1]);
    exchange.sendResponseHeaders(response.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void streamEvents(HttpExchange exchange, Request request) throws IOException {
    long after = Long.parseLong(request.headers().getOrDefault("last-event-id", "0"));
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    synchronized (events) {
      watchers.add(exchange);
    }
    try (var out = exchange.getResponseBody()) {
      for (int next = 0; watchers.contains(exchange); next++) {
        var item = await(next, exchange);
        if (item == null) return;
        var sequence = StreamItemJson.sequence(item);
        if (sequence != null && sequence <= after) continue;
        var id = sequence == null ? "" : "id: " + sequence + "\n";
        out.write((id + "event: x\ndata: " + item + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    } catch (IOException exception) {
      watchers.remove(exchange);
    }
  }

  private @Nullable String await(int index, HttpExchange exchange) {
    synchronized (events) {
      while (listening && watchers.contains(exchange) && events.size() <= index)
        try {
          events.wait();
        } catch (InterruptedException exception) {
          return null;
        }
      return listening && watchers.contains(exchange) ? events.get(index) : null;
    }
  }

  @Override
  public void close() {
    listening = false;
    cut();
    server.stop(0);
  }
}
