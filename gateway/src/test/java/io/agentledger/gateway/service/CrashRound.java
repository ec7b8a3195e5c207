package io.agentledger.gateway.service;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.awaitility.core.ConditionTimeoutException;
import tools.jackson.databind.JsonNode;

/**
 * One round: two queries, one whose calls are allowed by default and one whose calls a user allows;
 * a fault at a point of one of them, sometimes followed by a second one; stopped components are
 * restarted, and the {@linkplain CrashOracle oracle} checks the result when both queries have
 * ended. The seed determines all choices, but not the exact time of a signal.
 */
final class CrashRound {
  private static final Duration POINT_MAX = Duration.ofSeconds(40);
  private static final Duration END_MAX = Duration.ofSeconds(180);
  private static final Duration SETTLED_MAX = Duration.ofSeconds(20);
  private static final Set<String> HEALTHY = Set.of("database", "processors", "jobs");
  private static final int LARGE_PROMPT = 90_000;

  /** Progress of the query at the time of the fault. */
  enum Point {
    /** The request is in progress; the client repeats it with the same idempotency key. */
    SUBMITTING,
    /** Before the process is spawned. */
    ACCEPTED,
    /** After the process has started, before {@code RunStarted}. */
    SPAWNED,
    STARTED,
    /** A large prompt is being written to a running process: in the middle of a line. */
    WRITING,
    /** In the middle of the model's response. */
    ANSWERING,
    /** The call is recorded, and its command has not had an effect yet. */
    INTENT,
    /** A user is asked for a decision. */
    ASKED,
    DECIDED,
    /** The command has had its effect and has not returned. */
    ACTING,
    RETURNED,
    /** After the append of the run's end, before its projection. */
    ENDED,
    RANDOM
  }

  /** Processes to kill. */
  enum Victim {
    SERVICE,
    CLI,
    KEEPER,
    SANDBOX,
    POSTGRES,
    /** All of them, as by a power failure; the page cache survives. */
    MACHINE,
    /** None; the clock is changed. */
    CLOCK
  }

  private final CrashMatrix matrix;
  private final Random random;
  private final Victim victim;
  private final Point point;
  private final boolean faultOfAsked;
  private final Optional<Victim> secondVictim;
  private final List<Long> faults = new ArrayList<>();
  private volatile boolean fired;
  private volatile boolean over;
  private boolean reached = true;

  CrashRound(CrashMatrix matrix, long seed) {
    this.matrix = matrix;
    this.random = new Random(seed);
    var victims = new ArrayList<>(List.of(Victim.values()));
    if (matrix.clock().isEmpty()) victims.remove(Victim.CLOCK);
    this.victim = victims.get(random.nextInt(victims.size()));
    this.point = choosePoint();
    this.faultOfAsked = point == Point.ASKED || point == Point.DECIDED || random.nextInt(3) == 0;
    this.secondVictim =
        random.nextInt(4) > 0
            ? Optional.empty()
            : Optional.of(victims.get(random.nextInt(victims.size())));
  }

  /** The session has no process before it is spawned. */
  private Point choosePoint() {
    boolean needsProcess =
        victim == Victim.CLI || victim == Victim.KEEPER || victim == Victim.SANDBOX;
    var points = Point.values();
    int first = needsProcess ? Point.SPAWNED.ordinal() : 0;
    return points[first + random.nextInt(points.length - first)];
  }

  @Override
  public String toString() {
    return "victim=%s point=%s%s%s"
        .formatted(
            victim,
            point,
            secondVictim.map(second -> " then=" + second).orElse(""),
            reached ? "" : " (never reached)");
  }

  /** Executes the round and returns the violations. */
  List<String> play() throws Exception {
    var client = matrix.service().client();
    var sessions = List.of(client.open(Map.of()), client.open(Map.of()));
    var asker = Thread.ofVirtual().start(() -> allowWhatIsAsked(sessions.getLast()));
    try {
      return play(sessions);
    } finally {
      over = true;
      asker.join();
    }
  }

