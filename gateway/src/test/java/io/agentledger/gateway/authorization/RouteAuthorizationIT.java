package io.agentledger.gateway.authorization;

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
 * Calls every route of the running service: its owner is admitted, and seven unauthorized callers
 * are not, without learning whether the resource exists. The table of responses is written to
 * {@code target/route-authorization.md}. Routes are read from the service: a new one is called, or
 * fails the test.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RouteAuthorizationIT {
  /** Public routes; each has a test of its own. */
  private static final Set<String> OPEN =
      Set.of(
          "GET /v3/api-docs",
          "GET /v3/api-docs.yaml",
          "GET /v3/asyncapi",
          "GET /",
          "GET /docs",
          "GET /.well-known/jwks.json",
          "POST /api/v1/auth/register",
          "POST /webhooks/{provider}",
          "POST /webhooks/{provider}/{trigger}",
          "GET /webhooks/{provider}/{trigger}",
          "GET /widget.js",
          "POST /widget/{channel}/visits",
          "GET /widget/{channel}/messages",
          "POST /widget/{channel}/messages",
          "GET /widget/{channel}/events",
          "POST /api/v1/auth/login",
          "POST /api/v1/auth/refresh",
          "POST /api/v1/auth/logout",
          "POST /api/v1/invitations/accept",
          "GET /actuator/health",
          "GET /actuator/health/{*path}",
          "GET /actuator/health/liveness",
          "GET /actuator/health/readiness",
          "GET /api/v1/health",
          "GET /api/health");

  /** Routes that every user of a tenant may call, for their own resources only. */
  private static final Set<String> OWN_RESOURCES =
      Set.of(
          "POST /api/v1/auth/tickets",
          "POST /api/v1/auth/logout-all",
          "POST /api/v1/auth/password",
          "POST /api/v1/keys",
          "POST /api/v1/agents/{agent_id}/tokens",
          "POST /api/v1/report-schedules",
          "POST /mcp"); // A message; PlatformMcpIT checks what tools do for whom.

  /** Routes with a body that change nothing but what is the caller's own. */
  private static final Set<String> READS =
      Set.of(
          "POST /api/v1/policies/dry-run",
          "POST /api/v1/report-templates/preview",
          "POST /api/v1/reports",
          "POST /api/v1/chats/{id}/read",
          "POST /api/v1/chats/{id}/unread",
          "POST /api/v1/triggers/{id}/test");

  /** Routes that show what every user of the tenant may use. */
  private static final Set<String> TENANT_RESOURCES =
      Set.of("GET /api/v1/report-templates/{id}", "GET /api/v1/report-templates/{id}/versions");

  private static final Set<String> TENANT_RSOCKET =
      Set.of("report-templates.{id}.get", "report-templates.{id}.versions");

  /** Answers to callers who are permitted: the resource is not in the state for the request. */
  private static final Set<String> ADMITTED =
      Set.of(
          "404 rebuild_not_found",
          "409 chat_agent_not_active",
          "409 rebuild_not_running",
          "409 rebuild_underway",
          "409 flow_not_awaiting_approval",
          "409 flow_without_plan",
          "409 message_being_sent",
          "409 message_not_pending",
          "409 message_not_unsent",
          "412 version_conflict");

  private static final Set<String> ADMITTED_BY_RSOCKET =
      Set.of(
          "no chat_agent_not_active",
          "no flow_not_awaiting_approval",
          "no flow_without_plan",
          "no message_being_sent",
          "no message_not_pending",
          "no message_not_unsent");

  private static final Set<String> READ_BY_RSOCKET =
      Set.of(
          "sessions.{id}.get",
          "search",
          "sessions.list",
          "sessions.{id}.events",
          "sessions.{id}.playback",
          "sessions.{id}.converse",
          "sessions.{id}.capabilities",
          "sessions.{id}.context",
          "sessions.{id}.inherited-messages",
          "sessions.{id}.directories",
          "sessions.{id}.comparison",
          "sessions.{id}.files.archive",
          "sessions.{id}.files.list",
          "sessions.{id}.files.read",
          "chat.get",
          "agents.list",
          "agents.{id}.get",
          "agents.{id}.versions",
          "reports.create",
          "reports.list",
          "report-schedules.create",
          "report-settings.get",
          "report-schedules.list",
          "report-templates.list",
          "report-templates.{id}.get",
          "report-templates.{id}.versions",
          "subscriptions.list",
          "subscriptions.{id}.get",
          "subscriptions.{id}.deliveries",
          "subscriptions.{id}.delivery",
          "tasks.list",
          "tasks.{id}.get",
          "tasks.{id}.executions",
          "tasks.{id}.statistics",
          "tasks.{id}.versions",
          "executions.list",
          "executions.{id}.get",
          "flows.list",
          "flows.{id}.get",
          "flows.{id}.plan",
          "source-identities.list",
          "source-identities.{id}.get",
          "platforms.list",
          "channels.list",
          "channels.{id}.get",
          "channels.{id}.versions",
          "chats.list",
          "chats.events",
          "chats.{id}.get",
          "chats.{id}.messages.list",
          "chats.{id}.messages.{message}.get",
          "chats.{id}.messages.{message}.media.{index}",
          "chats.{id}.notes.list",
          "chats.{id}.read",
          "chats.{id}.unread",
          "triggers.list",
          "triggers.{id}.get",
          "triggers.{id}.test",
          "triggers.{id}.versions",
          "triggers.{id}.deliveries",
          "triggers.{id}.deliveries.{delivery}.get",
          "templates.list",
          "templates.{id}.get",
          "templates.{id}.statistics",
          "templates.{id}.versions",
          "sessions.{id}.messages",
          "sessions.{id}.tool-calls",
          "environments.list",
          "environments.{id}.get",
          "environments.{id}.versions");

  private static ApiTestServer server;
  private static AuthorizationFixture fixture;
  private static OwnedResources resources;
  private static HttpAttempt http;

  private final Map<Route, Map<UnauthorizedCaller, String>> table = new TreeMap<>();

  @BeforeAll
  static void open(@TempDir Path home) throws IOException {
    server =
        ApiTestServer.openService(
            home,
            // The test sends many requests in a short time.
            "--agentledger.quota.user.calls-per-minute=1000000",
            "--agentledger.quota.user.calls-per-hour=10000000",
            "--agentledger.quota.user.sessions=100",
            "--agentledger.quota.anonymous-requests-per-minute=1000000");
    fixture = new AuthorizationFixture(server);
    resources = new OwnedResources(fixture);
    http = new HttpAttempt(server);
  }

  @AfterAll
  static void close() {
    server.close();
  }

  private static Set<Route> routes() {
    var routes = new TreeSet<Route>();
    for (var mapping : server.beansOf(RequestMappingInfoHandlerMapping.class))
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
  @Order(2) // The owner shares a session with the whole tenant.
  void everyRouteAdmitsItsOwnerAndNoUnauthorizedCaller() throws IOException {
    var found = routes();
    assertThat(found).hasSizeGreaterThan(30);
    var wrong = new SoftAssertions();
    for (var route : found) checkRoute(route, wrong);
    report();
    wrong.assertAll();
  }

  private void checkRoute(Route route, SoftAssertions wrong) {
    var row = new EnumMap<UnauthorizedCaller, String>(UnauthorizedCaller.class);
    table.put(route, row);
    // One attempt for all callers without permission.
    var resourceRequest = resources.requestFor(route);
    for (var caller : UnauthorizedCaller.values()) {
      var answer = http.send(route, resourceRequest, resources.bearer(route, caller));
      row.put(caller, answer.text());
      if (caller.isUnknown())
        wrong.assertThat(answer.status()).as("%s as %s", route, caller).isEqualTo(401);
      else assertRejected(new Attempt(route, caller, resourceRequest, answer), wrong);
    }
    var answer = http.send(route, resources.requestFor(route), resources.bearer(route));
    wrong
        .assertThat(answer.isGood() || ADMITTED.contains(answer.text()))
        .as("%s as its owner: %s %s", route, answer.text(), answer.body())
        .isTrue();
  }

  /** A request of an authenticated caller to a resource of the owner. */
  private record Attempt(
      Route route,
      UnauthorizedCaller caller,
      OwnedResources.ResourceRequest use,
      HttpAttempt.Answer answer) {}

  private void assertRejected(Attempt attempt, SoftAssertions wrong) {
    var route = attempt.route();
    var caller = attempt.caller();
    var answer = attempt.answer();
    if (answer.isGood() || ADMITTED.contains(answer.text())) {
      wrong
          .assertThat(isExpected(route, caller))
          .as("%s admits %s: %s", route, caller, answer.text())
          .isTrue();
      if (caller != UnauthorizedCaller.AUDITOR && !TENANT_RESOURCES.contains(route.toString()))
        for (var id : resources.created)
          wrong
              .assertThat(answer.body())
              .as("%s discloses to %s", route, caller)
              .doesNotContain(id);
      return;
    }
    wrong
        .assertThat(answer.status())
        .as("%s as %s: %s", route, caller, answer.text())
        .isIn(403, 404);
    if (route.variables().isEmpty()
        || caller == UnauthorizedCaller.AUDITOR && isReadByAuditors(route)) return;
    var nowhere = resources.requestToMissing(route, attempt.use());
    wrong
        .assertThat(http.send(route, nowhere, fixture.secretOf(caller)).text())
        .as("%s discloses to %s whether the resource exists", route, caller)
        .isEqualTo(answer.text());
  }

  @Test
  @Order(1)
  void everyRSocketRouteAdmitsItsOwnerAndNoUnauthorizedCaller() {
    var routes = RSocketAttempt.routes(server);
    assertThat(routes).hasSizeGreaterThan(6);
    routes.forEach(RouteAuthorizationIT::checkRSocketRoute);
  }

  private static void checkRSocketRoute(String pattern, Method handler) {
    var data = resources.rsocketData(pattern);
    var route =
        pattern
            .replace("{id}", resources.rsocketResource(pattern))
            .replace("{delivery}", resources.lastInboundDelivery())
            .replace("{message}", resources.lastChatMessage())
            .replace("{index}", "0");
    var forgotten = RSocketAttempt.isFireAndForget(handler);
    for (var caller : UnauthorizedCaller.values())
      try (var socket = new RSocketAttempt(server, fixture.secretOf(caller))) {
        long before = countEvents();
        var text = socket.send(route, handler, data, OwnedResources.rsocketBytes(pattern));
        if (forgotten) assertThat(countEvents()).as("%s as %s", pattern, caller).isEqualTo(before);
        else if (caller.isUnknown())
          assertThat(text).as("%s as %s", pattern, caller).isEqualTo("no unauthorized");
        else if (text.startsWith("no "))
          assertThat(text)
              .as("%s as %s", pattern, caller)
              .isIn(
                  "no session_not_found",
                  "no template_not_found",
                  "no agent_not_found",
                  "no task_not_found",
                  "no execution_not_found",
                  "no report_not_found",
                  "no report_schedule_not_found",
                  "no report_template_not_found",
                  "no subscription_not_found",
                  "no flow_not_found",
                  "no flow_without_plan",
                  "no source_identity_not_found",
                  "no user_not_found",
                  "no vault_not_found",
                  "no channel_not_found",
                  "no chat_not_found",
                  "no chat_message_not_found",
                  "no trigger_not_found",
                  "no inbound_delivery_not_found",
                  "no environment_not_found",
                  "no forbidden");
        else
          assertThat(isExpected(pattern, caller, text))
              .as("%s as %s: %s", pattern, caller, text)
              .isTrue();
      }
    try (var socket = new RSocketAttempt(server, fixture.owner.bearer())) {
      assertThat(socket.send(route, handler, data, OwnedResources.rsocketBytes(pattern)))
          .as("%s as its owner", pattern)
          .matches(text -> !text.startsWith("no ") || ADMITTED_BY_RSOCKET.contains(text));
    }
  }

  /**
   * Returns whether the response is permitted: auditors may read; others may read and create their
   * own resources, and none of the owner's.
   */
  private static boolean isExpected(String pattern, UnauthorizedCaller caller, String text) {
    if (caller == UnauthorizedCaller.AUDITOR) return READ_BY_RSOCKET.contains(pattern);
    if (TENANT_RSOCKET.contains(pattern)) return caller == UnauthorizedCaller.VIEWER;
    return !pattern.contains("{") && resources.created.stream().noneMatch(text::contains);
  }

  private static long countEvents() {
    var response =
        server.send(
            server
                .requestAs(
                    fixture.owner.bearer(), "/api/v1/sessions/" + resources.answeredSession())
                .GET());
    return ApiTestServer.json(response).path("sequence").asLong();
  }

  /** Internal messages cannot be sent by a caller; others need the scope that they declare. */
  @Test
  void everyMessageIsAuthorizedByItsSender() {
    var callerWithoutScopes =
        new Caller(
            fixture.owner.tenant(),
            fixture.owner.user(),
            Actor.ofUser(fixture.owner.user()),
            fixture.owner.tokens().loginId(),
            Role.VIEWER,
            Set.of(),
            false,
            false);
    var seen = new TreeSet<String>();
    for (var message : MessageSender.all()) {
      var requiresScope = message.getAnnotation(RequiresScope.class);
      if (message.isAnnotationPresent(PermitAll.class)
          || requiresScope != null && requiresScope.value().length == 0) continue;
      assertThat(MessageSender.refusalOf(server, message, callerWithoutScopes))
          .as(message.getSimpleName())
          .isEqualTo(
              requiresScope == null
                  ? new Rejection.Forbidden()
                  : Rejection.InsufficientScope.anyOf(requiresScope.value()));
      seen.add(message.getSimpleName());
    }
    assertThat(seen).contains("StartRun", "OpenSession", "ListSessions", "FollowSession");
  }

  /**
   * Returns whether auditors may read the route's resource: they may read every session and user.
   */
  private static boolean isReadByAuditors(Route route) {
    return route.pattern().startsWith("/api/v1/sessions/")
        || route.pattern().startsWith("/api/v1/admin/projections/")
        || route.pattern().startsWith("/api/v1/users/");
  }

  /**
   * Returns whether the caller may be admitted: to their own resources, and auditors to those that
   * they read.
   */
  private static boolean isExpected(Route route, UnauthorizedCaller caller) {
    if (OWN_RESOURCES.contains(route.toString())) return true;
    if (TENANT_RESOURCES.contains(route.toString()) && caller == UnauthorizedCaller.VIEWER)
      return true;
    if (caller == UnauthorizedCaller.AUDITOR
        && (route.isSafe() || READS.contains(route.toString()))) return true;
    if (caller == UnauthorizedCaller.OTHER_TENANT) return route.variables().isEmpty();
    return route.isSafe() && route.variables().isEmpty();
  }

  private void report() throws IOException {
    var lines = new ArrayList<String>();
    lines.add("# Responses by route and caller");
    lines.add("");
    lines.add("The owner of the resource is admitted at each route.");
    lines.add("");
    var heads = new ArrayList<>(List.of("route"));
    for (var caller : UnauthorizedCaller.values())
      heads.add(caller.name().toLowerCase(java.util.Locale.ROOT).replace('_', ' '));
    lines.add("| " + String.join(" | ", heads) + " |");
    lines.add("| --- ".repeat(heads.size()) + "|");
    table.forEach(
        (route, row) ->
            lines.add("| `" + route + "` | " + String.join(" | ", row.values()) + " |"));
    Files.write(Path.of("target", "route-authorization.md"), lines);
  }
}
