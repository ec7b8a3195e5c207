package io.agentledger.gateway.walk;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.identity.Role;
import io.agentledger.api.shared.Ids;
import io.agentledger.gateway.Doors;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What belongs to the owner, and how the owner uses each way to it. A route with a thing or a body
 * that is not known here fails the walk: whoever adds one says here what its owner does with it.
 */
final class Things {
  private static final String SESSION = "/api/v1/sessions/{id}";

  private final Town town;
  private final Map<String, Supplier<String>> makers = new HashMap<>();
  private final Map<String, Supplier<String>> bodies = new TreeMap<>();

  /** Every id of the owner's that was made: none of them may be seen in a stranger's answer. */
  final Set<String> made = new LinkedHashSet<>();

  /** A session that has had a run, and that run. */
  private final String told;

  private final String run;

  Things(Town town) {
    this.town = town;
    var answer = post("/api/v1/query/single", "{\"prompt\": \"hello\"}", 200);
    told = Doors.json(answer).path("session_id").asString();
    run = Doors.json(answer).path("run_id").asString();
    made.add(told);
    made.add(run);
    makers.put("sessions", () -> told);
    makers.put("runs", () -> run);
    makers.put("shares", () -> town.join(town.owner.tenant(), Role.MEMBER).user().value());
    makers.put("users", () -> town.join(town.owner.tenant(), Role.MEMBER).user().value());
    makers.put("projections", () -> "session");
    bodies.put("POST /api/v1/sessions", () -> "{}");
    bodies.put("POST " + SESSION + "/inputs", () -> "{\"inputs\": [{\"type\": \"interrupt\"}]}");
    bodies.put("POST " + SESSION + "/interrupt", () -> "");
    bodies.put("POST " + SESSION + "/query", Things::hello);
    bodies.put("POST /api/v1/query", Things::hello);
    bodies.put("POST /api/v1/query/single", Things::hello);
    bodies.put("PUT " + SESSION + "/shares/everyone", () -> "{\"access\": \"read\"}");
    bodies.put("PUT " + SESSION + "/shares/{userId}", () -> "{\"access\": \"read\"}");
    bodies.put("PUT " + SESSION + "/owner", this::newOwner);
    bodies.put("POST /api/v1/ops/projections/{name}/replay", () -> "");
    bodies.put("POST /api/v1/ops/projections/{name}/dead-letters/retry", () -> "");
  }

  /** A session that has had a run. */
  String told() {
    return told;
  }

  /** What the owner sends by RSocket. */
  String rsocketData(String pattern) {
    return switch (pattern) {
      case "sessions.open", "sessions.list" -> "{}";
      case "sessions.get" -> "{\"id\": \"" + told + "\"}";
      case "query" -> hello();
      case "sessions.{id}.events", "sessions.{id}.converse" -> "{\"after\": 0}";
      case "sessions.{id}.interrupt" -> "";
      default -> throw new AssertionError(pattern + ": say in Things what its owner sends");
    };
  }

  private static String hello() {
    return "{\"prompt\": \"hello\"}";
  }

  private String newOwner() {
    return "{\"user\": \"" + town.join(town.owner.tenant(), Role.MEMBER).user() + "\"}";
  }

  /** A use of a route: where, and with what. */
  record Use(String path, String body) {}

  /** How the owner uses it, on something that is there. */
  Use use(Route route) {
    var path = route.pattern();
    for (var variable : route.variables()) {
      var thing = thing(route, variable);
      made.add(thing);
      path = path.replaceFirst("\\{" + variable.name() + "}", thing);
    }
    return new Use(path, body(route));
  }

  /** The same on something that is not. */
  Use nowhere(Route route, Use use) {
    var path = route.pattern();
    var real = use.path().split("/");
    var pattern = path.split("/");
    for (int i = 0; i < pattern.length; i++)
      if (pattern[i].startsWith("{")) real[i] = another(real[i]);
    return new Use(String.join("/", real), use.body());
  }

  private static String another(String thing) {
    int underscore = thing.indexOf('_');
    return underscore == 3 ? Ids.random(thing.substring(0, 3)) : "nothing-of-this-name";
  }

  private String thing(Route route, Route.Variable variable) {
    if (route.toString().equals("PUT " + SESSION + "/owner")) return session();
    var maker = makers.get(variable.before());
    assertThat(maker)
        .as("%s: say in Things what a thing of %s is", route, variable.before())
        .isNotNull();
    return maker.get();
  }

  private String session() {
    return Doors.json(post("/api/v1/sessions", "{}", 201)).path("id").asString();
  }

  private String body(Route route) {
    if (route.isSafe() || route.method().equals("DELETE")) return "";
    var body = bodies.get(route.toString());
    assertThat(body).as("%s: say in Things what its owner sends", route).isNotNull();
    return body.get();
  }

  private HttpResponse<String> post(String path, String body, int status) {
    var response =
        town.doors.send(
            town.doors
                .requestAs(town.owner.bearer(), path)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json")
                .POST(BodyPublishers.ofString(body)));
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    return response;
  }
}