  private List<String> play(List<String> sessions) throws Exception {
    String target = faultOfAsked ? sessions.getLast() : sessions.getFirst();
    var queries = new ArrayList<CrashOracle.Accepted>();
    if (point == Point.WRITING) {
      var warm = submit(target, "w", target.equals(sessions.getLast()), 0);
      queries.add(warm);
      awaitEnd(warm);
    }
    var other = target.equals(sessions.getFirst()) ? sessions.getLast() : sessions.getFirst();
    queries.add(submit(other, "o", other.equals(sessions.getLast()), 0));
    Callable<CrashOracle.Accepted> targetQuery =
        () ->
            submit(
                target,
                "t",
                target.equals(sessions.getLast()),
                point == Point.WRITING ? LARGE_PROMPT : 0);
    if (point == Point.SUBMITTING) {
      var submitted = new FutureTask<>(targetQuery);
      Thread.ofVirtual().start(submitted);
      pause(random.nextInt(60));
      fireAll(target);
      recover(sessions);
      queries.add(submitted.get());
    } else {
      var query = targetQuery.call();
      queries.add(query);
      reached = awaitPoint(query);
      fireAll(target);
      recover(sessions);
    }
    for (var query : queries) awaitEnd(query);
    return judge(sessions, queries);
  }

  /** Sends the query until it is accepted, with one idempotency key. */
  private CrashOracle.Accepted submit(String session, String name, boolean asked, int padding)
      throws Exception {
    String plan = name + Long.toString(System.nanoTime(), 36);
    String prompt =
        "x".repeat(padding)
            + "\nplan %s %d%s"
                .formatted(plan, 2 + random.nextInt(2), asked ? " " + CrashMatrix.ASKED : "");
    String path = "/api/v1/sessions/" + session + "/query";
    long end = System.nanoTime() + END_MAX.toNanos();
    while (true) {
      try {
        var query = matrix.service().client().post(path, Map.of("prompt", prompt), plan);
        return new CrashOracle.Accepted(
            session, query.path("id").asString(), query.path("run_id").asString(), plan);
      } catch (IOException | IllegalStateException away) {
        boolean refused = String.valueOf(away.getMessage()).startsWith("4");
        if (refused || System.nanoTime() > end) throw away;
        pause(200);
      }
    }
  }

  private void allowWhatIsAsked(String session) {
    String path = "/api/v1/sessions/" + session;
    while (!over) {
      pause(100);
      if (point == Point.ASKED && !fired) continue;
      try {
        var client = matrix.service().client();
        for (JsonNode action : client.get(path).path("pending_actions")) {
          var decision =
              Map.of(
                  "type",
                  "decide",
                  "action_id",
                  action.path("action_id").asString(),
                  "decision",
                  "allow");
          client.post(path + "/inputs", Map.of("inputs", List.of(decision)));
        }
      } catch (IOException | RuntimeException away) {
        continue; // The request is repeated: an action is answered or expired, but never lost.
      } catch (InterruptedException interrupted) {
        return;
      }
    }
  }

  private boolean awaitPoint(CrashOracle.Accepted query) {
    try {
      await()
          .atMost(POINT_MAX)
          .pollInterval(Duration.ofMillis(5))
          .pollDelay(Duration.ZERO)
          .until(() -> isAt(query));
    } catch (ConditionTimeoutException never) {
      return false;
    }
    switch (point) {
      case WRITING -> pause(random.nextInt(60));
      case ANSWERING -> pause(50 + random.nextInt(250));
      case RANDOM -> pause(random.nextInt(5_000));
      default -> {}
    }
    return true;
  }

  private boolean isAt(CrashOracle.Accepted query) {
    return switch (point) {
      case SUBMITTING, ACCEPTED, WRITING, RANDOM -> true;
      case SPAWNED -> matrix.targets().keeper(query.session()).isPresent();
      case STARTED -> isRecorded(query, "RunStarted");
      case ANSWERING -> !matrix.modelApi().exchanges(query.plan()).isEmpty();
      case INTENT -> isRecorded(query, "ToolCalled");
      case ASKED -> isRecorded(query, "PermissionRequested");
      case DECIDED ->
          matrix.oracle().events(query.session()).stream()
              .anyMatch(event -> event.type().equals("PermissionDecided"));
      case ACTING ->
          matrix.targets().nonces(query.session()).stream()
              .anyMatch(line -> line.startsWith(query.plan()));
      case RETURNED -> isRecorded(query, "ToolReturned");
      case ENDED -> isRecorded(query, "RunCompleted");
    };
  }

