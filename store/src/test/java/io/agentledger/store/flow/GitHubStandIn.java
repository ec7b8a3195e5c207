package io.agentledger.store.flow;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Stand-in of a GitHub Enterprise Server with one repository: its public REST API below {@code
 * /api/v3}, as far as the service uses it, and git by git's own server, on one port. Issues 1 to 9
 * exist; pull requests have numbers from 10.
 */
public final class GitHubStandIn implements AutoCloseable {
  public static final String TOKEN = "ghp_token-of-a-test";
  public static final String APP_TOKEN = "ghs_installation-token-of-a-test";
  public static final String USER = "tester";
  public static final String BOT = "ledger-app[bot]";
  public static final String REPOSITORY = "acme/widgets";

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String API = "/api/v3";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final GitBackend git;
  private final List<Planned> planned = new CopyOnWriteArrayList<>();
  private final List<Hold> holds = new CopyOnWriteArrayList<>();
  private final List<Route> routes = new ArrayList<>();
  private int lastId = 100;

  /** Requests to the API, such as {@code GET /user}. */
  public final ConcurrentLinkedQueue<String> requests = new ConcurrentLinkedQueue<>();

  /** Bodies of requests for installation tokens. */
  public final ConcurrentLinkedQueue<String> tokenRequests = new ConcurrentLinkedQueue<>();

  public final List<Map<String, Object>> comments = new CopyOnWriteArrayList<>();
  public final List<Map<String, Object>> pulls = new CopyOnWriteArrayList<>();
  public final List<Map<String, Object>> reviews = new CopyOnWriteArrayList<>();

  /**
   * A response.
   *
   * @param executes whether the request has its effect
   * @param status 0: the connection is closed without a response
   */
  private record Planned(
      Pattern request, boolean executes, int status, Map<String, String> headers, String body) {}

  /** A request whose response is withheld until {@link #release}, or the end of the server. */
  public record Hold(Pattern request, CountDownLatch reached, CountDownLatch released) {
    /** Waits until the request has had its effect. */
    public void await(Duration timeout) throws InterruptedException {
      if (!reached.await(timeout.toMillis(), TimeUnit.MILLISECONDS))
        throw new IllegalStateException("no request " + request);
    }

    public void release() {
      released.countDown();
    }
  }

  private record Route(Pattern request, Handler handler) {}

  private record Reply(int status, @Nullable Object body) {}

  private interface Handler {
    Reply handle(Matcher path, JsonNode body, Call call) throws IOException;
  }

  private record Call(String account, Map<String, String> query) {}

