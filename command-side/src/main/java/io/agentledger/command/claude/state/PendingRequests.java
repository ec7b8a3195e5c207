package io.agentledger.command.claude.state;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.Provenance;
import io.agentledger.api.session.ProcessId;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SideRequestId;
import io.agentledger.api.session.ToolCallId;
import io.agentledger.api.session.event.OutputEvent;
import io.agentledger.api.session.event.OutputEvent.TaskEnded;
import io.agentledger.api.session.event.OutputEvent.TaskStarted;
import io.agentledger.api.session.event.OutputEvent.ToolCalled;
import io.agentledger.api.session.event.OutputEvent.ToolReturned;
import io.agentledger.api.session.event.QueryEvent;
import io.agentledger.api.session.event.QueryEvent.BackgroundRequested;
import io.agentledger.api.session.event.QueryEvent.QueryIssued;
import io.agentledger.api.session.event.QueryEvent.QueryQueued;
import io.agentledger.api.session.event.QueryEvent.TaskStopRequested;
import io.agentledger.api.session.event.RunEvent.RunStarted;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.session.event.SideRequestEvent;
import io.agentledger.api.session.event.SideRequestEvent.CapabilitiesReported;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestAnswered;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestFailed;
import io.agentledger.api.session.event.SideRequestEvent.SideRequestSubmitted;
import io.agentledger.api.shared.OrderedCopy;
import io.agentledger.store.crypto.Sealer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Requests to a session's process, other than its runs, that are not fulfilled yet: to stop a task
 * or move it to the background, and side requests. The former end with the process; a side request
 * can be answered by any process.
 */
public final class PendingRequests {
  private final SessionId session;
  private final Sealer sealer;
  private final Map<String, ProcessId> tasks = new LinkedHashMap<>();
  private Optional<ProcessId> lastTaskProcess = Optional.empty();

  /** Tasks that {@link #lastTaskProcess} has begun, ended ones included. */
  private final Set<String> startedTasks = new HashSet<>();

  private final Set<String> tasksToStop = new LinkedHashSet<>();
  private final Map<ToolCallId, Call> calls = new HashMap<>();
  private final Set<ToolCallId> toBackground = new LinkedHashSet<>();
  private final Map<SideRequestId, SideRequest> sideRequests = new LinkedHashMap<>();
  private Optional<Content> firstPrompt = Optional.empty();
  private Class<? extends SessionEvent> firstPromptEvent = QueryIssued.class;
  private Optional<RunId> lastRun = Optional.empty();
  private String capabilities = "";

  private record Call(String toolUseId, ProcessId process) {}

  /**
   * A side request.
   *
   * @param content content of the request, sealed
   * @param provenance provenance of the request
   */
  public record SideRequest(
      SideRequestId id,
      SideRequestEvent.RequestType kind,
      Content content,
      Provenance provenance) {}

  PendingRequests(SessionId session, Sealer sealer) {
    this.session = session;
    this.sealer = sealer;
  }

  void on(SessionEvent event, Provenance provenance) {
    switch (event) {
      case QueryEvent query -> on(query);
      case OutputEvent output -> on(output);
      case SideRequestEvent sideRequestEvent -> on(sideRequestEvent, provenance);
      case RunStarted started -> onRunStarted(started);
      default -> {}
    }
  }

  private void on(QueryEvent event) {
    switch (event) {
      case TaskStopRequested stop -> tasksToStop.add(stop.taskId());
      case BackgroundRequested background -> toBackground.addAll(background.toolCallIds());
      case QueryIssued issued -> onPrompt(issued.prompt(), QueryIssued.class);
      case QueryQueued queued -> onPrompt(queued.prompt(), QueryQueued.class);
      default -> {}
    }
  }

  private void onPrompt(Content prompt, Class<? extends SessionEvent> in) {
    if (firstPrompt.isEmpty() && !(prompt instanceof Content.Absent)) {
      firstPrompt = Optional.of(prompt);
      firstPromptEvent = in;
    }
  }

