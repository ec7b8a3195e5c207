package io.agentledger.gateway.edge;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.gateway.ApiTestServer;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.json.JsonMapper;

/**
 * Sends generated requests to every route of the running service. New routes are included
 * automatically.
 */
public final class HostileRequestRunner {
  private static final JsonMapper JSON = new JsonMapper();
  private static final ParameterNameDiscoverer NAMES = new DefaultParameterNameDiscoverer();
  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int EQUAL_MAX = 2;

  private final ApiTestServer server;
  private final long seed;
  private final HostileInputGenerator hostile;
  private final Map<String, Map<Integer, Integer>> statuses = new TreeMap<>();

  HostileRequestRunner(ApiTestServer server, long seed) {
    this.server = server;
    this.seed = seed;
    this.hostile = new HostileInputGenerator(seed);
  }

  /** One route of the service. */
  public record Route(String method, String path, HandlerMethod handler) {
    @Override
    public String toString() {
      return method + " " + path;
    }

    /** Returns the path with valid ids of objects that do not exist. */
    public String filled() {
      var filled = path;
      for (var parameter : handler.getMethodParameters()) {
        parameter.initParameterNameDiscovery(NAMES);
        var variable = parameter.getParameterAnnotation(PathVariable.class);
        if (variable == null) continue;
        var name = variable.value().isEmpty() ? parameter.getParameterName() : variable.value();
        filled =
            filled.replace(
                "{" + name + "}",
                HostileInputGenerator.fitting(parameter.getParameterType()).replace("\"", ""));
      }
      return filled;
    }

    /** Returns the type of the body, or null. */
    public Type body() {
      for (var parameter : handler.getMethodParameters())
        if (parameter.hasParameterAnnotation(RequestBody.class))
          return parameter.getGenericParameterType();
      return null;
    }
  }

  /** Returns the routes in order of their methods and paths. */
  public static List<Route> routes(ApiTestServer server) {
    var routes = new ArrayList<Route>();
    for (var mapping : server.beansOf(RequestMappingHandlerMapping.class))
      ((RequestMappingHandlerMapping) mapping)
          .getHandlerMethods()
          .forEach(
              (info, handler) -> {
                if (!handler.getBeanType().getName().startsWith("io.agentledger.")) return;
                Set<RequestMethod> methods = info.getMethodsCondition().getMethods();
                for (var pattern : info.getPatternsCondition().getPatterns())
                  for (var method : methods.isEmpty() ? Set.of(RequestMethod.GET) : methods)
                    routes.add(new Route(method.name(), pattern.getPatternString(), handler));
              });
    routes.sort(java.util.Comparator.comparing(Route::toString));
    return routes;
  }

  /** Returns the number of responses for each status, by route. */
  Map<String, Map<Integer, Integer>> statuses() {
    return statuses;
  }

  /**
   * Generates that many requests, with existing ids for variables that {@code known} resolves, and
   * sends them. Of a route without a body most are equal: a third equal one is not sent.
   */
  void sendHostileRequests(Route route, int times, Function<String, String> known)
      throws Exception {
    var sent = new HashMap<HttpRequest, Integer>();
    for (int i = 0; i < times; i++) {
      var target = target(route, i % 4 == 0 ? name -> hostile.text() : known);
      var body = body(route, i % 5 == 1);
      var what = "seed " + seed + ", " + route + " as " + target + " with " + shown(body);
      var request = request(route, target, body);
      if (body.isEmpty() && sent.merge(request, 1, Integer::sum) > EQUAL_MAX) continue;
      check(server.client().send(request, BodyHandlers.ofInputStream()), route, what);
    }
  }

  private String body(Route route, boolean fits) {
    if (route.body() == null) return "";
    return fits ? HostileInputGenerator.fitting(route.body()) : hostile.body(route.body());
  }

  private static String shown(String body) {
    return body.length() <= 2_000 ? body : body.substring(0, 2_000) + "... " + body.length();
  }

  private String target(Route route, Function<String, String> known) {
    var path = new StringBuilder();
    for (var step : route.path().split("(?=/)"))
      path.append(
          step.startsWith("/{")
              ? "/" + encoded(known.apply(step.replaceAll("[/{}*]|:.*", "")))
              : step);
    var query = new StringBuilder();
    for (var parameter : route.handler().getMethodParameters())
      if (parameter.hasParameterAnnotation(RequestParam.class))
        query
            .append(query.isEmpty() ? '?' : '&')
            .append(wireName(parameter))
            .append('=')
            .append(encoded(hostile.text()));
    return path + query.toString();
  }

  private static String wireName(MethodParameter parameter) {
    parameter.initParameterNameDiscovery(NAMES);
    var named = parameter.getParameterAnnotation(RequestParam.class).value();
    return named.isEmpty() ? parameter.getParameterName() : named;
  }

  /** Encodes text; also bytes that are not UTF-8. */
  private static String encoded(String text) {
    var shorter = text.length() > 1_000 ? text.substring(0, 1_000) : text;
    return URLEncoder.encode(shorter, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("%3F", Character.isSurrogate(first(shorter)) ? "%ED%A0%80" : "%3F");
  }

  private static char first(String text) {
    return text.isEmpty() ? ' ' : text.charAt(0);
  }

  private HttpRequest request(Route route, String target, String body) {
    var request =
        HttpRequest.newBuilder(URI.create(server.uri("") + target))
            .timeout(TIMEOUT)
            .header("Authorization", "Bearer " + server.key())
            .header("Accept", "application/json, application/problem+json")
            .header("Content-Type", "application/json");
    for (var parameter : route.handler().getMethodParameters()) {
      var header = parameter.getParameterAnnotation(RequestHeader.class);
      if (header != null) header(request, header.name(), hostile.text());
    }
    request.method(
        route.method(),
        body.isEmpty() && route.body() == null
            ? BodyPublishers.noBody()
            : BodyPublishers.ofByteArray(body.getBytes(StandardCharsets.UTF_8)));
    return request.build();
  }

  /** Adds a header; headers that Java's client rejects are tested by MalformedRequestTest. */
  private static void header(HttpRequest.Builder request, String name, String value) {
    if (value.length() > 2_000 || !value.chars().allMatch(letter -> letter >= ' ' && letter <= '~'))
      return;
    request.setHeader(name, value);
  }

  private void check(HttpResponse<InputStream> response, Route route, String what)
      throws IOException {
    int status = response.statusCode();
    statuses.computeIfAbsent(route.toString(), r -> new TreeMap<>()).merge(status, 1, Integer::sum);
    try (var content = response.body()) {
      if (status < 400) return; // A stream may be endless.
      var body = new String(content.readNBytes(1_000_000), StandardCharsets.UTF_8);
      assertThat(status).as(what + " -> " + body).isBetween(400, 499);
      assertThat(response.headers().firstValue("Content-Type"))
          .as(what + " -> " + status + body)
          .hasValue("application/problem+json");
      assertThat(response.headers().map()).as(what).doesNotContainKey("X-Evil");
      var problem = JSON.readTree(body);
      assertThat(problem.path("status").asInt()).as(what).isEqualTo(status);
      assertThat(problem.path("code").asString()).as(what).matches("[a-z_]+");
      if (problem.path("code").asString().equals("invalid_request"))
        assertThat(problem.path("errors"))
            .as(what + " -> " + body)
            .isNotEmpty()
            .allSatisfy(
                error -> {
                  assertThat(error.path("detail").asString()).isNotBlank().hasSizeLessThan(2_000);
                  assertThat(error.has("pointer") || error.has("parameter") || error.has("header"))
                      .isTrue();
                });
    }
  }
}