  /**
   * Starts the server.
   *
   * @param repositories empty directory, in which the repository is created bare with one commit
   */
  public GitHubStandIn(Path repositories) throws IOException {
    git = new GitBackend(repositories);
    createRepository(repositories);
    addRoutes();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::respond);
    server.setExecutor(threads);
    server.start();
  }

  private static void createRepository(Path repositories) throws IOException {
    var bare = Files.createDirectories(repositories.resolve(REPOSITORY + ".git"));
    var work = Files.createDirectory(repositories.resolve("first"));
    GitBackend.run(work, "git", "init", "-q", "-b", "main");
    Files.writeString(work.resolve("read.me"), "first\n");
    GitBackend.run(work, "git", "add", "-A");
    GitBackend.run(work, "git", "commit", "-q", "-m", "first");
    GitBackend.run(bare, "git", "init", "-q", "--bare", "-b", "main");
    GitBackend.run(bare, "git", "config", "http.receivepack", "true");
    GitBackend.run(work, "git", "push", "-q", bare.toString(), "main");
  }

  public int port() {
    return server.getAddress().getPort();
  }

  /** Returns the server's address, for which a secret is stored. */
  public String url() {
    return "http://127.0.0.1:" + port();
  }

  public String apiUrl() {
    return url() + API;
  }

  public String repositoryUrl() {
    return url() + "/" + REPOSITORY + ".git";
  }

  /** Plans one response, without an effect, to a request that matches. */
  public void respondNext(String request, int status, Map<String, String> headers, String body) {
    planned.add(new Planned(Pattern.compile(request), false, status, headers, body));
  }

  /** Plans that the response to a request that matches is lost after its effect. */
  public void loseNextResponse(String request) {
    planned.add(new Planned(Pattern.compile(request), true, 0, Map.of(), ""));
  }

  /** Withholds the response to the next request that matches, after its effect. */
  public Hold holdNext(String request) {
    var hold = new Hold(Pattern.compile(request), new CountDownLatch(1), new CountDownLatch(1));
    holds.add(hold);
    return hold;
  }

  private void awaitRelease(String request) {
    for (var hold : holds)
      if (hold.request().matcher(request).matches() && holds.remove(hold)) {
        hold.reached().countDown();
        try {
          hold.released().await();
        } catch (InterruptedException closed) {
          Thread.currentThread().interrupt();
        }
        return;
      }
  }

  /** Adds a comment of somebody. */
  public void addComment(int issue, String account, String body) {
    comments.add(comment(issue, account, body));
  }

  private Map<String, Object> comment(int issue, String account, String body) {
    var comment = new LinkedHashMap<String, Object>();
    comment.put("id", ++lastId);
    comment.put("issue", issue);
    comment.put("body", body);
    comment.put("user", user(account));
    return comment;
  }

  private static Map<String, Object> user(String login) {
    return Map.of("login", login, "id", 1, "type", login.endsWith("[bot]") ? "Bot" : "User");
  }

  private void route(String request, Handler handler) {
    routes.add(new Route(Pattern.compile(request), handler));
  }

  private void addRoutes() {
    var repository = "/repos/" + REPOSITORY;
    route("GET /user", (path, body, call) -> new Reply(200, user(call.account())));
    route("GET /users/([^/]+)", (matched, body, call) -> new Reply(200, user(matched.group(1))));
    route("GET /app", (path, body, call) -> new Reply(200, Map.of("id", 7, "slug", "ledger-app")));
    route(
        "GET " + repository + "/installation",
        (path, body, call) -> new Reply(200, Map.of("id", 8)));
    route(
        "POST /app/installations/8/access_tokens",
        (path, body, call) -> {
          tokenRequests.add(body.toString());
          var expiry = Instant.now().plusSeconds(3600).toString().replaceFirst("\\.\\d+", "");
          return new Reply(201, Map.of("token", APP_TOKEN, "expires_at", expiry));
        });
    route(
        "GET " + repository,
        (path, body, call) -> {
          var name = REPOSITORY.split("/");
          return new Reply(
              200,
              Map.of("id", 1, "name", name[1], "full_name", REPOSITORY, "owner", user(name[0])));
        });
    addIssueRoutes(repository + "/issues");
    addPullRequestRoutes(repository + "/pulls");
  }

  private void addIssueRoutes(String issues) {
    route(
        "GET " + issues + "/(\\d)",
        (path, body, call) ->
            new Reply(200, Map.of("number", Integer.valueOf(path.group(1)), "title", "An issue")));
    route(
        "GET " + issues + "/(\\d+)/comments",
        (path, body, call) -> new Reply(200, of(comments, Integer.parseInt(path.group(1)))));
    route(
        "POST " + issues + "/(\\d+)/comments",
        (path, body, call) -> {
          var text = body.path("body").asString();
          if (text.length() > 65_536) return new Reply(422, Map.of("message", "body is too long"));
          var comment = comment(Integer.parseInt(path.group(1)), call.account(), text);
          comments.add(comment);
          return new Reply(201, comment);
        });
    route(
        "PATCH " + issues + "/comments/(\\d+)",
        (path, body, call) -> {
          for (var comment : comments)
            if (comment.get("id").equals(Integer.valueOf(path.group(1)))) {
              if (!comment.get("user").equals(user(call.account())))
                return new Reply(403, Map.of("message", "Forbidden"));
              comment.put("body", body.path("body").asString());
              return new Reply(200, comment);
            }
          return new Reply(404, Map.of("message", "Not Found"));
        });
  }

  private static List<Map<String, Object>> of(List<Map<String, Object>> all, int issue) {
    return all.stream().filter(item -> item.get("issue").equals(issue)).toList();
  }

  private void addPullRequestRoutes(String path) {
    route(
        "GET " + path,
        (matched, body, call) ->
            new Reply(
                200,
                pulls.stream()
                    .filter(
                        pull ->
                            pull.get("label").equals(call.query().get("head"))
                                && ("all".equals(call.query().get("state"))
                                    || pull.get("state").equals(call.query().get("state"))))
                    .toList()));
    route("POST " + path, (matched, body, call) -> openPull(body, call));
    route(
        "GET " + path + "/(\\d+)",
        (matched, body, call) ->
            pulls.stream()
                .filter(pull -> pull.get("number").toString().equals(matched.group(1)))
                .findFirst()
                .map(pull -> new Reply(200, pull))
                .orElse(new Reply(404, Map.of("message", "Not Found"))));
    route(
        "GET " + path + "/(\\d+)/reviews",
        (matched, body, call) -> new Reply(200, of(reviews, Integer.parseInt(matched.group(1)))));
    route(
        "POST " + path + "/(\\d+)/reviews",
        (matched, body, call) -> {
          var review =
              comment(
                  Integer.parseInt(matched.group(1)), call.account(), body.path("body").asString());
          review.put("event", body.path("event").asString());
          reviews.add(review);
          return new Reply(200, review);
        });
  }

  private Reply openPull(JsonNode body, Call call) {
    var label = REPOSITORY.split("/")[0] + ":" + body.path("head").asString();
    boolean exists =
        pulls.stream()
            .anyMatch(pull -> pull.get("label").equals(label) && pull.get("state").equals("open"));
    if (exists) return new Reply(422, Map.of("message", "Validation Failed"));
    var pull = new LinkedHashMap<String, Object>();
    pull.put("id", ++lastId);
    pull.put("number", 10 + pulls.size());
    pull.put("state", "open");
    pull.put("title", body.path("title").asString());
    pull.put("body", body.path("body").asString());
    pull.put("user", user(call.account()));
    pull.put("label", label);
    pull.put("head", Map.of("ref", body.path("head").asString(), "label", label));
    pull.put("base", Map.of("ref", body.path("base").asString()));
    pull.put("html_url", url() + "/" + REPOSITORY + "/pull/" + pull.get("number"));
    pulls.add(pull);
    return new Reply(201, pull);
  }

  private void respond(HttpExchange exchange) throws IOException {
    try (exchange) {
      var path = exchange.getRequestURI().getPath();
      if (path.startsWith(API)) respondApi(exchange, path.substring(API.length()));
      else if (isGitAuthorized(exchange))
        git.respond(exchange, path, () -> awaitRelease(exchange.getRequestMethod() + " " + path));
      else {
        exchange.getResponseHeaders().set("WWW-Authenticate", "Basic realm=\"GitHub\"");
        exchange.sendResponseHeaders(401, -1);
      }
    }
  }

  private static boolean isGitAuthorized(HttpExchange exchange) {
    var shown = exchange.getRequestHeaders().getFirst("Authorization");
    for (var token : List.of(TOKEN, APP_TOKEN)) {
      var login = ("x-access-token:" + token).getBytes(StandardCharsets.UTF_8);
      if (("Basic " + Base64.getEncoder().encodeToString(login)).equals(shown)) return true;
    }
    return false;
  }

  private void respondApi(HttpExchange exchange, String path) throws IOException {
    var request = exchange.getRequestMethod() + " " + path;
    requests.add(request);
    var content = exchange.getRequestBody().readAllBytes();
    var plan = takePlanned(request);
    if (plan != null && !plan.executes()) {
      if (plan.status() == 0) return;
      plan.headers().forEach(exchange.getResponseHeaders()::set);
      send(exchange, plan.status(), plan.body());
      return;
    }
    var reply = execute(request, content, exchange);
    if (plan != null) return; // The response is lost.
    awaitRelease(request);
    exchange.getResponseHeaders().set("X-RateLimit-Limit", "5000");
    exchange.getResponseHeaders().set("X-RateLimit-Remaining", "4999");
    var body = reply.body() instanceof List<?> list ? page(exchange, list) : reply.body();
    send(exchange, reply.status(), JSON.writeValueAsString(body));
  }

  private synchronized @Nullable Planned takePlanned(String request) {
    for (var plan : planned)
      if (plan.request().matcher(request).matches()) {
        planned.remove(plan);
        return plan;
      }
    return null;
  }

  private synchronized Reply execute(String request, byte[] content, HttpExchange exchange)
      throws IOException {
    var account = account(exchange, request);
    if (account == null) return new Reply(401, Map.of("message", "Bad credentials"));
    for (var route : routes) {
      var matcher = route.request().matcher(request);
      if (!matcher.matches()) continue;
      var body = content.length == 0 ? JSON.createObjectNode() : JSON.readTree(content);
      return route.handler().handle(matcher, body, new Call(account, query(exchange)));
    }
    return new Reply(404, Map.of("message", "Not Found"));
  }

  /** Returns the account; a token that an app signed is checked by its form only. */
  private static @Nullable String account(HttpExchange exchange, String request) {
    var shown = exchange.getRequestHeaders().getFirst("Authorization");
    boolean isForApps = request.matches("\\w+ (/app.*|/repos/.*/installation)");
    if (isForApps)
      return shown != null && shown.matches("Bearer [\\w-]+\\.[\\w-]+\\.[\\w-]+") ? "app" : null;
    if (("Bearer " + TOKEN).equals(shown)) return USER;
    return ("Bearer " + APP_TOKEN).equals(shown) ? BOT : null;
  }

  private static Map<String, String> query(HttpExchange exchange) {
    var query = new LinkedHashMap<String, String>();
    var written = exchange.getRequestURI().getRawQuery();
    if (written != null)
      for (var parameter : written.split("&")) {
        var parts = parameter.split("=", 2);
        query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
      }
    return query;
  }

  /** Returns a page of the list, with the link to the next one. */
  private List<?> page(HttpExchange exchange, List<?> all) {
    var query = query(exchange);
    int size = Integer.parseInt(query.getOrDefault("per_page", "30"));
    int page = Integer.parseInt(query.getOrDefault("page", "1"));
    int end = Math.min(all.size(), page * size);
    if (end < all.size()) {
      query.put("page", String.valueOf(page + 1));
      var parameters = new ArrayList<String>();
      query.forEach((name, value) -> parameters.add(name + "=" + value));
      var next = url() + exchange.getRequestURI().getPath() + "?" + String.join("&", parameters);
      exchange.getResponseHeaders().set("Link", "<" + next + ">; rel=\"next\"");
    }
    return all.subList(Math.min(end, (page - 1) * size), end);
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
