package io.agentledger.client.task;

import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.task.ExecutionId;
import io.agentledger.api.task.ExecutionView;
import io.agentledger.api.task.TaskId;
import io.agentledger.api.task.TaskView;
import io.agentledger.client.support.ApiHttpClient;
import io.agentledger.client.support.ClientJson;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Client of tasks and executions. Durations of views are not read. */
public final class TasksClient {
  private static final String TASKS = "/api/v1/tasks";
  private static final String EXECUTIONS = "/api/v1/executions";

  private final ApiHttpClient http;

  public TasksClient(ApiHttpClient http) {
    this.http = http;
  }

  /** Lists tasks that are not archived, newest first. */
  public Page<TaskView> list(PageRequest page) {
    return http.get(TASKS + "?limit=" + page.limit(), new TypeReference<>() {});
  }

  public TaskView find(TaskId task) {
    return http.get(TASKS + "/" + task, new TypeReference<>() {});
  }

  /**
   * Creates a task.
   *
   * @param definition body of the request, JSON
   * @throws IllegalArgumentException if it is not a JSON object
   */
  public TaskView create(String definition) {
    return http.post(TASKS, ClientJson.readObject(definition), new TypeReference<>() {});
  }

  /** Runs a task with values for its variables. */
  public ExecutionView run(TaskId task, Map<String, String> variables) {
    return http.post(
        TASKS + "/" + task + "/run", Map.of("variables", variables), new TypeReference<>() {});
  }

  /** Pauses the schedule of a task, or continues it. */
  public TaskView setPaused(TaskId task, boolean paused) {
    return http.post(
        TASKS + "/" + task + (paused ? "/pause" : "/resume"), Map.of(), new TypeReference<>() {});
  }

  /**
   * Lists executions, newest first.
   *
   * @param task null for those of all tasks
   */
  public Page<ExecutionView> executions(@Nullable TaskId task, PageRequest page) {
    var filter = task == null ? "" : "&task_id=" + task;
    return http.get(EXECUTIONS + "?limit=" + page.limit() + filter, new TypeReference<>() {});
  }

  public ExecutionView findExecution(ExecutionId execution) {
    return http.get(EXECUTIONS + "/" + execution, new TypeReference<>() {});
  }

  public ExecutionView cancel(ExecutionId execution) {
    return http.post(EXECUTIONS + "/" + execution + "/cancel", Map.of(), new TypeReference<>() {});
  }
}