  private boolean isRecorded(CrashOracle.Accepted query, String type) {
    return CrashOracle.ofRun(matrix.oracle().events(query.session()), query.run())
        .anyMatch(event -> event.type().equals(type));
  }

  private void fireAll(String session) throws Exception {
    fire(victim, session);
    fired = true;
    if (secondVictim.isPresent()) {
      pause(random.nextInt(3_000));
      fire(secondVictim.get(), session);
    }
  }

  private void fire(Victim chosen, String session) throws Exception {
    var targets = matrix.targets();
    switch (chosen) {
      case SERVICE -> matrix.service().killForcibly();
      case CLI -> targets.cli(session).ifPresent(ProcessHandle::destroyForcibly);
      case KEEPER -> targets.keeper(session).ifPresent(ProcessHandle::destroyForcibly);
      case SANDBOX -> targets.sandbox(session).ifPresent(ProcessHandle::destroyForcibly);
      case POSTGRES -> targets.postgres().ifPresent(ProcessHandle::destroyForcibly);
      case MACHINE -> {
        var group = targets.group(session);
        targets.postgres().ifPresent(ProcessHandle::destroyForcibly); // The rest is not recorded.
        group.forEach(ProcessHandle::destroyForcibly);
        matrix.service().killForcibly();
      }
      case CLOCK -> {
        int seconds = List.of(-7200, -90, 90, 7200).get(random.nextInt(4));
        setClock(seconds);
      }
    }
    faults.add(System.currentTimeMillis());
  }

  private void setClock(int seconds) throws IOException {
    Path file = matrix.clock().orElseThrow();
    Files.writeString(file, "%+ds%n".formatted(seconds));
  }

  /** Restarts components as a service manager does. */
  private void recover(List<String> sessions) {
    if (matrix.service().isAlive()) return;
    pause(random.nextInt(2_000));
    matrix.service().start();
  }

  private void awaitEnd(CrashOracle.Accepted query) {
    try {
      await()
          .atMost(END_MAX)
          .pollInterval(Duration.ofMillis(100))
          .until(() -> CrashOracle.hasEnded(matrix.oracle().events(query.session()), query.run()));
    } catch (ConditionTimeoutException never) {
      return; // The oracle reports it.
    }
  }

  private List<String> judge(List<String> sessions, List<CrashOracle.Accepted> queries)
      throws Exception {
    if (victim == Victim.CLOCK || secondVictim.equals(Optional.of(Victim.CLOCK))) setClock(0);
    var found = new ArrayList<String>();
    settle(() -> violations(sessions, queries), found);
    for (String session : sessions) matrix.service().client().delete("/api/v1/sessions/" + session);
    settle(
        () -> sessions.stream().flatMap(id -> matrix.targets().leftovers(id).stream()).toList(),
        found);
    return found;
  }

  /** Adds the violations that remain after some time. */
  private static void settle(Callable<List<String>> check, List<String> found) throws Exception {
    try {
      await()
          .atMost(SETTLED_MAX)
          .pollInterval(Duration.ofMillis(500))
          .pollDelay(Duration.ZERO)
          .ignoreExceptions()
          .until(() -> check.call().isEmpty());
    } catch (ConditionTimeoutException never) {
      found.addAll(check.call());
    }
  }

  private List<String> violations(List<String> sessions, List<CrashOracle.Accepted> queries)
      throws IOException, SQLException, InterruptedException {
    var found = new ArrayList<String>();
    for (var query : queries) found.addAll(matrix.oracle().violations(query, faults));
    var client = matrix.service().client();
    for (String session : sessions) {
      var stored = matrix.oracle().events(session).stream().map(event -> event.sequence() + 1);
      var shown = client.record(session).stream().map(item -> item.path("sequence").asLong());
      if (!shown.toList().equals(stored.toList())) found.add(session + " is shown otherwise");
      String activity = client.get("/api/v1/sessions/" + session).path("activity").asString();
      if (!activity.equals("idle")) found.add(session + " is " + activity);
    }
    for (JsonNode component : client.get("/api/v1/admin/health").path("components"))
      if (HEALTHY.contains(component.path("name").asString())
          && !component.path("status").asString().equals("up")) found.add("health: " + component);
    return found;
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }
}