  private void on(OutputEvent event) {
    switch (event) {
      case TaskStarted started -> {
        ProcessId process = started.sourcePosition().processId();
        if (!hasStartedTask(process)) {
          startedTasks.clear();
        }
        lastTaskProcess = Optional.of(process);
        startedTasks.add(started.taskId());
        tasks.put(started.taskId(), process);
      }
      case TaskEnded ended -> {
        tasks.remove(ended.taskId());
        tasksToStop.remove(ended.taskId());
      }
      case ToolCalled called ->
          calls.put(
              called.toolCallId(),
              new Call(called.toolUseId(), called.sourcePosition().processId()));
      case ToolReturned returned -> {
        calls.remove(returned.toolCallId());
        toBackground.remove(returned.toolCallId());
      }
      default -> {}
    }
  }

  private void on(SideRequestEvent event, Provenance provenance) {
    switch (event) {
      case SideRequestSubmitted sideRequestSubmitted ->
          sideRequests.put(
              sideRequestSubmitted.sideRequestId(),
              new SideRequest(
                  sideRequestSubmitted.sideRequestId(),
                  sideRequestSubmitted.requestType(),
                  sideRequestSubmitted.question(),
                  provenance));
      case SideRequestAnswered answered -> sideRequests.remove(answered.sideRequestId());
      case SideRequestFailed failed -> sideRequests.remove(failed.sideRequestId());
      case CapabilitiesReported capabilitiesReported ->
          capabilities = capabilitiesReported.digest();
      case SideRequestEvent.ContextMeasured ignored -> {}
    }
  }

  private void onRunStarted(RunStarted started) {
    lastRun = Optional.of(started.runId());
    ProcessId process = started.execution().processId();
    tasks.values().removeIf(other -> !other.equals(process));
    tasksToStop.retainAll(tasks.keySet());
    calls.values().removeIf(call -> !call.process().equals(process));
    toBackground.retainAll(calls.keySet());
  }

  /** Returns the tasks of a running process that a user requested to stop. */
  public Set<String> tasksToStop() {
    return OrderedCopy.of(tasksToStop);
  }

  /** Returns the background tasks of a process, oldest first. */
  public List<String> runningTasks(ProcessId process) {
    return tasks.entrySet().stream()
        .filter(task -> task.getValue().equals(process))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Returns whether the process has ever begun a task; its notifications may still be to come. */
  public boolean hasStartedTask(ProcessId process) {
    return lastTaskProcess.filter(process::equals).isPresent();
  }

  /** Returns whether the process has begun the task, which may have ended since. */
  public boolean hasStartedTask(ProcessId process, String task) {
    return hasStartedTask(process) && startedTasks.contains(task);
  }

  /** Returns whether the process is at something in the background, or at a tool call. */
  public boolean isUnfinished(ProcessId process) {
    return tasks.containsValue(process)
        || calls.values().stream().anyMatch(call -> call.process().equals(process));
  }

  /** Returns the tool calls to move to the background, by the model's tool use ids. */
  public List<String> callsToBackground() {
    return toBackground.stream()
        .flatMap(id -> Optional.ofNullable(calls.get(id)).stream())
        .map(Call::toolUseId)
        .toList();
  }

  /** Returns the side requests without an answer, oldest first. */
  public List<SideRequest> sideRequests() {
    return List.copyOf(sideRequests.values());
  }

  /** Returns the question, or the text that a title is to be generated from. */
  public String questionText(SideRequest sideRequest) {
    String text =
        sealer.open(session, SideRequestSubmitted.class, "question", sideRequest.content());
    return text.isEmpty() && sideRequest.kind() == SideRequestEvent.RequestType.TITLE
        ? firstPrompt()
        : text;
  }

  private String firstPrompt() {
    return sealer.open(session, firstPromptEvent, "prompt", firstPrompt.orElse(Content.ABSENT));
  }

  /**
   * Returns the run that started last, which side requests are charged to while no run is in
   * progress.
   */
  public Optional<RunId> lastRun() {
    return lastRun;
  }

  /**
   * Returns the digest of the capabilities of the session's process; empty until they are recorded.
   */
  public String capabilitiesDigest() {
    return capabilities;
  }
}
