package io.agentledger.gateway.walk;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.Actor;
import io.agentledger.api.identity.Caller;
import io.agentledger.api.identity.Role;
import io.agentledger.api.identity.security.PermitAll;
import io.agentledger.api.identity.security.RequiresScope;
import io.agentledger.api.shared.Rejection;
import io.agentledger.gateway.ApiTestServer;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.reactive.result.method.RequestMappingInfoHandlerMapping;

/**
 * Every route of the running house: its owner gets in, and seven strangers do not, without learning
 * whether there is something behind it. The table of what each was answered is written to {@code
 * target/access-walk.md}. Routes are the service's own: a new one is walked, or fails the walk.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AccessWalkIT {
  /** What answers to everybody; each is looked at by a test of its own. */
  private static final Set<String> OPEN =
      Set.of(
          "GET /v3/api-docs",
          "GET /v3/api-docs.yaml",
          "GET /v3/api-docs/swagger-config",
          "GET /docs",
          "GET /.well-known/jwks.json",
          "POST /api/v1/auth/register",
          "POST /api/v1/auth/login",
          "POST /api/v1/auth/refresh",
          "POST /api/v1/auth/logout",
          "POST /api/v1/invitations/accept",
          "GET /actuator/health",
          "GET /actuator/health/{*path}",
          "GET /actuator/health/liveness",
          "GET /actuator/health/readiness");

  /** What somebody without rights may do in a tenant: only with what is their own. */
  private static final Set<String> ONES_OWN =
      Set.of(
          "POST /api/v1/auth/tickets",
          "POST /api/v1/auth/logout-all",
          "POST /api/v1/auth/password",
          "POST /api/v1/keys",
          "POST /api/v1/agents/{agent}/tokens");

  /** What is asked with a body, and changes nothing. */
  private static final Set<String> READS = Set.of("POST /api/v1/policies/dry-run");

  private static final Set<String> READ_BY_RSOCKET =
      Set.of(
          "sessions.get",
          "sessions.list",
          "sessions.{id}.events",
          "sessions.{id}.converse",
          "sessions.{id}.capabilities",
          "sessions.{id}.context",
          "sessions.{id}.history",
          "sessions.{id}.directories",
          "sessions.{id}.files.archive",
          "sessions.{id}.files.list",
          "sessions.{id}.files.read",
          "templates.list",
          "templates.get",
          "templates.history",
          "sessions.{id}.messages",
          "sessions.{id}.tool-calls",
          "environments.list",
          "environments.{id}.get",
          "environments.{id}.history");

  private static ApiTestServer doors;
  private static AccessFixture town;
  private static Things things;
  private static HttpAttempt knock;

  private final Map<Route, Map<UnauthorizedCaller, String>> table = new TreeMap<>();

  @BeforeAll
  static void open(@TempDir Path home) throws IOException {
    doors =
        ApiTestServer.house(
            home,
            "--agentledger.quota.user.calls-per-minute=1000000", // The walk is quick.
            "--agentledger.quota.user.calls-per-hour=10000000",
            "--agentledger.quota.user.sessions=100",
            "--agentledger.quota.stranger-calls-per-minute=1000000");
    town = new AccessFixture(doors);
    things = new Things(town);
    knock = new HttpAttempt(doors);
  }

  @AfterAll
  static void close() {
    doors.close();
  }

  private static Set<Route> routes() {
    var routes = new TreeSet<Route>();
    for (var mapping : doors.beansOf(RequestMappingInfoHandlerMapping.class))
      for (var info : ((RequestMappingInfoHandlerMapping) mapping).getHandlerMethods().keySet())
        for (var pattern : info.getPatternsCondition().getPatterns()) {
          var methods = info.getMethodsCondition().getMethods();
          for (var method : methods.isEmpty() ? Set.of(RequestMethod.GET) : methods)
            routes.add(new Route(method.name(), pattern.getPatternString()));
        }
    routes.removeIf(route -> OPEN.contains(route.toString()));
    return routes;
  }

  @Test
  @Order(2) // Its owner shares a session with everybody.
  void everyRouteLetsItsOwnerInAndNoStranger() throws IOException {
    var found = routes();
    assertThat(found).hasSizeGreaterThan(30);
    var wrong = new SoftAssertions();
    for (var route : found) walk(route, wrong);
    report();
    wrong.assertAll();
  }

  private void walk(Route route, SoftAssertions wrong) {
    var row = new EnumMap<UnauthorizedCaller, String>(UnauthorizedCaller.class);
    table.put(route, row);
    var use = things.use(route); // One for all who may do nothing with it.
    for (var stranger : UnauthorizedCaller.values()) {
      var answer = knock.at(route, use, things.bearer(route, stranger));
      row.put(stranger, answer.said());
      if (stranger.isUnknown())
        wrong.assertThat(answer.status()).as("%s as %s", route, stranger).isEqualTo(401);
      else judge(new Attempt(route, stranger, use, answer), wrong);
    }
    var answer = knock.at(route, things.use(route), things.bearer(route));
    wrong
        .assertThat(answer.isGood())
        .as("%s as its owner: %s %s", route, answer.said(), answer.body())
        .isTrue();
  }

  /** Somebody known, at something that is not theirs. */
  private record Attempt(
      Route route, UnauthorizedCaller stranger, Things.Use use, HttpAttempt.Answer answer) {}

  private void judge(Attempt attempt, SoftAssertions wrong) {
    var route = attempt.route();
    var stranger = attempt.stranger();
    var answer = attempt.answer();
    if (answer.isGood()) {
      wrong
          .assertThat(mayBe(route, stranger))
          .as("%s lets %s in: %s", route, stranger, answer.said())
          .isTrue();
      if (stranger != UnauthorizedCaller.AUDITOR)
        for (var id : things.made)
          wrong.assertThat(answer.body()).as("%s shows %s", route, stranger).doesNotContain(id);
      return;
    }
    wrong
        .assertThat(answer.status())
        .as("%s as %s: %s", route, stranger, answer.said())
        .isIn(403, 404);
    if (route.variables().isEmpty()
        || stranger == UnauthorizedCaller.AUDITOR && isReadByAuditors(route)) return;
    var nowhere = things.nowhere(route, attempt.use());
    wrong
        .assertThat(knock.at(route, nowhere, town.secretOf(stranger)).said())
        .as("%s tells %s whether there is something", route, stranger)
        .isEqualTo(answer.said());
  }

  @Test
  @Order(1)
  void everyRouteOfRSocketLetsItsOwnerInAndNoStranger() {
    var routes = RSocketAttempt.routes(doors);
    assertThat(routes).hasSizeGreaterThan(6);
    routes.forEach(AccessWalkIT::walkRSocket);
  }

  private static void walkRSocket(String pattern, Method handler) {
    var data = things.rsocketData(pattern);
    var route = pattern.replace("{id}", things.rsocketThing(pattern));
    var forgotten = RSocketAttempt.isForgotten(handler);
    for (var stranger : UnauthorizedCaller.values())
      try (var socket = new RSocketAttempt(doors, town.secretOf(stranger))) {
        long before = facts();
        var text = socket.at(route, handler, data, Things.rsocketBytes(pattern));
        if (forgotten) assertThat(facts()).as("%s as %s", pattern, stranger).isEqualTo(before);
        else if (stranger.isUnknown())
          assertThat(text).as("%s as %s", pattern, stranger).isEqualTo("no unauthorized");
        else if (text.startsWith("no "))
          assertThat(text)
              .as("%s as %s", pattern, stranger)
              .isIn(
                  "no session_not_found",
                  "no template_not_found",
                  "no environment_not_found",
                  "no forbidden");
        else
          assertThat(mayBe(pattern, stranger, text))
              .as("%s as %s: %s", pattern, stranger, text)
              .isTrue();
      }
    try (var socket = new RSocketAttempt(doors, town.owner.bearer())) {
      assertThat(socket.at(route, handler, data, Things.rsocketBytes(pattern)))
          .as("%s as its owner", pattern)
          .doesNotStartWith("no ");
    }
  }

  /** Auditors read; others see and open what is their own, and nothing of the owner's. */
  private static boolean mayBe(String pattern, UnauthorizedCaller stranger, String text) {
    if (stranger == UnauthorizedCaller.AUDITOR) return READ_BY_RSOCKET.contains(pattern);
    return !pattern.contains("{") && things.made.stream().noneMatch(text::contains);
  }

  private static long facts() {
    var response =
        doors.send(doors.requestAs(town.owner.bearer(), "/api/v1/sessions/" + things.told()).GET());
    return ApiTestServer.json(response).path("sequence").asLong();
  }

  /** Messages that no door sends cannot be sent through one; others need what they say. */
  @Test
  void everyMessageIsJudgedByWhoSentIt() {
    var nobodyInParticular =
        new Caller(
            town.owner.tenant(),
            town.owner.user(),
            Actor.ofUser(town.owner.user()),
            town.owner.tokens().loginId(),
            Role.VIEWER,
            Set.of(),
            false,
            false);
    var seen = new TreeSet<String>();
    for (var message : Messages.all()) {
      var requiresScope = message.getAnnotation(RequiresScope.class);
      if (message.isAnnotationPresent(PermitAll.class)
          || requiresScope != null && requiresScope.value().length == 0) continue;
      assertThat(Messages.refusalOf(doors, message, nobodyInParticular))
          .as(message.getSimpleName())
          .isEqualTo(new Rejection.Forbidden());
      seen.add(message.getSimpleName());
    }
    assertThat(seen).contains("StartRun", "OpenSession", "ListSessions", "FollowSession");
  }

  /** Auditors see every session and everybody: that they are there is no secret to them. */
  private static boolean isReadByAuditors(Route route) {
    return route.pattern().startsWith("/api/v1/sessions/")
        || route.pattern().startsWith("/api/v1/users/");
  }

  /** Where a stranger may be let in: to what is their own, and auditors to what they read. */
  private static boolean mayBe(Route route, UnauthorizedCaller stranger) {
    if (ONES_OWN.contains(route.toString())) return true;
    if (stranger == UnauthorizedCaller.AUDITOR
        && (route.isSafe() || READS.contains(route.toString()))) return true;
    if (stranger == UnauthorizedCaller.OTHER_TENANT) return route.variables().isEmpty();
    return route.isSafe() && route.variables().isEmpty();
  }

  private void report() throws IOException {
    var lines = new ArrayList<String>();
    lines.add("# Who was answered what");
    lines.add("");
    lines.add("The owner of what is behind a route gets in by each of them.");
    lines.add("");
    var heads = new ArrayList<>(List.of("route"));
    for (var stranger : UnauthorizedCaller.values())
      heads.add(stranger.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '));
    lines.add("| " + String.join(" | ", heads) + " |");
    lines.add("| --- ".repeat(heads.size()) + "|");
    table.forEach(
        (route, row) ->
            lines.add("| `" + route + "` | " + String.join(" | ", row.values()) + " |"));
    Files.write(Path.of("target", "access-walk.md"), lines);
  }
}
