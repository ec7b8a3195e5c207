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
 * Stands in for the service where a test wants to say what it answers and when it breaks: real
 * HTTP, real server-sent events, one session. The real service is met in the gateway's own tests.
 */
public final class StandIn implements AutoCloseable {
  public static final String KEY = "key-of-the-owner";
  public static final String SESSION = "ses_aaaaaaaaaa";
  public static final String RUN = "run_bbbbbbbbbb";
  public static final String QUERY = "qry_cccccccccc";
  public static final String ACTION = "act_dddddddddd";
  public static final String CALL = "tcl_eeeeeeeeee";
  public static final String THREAD = "thr_ffffffffff";

  /** A request as it came. */
  public record Request(String method, String path, Map<String, String> headers, String body) {}

  /** What is answered to one method and path. */
  public interface Answer {
    Said to(Request request);
  }

  /** An answer: a status, a body, and headers in pairs. */
  public record Said(int status, String body, String... headers) {}

  private final HttpServer server;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final List<String> story = new ArrayList<>();
  private final List<HttpExchange> watchers = new CopyOnWriteArrayList<>();
  private final AtomicInteger toBreak = new AtomicInteger();
  private volatile boolean listening = true;

  public StandIn() {
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

  /** From now on. {@code what} is {@code POST /api/v1/sessions}, without a query. */
  public void answer(String what, Answer answer) {
    answers.put(what, answer);
  }

  public List<Request> requests(String what) {
    return requests.stream()
        .filter(
            request ->
                (request.method() + " " + request.path().replaceAll("\\?.*", "")).equals(what))
        .toList();
  }

  /** How often somebody has connected to the story. */
  public int connections() {
    return requests("GET /api/v1/sessions/" + SESSION + "/events").size();
  }

  /** Adds items to the story; facts get their {@code id:} from their sequence. */
  public void tell(String... items) {
    synchronized (story) {
      story.addAll(List.of(items));
      story.notifyAll();
    }
  }

  /** Takes the next requests and breaks their connections without an answer. */
  public void breakNext(int count) {
    toBreak.set(count);
  }

  /** Breaks every open stream. */
  public void cut() {
    synchronized (story) {
      watchers.forEach(HttpExchange::close);
      watchers.clear();
      story.notifyAll();
    }
  }

  private void standardAnswers() {
    answer("POST /api/v1/sessions", request -> new Said(201, Items.session("idle", 1)));
    answer("GET /api/v1/sessions/" + SESSION, request -> new Said(200, Items.session("idle", 1)));
    answer("GET /api/v1/status", request -> new Said(200, Items.STATUS));
    answer(
        "POST /api/v1/sessions/" + SESSION + "/inputs",
        request -> new Said(202, Items.receipt(1, request.body().contains("\"prompt\""))));
  }

  private void handle(HttpExchange exchange) throws IOException {
    var request = read(exchange);
    requests.add(request);
    if (toBreak.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      exchange.close();
      return;
    }
    var what = request.method() + " " + request.path().replaceAll("\\?.*", "");
    var scripted = answers.get(what);
    if (!("Bearer " + KEY).equals(request.headers().get("authorization")))
      send(exchange, new Said(401, "{\"code\":\"unauthenticated\",\"detail\":\"Who are you?\"}"));
    else if (scripted != null) send(exchange, scripted.to(request));
    else if (request.path().contains("/events")) narrate(exchange, request);
    else send(exchange, new Said(404, "{\"code\":\"not_found\",\"detail\":\"Nothing there.\"}"));
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

  private static void send(HttpExchange exchange, Said said) throws IOException {
    var bytes = said.body().getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < said.headers().length; i += 2)
      exchange.getResponseHeaders().set(said.headers()[i], said.headers()[i + 1]);
    exchange.sendResponseHeaders(said.status(), bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private void narrate(HttpExchange exchange, Request request) throws IOException {
    long after = Long.parseLong(request.headers().getOrDefault("last-event-id", "0"));
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    synchronized (story) {
      watchers.add(exchange);
    }
    try (var out = exchange.getResponseBody()) {
      for (int next = 0; watchers.contains(exchange); next++) {
        var item = await(next, exchange);
        if (item == null) return;
        var sequence = Items.sequence(item);
        if (sequence != null && sequence <= after) continue;
        var id = sequence == null ? "" : "id: " + sequence + "\n";
        out.write((id + "event: x\ndata: " + item + "\n\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    } catch (IOException gone) {
      watchers.remove(exchange);
    }
  }

  private @Nullable String await(int index, HttpExchange exchange) {
    synchronized (story) {
      while (listening && watchers.contains(exchange) && story.size() <= index)
        try {
          story.wait();
        } catch (InterruptedException stopped) {
          return null;
        }
      return listening && watchers.contains(exchange) ? story.get(index) : null;
    }
  }

  @Override
  public void close() {
    listening = false;
    cut();
    server.stop(0);
  }
}
