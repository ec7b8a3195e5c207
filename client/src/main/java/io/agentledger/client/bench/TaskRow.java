package io.agentledger.client.bench;

import io.agentledger.client.support.ClientJson;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import tools.jackson.databind.JsonNode;

/** Many tasks with schedules, and many queued executions. */
final class TaskRow {
  private static final int CLIENTS = 4;
  private static final String PASSWORD = "a password of the benchmark";
  private static final Duration POLL = Duration.ofMillis(50);

  /** Within the limit of a member's calls. */
  private static final Duration MEMBER_POLL = Duration.ofSeconds(2);

  private final BenchContext context;
  private final BenchService service;

  TaskRow(BenchContext context) {
    this.context = context;
    this.service = context.service();
  }

  List<Measurement> measure() throws Exception {
    int tasks = context.choose(200, 10_000);
    long start = System.nanoTime();
    repeat(tasks, i -> create("Daily " + i, daily()));
    double created = tasks * 1e9 / (System.nanoTime() - start);
    Thread.sleep(DatabaseCounters.SETTLE);
    List<Double> idle = new ArrayList<>();
    for (int i = context.choose(1, 3); i > 0; i--) idle.add(idlePercent());
    List<double[]> lags = new ArrayList<>();
    for (int i = context.choose(1, 3); i > 0; i--) lags.add(lagSeconds());
    int queued = context.choose(20, 1_000);
    String task = create("Queued", Map.of());
    repeat(queued, i -> run(task));
    List<Double> other = List.of(millisUntilAnotherTenantStarts());
    cancelAll();
    var numbers = " with %d tasks".formatted(tasks);
    return List.of(
        Measurement.of(BenchRow.TASKS, "created", "1/s", List.of(created), rate -> rate),
        Measurement.of(BenchRow.TASKS, "idle CPU" + numbers, "%", idle, percent -> percent),
        Measurement.of(BenchRow.TASKS, "lag p50", "s", lags, lag -> Measurement.quantile(lag, 0.5)),
        Measurement.of(
            BenchRow.TASKS, "lag p99", "s", lags, lag -> Measurement.quantile(lag, 0.99)),
        Measurement.of(
            BenchRow.TASKS, "start behind %d".formatted(queued), "ms", other, millis -> millis));
  }

  /** A time that is not reached while the row is measured. */
  private static Map<String, Object> daily() {
    int hour = Instant.now().atZone(ZoneOffset.UTC).plusHours(12).getHour();
    return Map.of("type", "cron", "expression", "0 " + hour + " * * *");
  }

  private double idlePercent() throws Exception {
    double cpu = service.cpuSeconds() + service.postgresCpuSeconds();
    int seconds = context.choose(5, 20);
    Thread.sleep(Duration.ofSeconds(seconds));
    return (service.cpuSeconds() + service.postgresCpuSeconds() - cpu) * 100 / seconds;
  }

  /** Tasks that are due at the same second: seconds until their executions are queued. */
  private double[] lagSeconds() throws Exception {
    int count = context.choose(10, 100);
    var at = Instant.now().plusSeconds(context.choose(3, 5)).truncatedTo(ChronoUnit.SECONDS);
    List<String> tasks =
        repeat(count, i -> create("Once " + i, Map.of("type", "once", "at", at.toString())));
    double[] lags = new double[count];
    for (int i = 0; i < count; i++) {
      JsonNode execution = awaitExecution(tasks.get(i));
      lags[i] = Duration.between(at, time(execution, "queued_at")).toNanos() / 1e9;
    }
    cancelAll();
    return lags;
  }

  private JsonNode awaitExecution(String task) throws Exception {
    return Polling.await(
            POLL,
            () -> get("/api/v1/executions?limit=1&task_id=" + task).path("items"),
            items -> !items.isEmpty())
        .get(0);
  }

  private static Instant time(JsonNode execution, String field) {
    return Instant.parse(execution.path(field).asString());
  }

  private double millisUntilAnotherTenantStarts() throws Exception {
    String address = "user-" + System.nanoTime() + "@example.org";
    String tenant = post("/tenants", Map.of("name", "Benchmark")).path("id").asString();
    var invitation = Map.of("email", address, "role", "member", "tenant_id", tenant);
    String token = post("/invitations", invitation).path("token").asString();
    post(
        "/invitations/accept",
        Map.of("token", token, "name", "User of the benchmark", "password", PASSWORD));
    var login = post("/auth/login", Map.of("email", address, "password", PASSWORD));
    String bearer = "Bearer " + login.path("access_token").asString();
    var task =
        service.send(toPost("/tasks", definition("Other", Map.of())).withAuthorization(bearer));
    var run = toPost("/tasks/" + task.path("id").asString() + "/run", Map.of());
    var execution = service.send(run.withAuthorization(bearer));
    String path = "/api/v1/executions/" + execution.path("id").asString();
    execution =
        Polling.await(
            MEMBER_POLL,
            () -> service.send(service.request(path).withAuthorization(bearer)),
            answer -> answer.path("started_at").isString());
    return Duration.between(time(execution, "queued_at"), time(execution, "started_at")).toNanos()
        / 1e6;
  }

  private void cancelAll() throws Exception {
    for (String status : List.of("queued", "running"))
      Polling.await(POLL, () -> cancelPage(status), JsonNode::isEmpty);
  }

  /** Cancels the newest executions of a status, and returns them. */
  private JsonNode cancelPage(String status) throws IOException, InterruptedException {
    JsonNode page = get("/api/v1/executions?limit=100&status=" + status).path("items");
    for (JsonNode execution : page)
      toPost("/executions/" + execution.path("id").asString() + "/cancel", Map.of())
          .isAnswered(); // It may have ended in the meantime.
    return page;
  }

  private String create(String name, Map<String, Object> schedule) throws Exception {
    return post("/tasks", definition(name, schedule)).path("id").asString();
  }

  private static Map<String, Object> definition(String name, Map<String, Object> schedule) {
    var unique = name + " " + System.nanoTime();
    return schedule.isEmpty()
        ? Map.of("name", unique, "prompt", BenchSession.PROMPT)
        : Map.of("name", unique, "prompt", BenchSession.PROMPT, "schedule", schedule);
  }

  private String run(String task) throws Exception {
    return post("/tasks/" + task + "/run", Map.of()).path("id").asString();
  }

  private JsonNode get(String path) throws IOException, InterruptedException {
    return service.send(service.request(path));
  }

  private JsonNode post(String path, Object body) throws IOException, InterruptedException {
    return service.send(toPost(path, body));
  }

  private BenchRequest toPost(String path, Object body) {
    String json = ClientJson.MAPPER.writeValueAsString(body);
    return service.request("/api/v1" + path).post(json);
  }

  /** Calls with each number below the count, four at a time; returns the answers in order. */
  private static List<String> repeat(int count, Call call)
      throws InterruptedException, ExecutionException {
    try (var executor = Executors.newFixedThreadPool(CLIENTS)) {
      List<Callable<String>> calls = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        int number = i;
        calls.add(() -> call.of(number));
      }
      List<String> answers = new ArrayList<>();
      for (Future<String> answer : executor.invokeAll(calls)) answers.add(answer.get());
      return answers;
    }
  }

  /** Request that is repeated. */
  private interface Call {
    String of(int number) throws Exception;
  }
}
