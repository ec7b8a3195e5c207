package io.agentledger.client.session;

import io.agentledger.api.permission.DecisionView;
import io.agentledger.api.permission.PendingActionView;
import io.agentledger.api.session.Activity;
import io.agentledger.api.session.CheckpointId;
import io.agentledger.api.session.ExecutionMode;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.command.SubmitResult;
import io.agentledger.api.session.query.CheckpointView;
import io.agentledger.api.session.query.DirectoryView;
import io.agentledger.api.session.query.MessageView;
import io.agentledger.api.session.query.RunView;
import io.agentledger.api.session.query.SearchFilter;
import io.agentledger.api.session.query.SearchResultView;
import io.agentledger.api.session.query.SessionMetricsView;
import io.agentledger.api.session.query.SessionPosition;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.query.ToolCallView;
import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.workspace.FileChanges;
import io.agentledger.api.workspace.NamedDirectory;
import io.agentledger.client.support.ApiHttpClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Client of the sessions API. Every call blocks; safe for any number of threads. */
public final class SessionsClient {
  private static final String PATH = "/api/v1/sessions";

  private final ApiHttpClient http;

  public SessionsClient(ApiHttpClient http) {
    this.http = http;
  }

  public SessionView open(SessionDefinition definition) {
    return http.post(PATH, SessionDefinitionJson.toJson(definition), new TypeReference<>() {});
  }

  public SessionView find(SessionId session) {
    return http.get(path(session, ""), new TypeReference<>() {});
  }

  /** Returns the session as it was, with its pending actions and costs. */
  public SessionView find(SessionId session, SessionPosition position) {
    return http.get(path(session, "?") + positionQuery(position), new TypeReference<>() {});
  }

  /**
   * Compares the session at two positions.
   *
   * @param from sequence number of the last event of the earlier one
   * @param to sequence number of the last event of the later one; null is the present
   */
  public SessionDifferences compare(SessionId session, long from, @Nullable Long to) {
    return http.get(
        path(session, "/comparison?from=" + from) + (to == null ? "" : "&to=" + to),
        new TypeReference<>() {});
  }

  /** Lists sessions, newest first. */
  public Page<SessionView> list(@Nullable Activity activity, PageRequest page) {
    return list(activity, null, null, page);
  }

  /**
   * Lists sessions that match, newest first; null matches any.
   *
   * @param origin type of a {@link io.agentledger.api.session.SessionOrigin}, {@code forked}
   */
  public Page<SessionView> list(
      @Nullable Activity activity,
      @Nullable ExecutionMode executionMode,
      @Nullable String origin,
      PageRequest page) {
    var activityQuery =
        activity == null ? "" : "&activity=" + activity.name().toLowerCase(Locale.ROOT);
    var executorQuery = executionMode == null ? "" : "&executor=" + executionMode.wireName();
    var originQuery =
        origin == null ? "" : "&origin=" + URLEncoder.encode(origin, StandardCharsets.UTF_8);
    return http.get(
        PATH + pageQuery(page) + activityQuery + executorQuery + originQuery,
        new TypeReference<>() {});
  }

  /** Searches transcripts, newest sessions first. A page may be empty and have a next one. */
  public SearchResultView search(SearchFilter filter, PageRequest page) {
    var query = new StringBuilder("/api/v1/search").append(pageQuery(page));
    append(query, "q", filter.text());
    append(query, "session_id", filter.sessionId());
    append(query, "agent_id", filter.agent());
    append(query, "user_id", filter.ownerId());
    append(query, "from", filter.from());
    append(query, "to", filter.to());
    append(query, "kind", lowerCase(filter.kind()));
    append(query, "tool", filter.tool());
    append(query, "outcome", lowerCase(filter.outcome()));
    return http.get(query.toString(), new TypeReference<>() {});
  }

  private static void append(StringBuilder query, String name, @Nullable Object value) {
    if (value != null)
      query
          .append('&')
          .append(name)
          .append('=')
          .append(URLEncoder.encode(value.toString(), StandardCharsets.UTF_8));
  }

  private static @Nullable String lowerCase(@Nullable Enum<?> constant) {
    return constant == null ? null : constant.name().toLowerCase(Locale.ROOT);
  }

  /**
   * Submits inputs atomically and in order. The result contains the sequence that their events
   * follow.
   */
  public SubmitResult submit(SessionId session, List<? extends SessionInput> sessionInputs) {
    var inputs = sessionInputs.stream().map(SessionInputJson::toJson).toList();
    return http.post(path(session, "/inputs"), Map.of("inputs", inputs), new TypeReference<>() {});
  }

  public SubmitResult interrupt(SessionId session) {
    return submit(session, List.of(new SessionInput.Interrupt()));
  }

  /** Lists messages in the order of the event log, prompts included. */
  public Page<MessageView> messages(SessionId session, PageRequest page) {
    return http.get(path(session, "/messages") + pageQuery(page), new TypeReference<>() {});
  }

  /** Lists messages as they were. */
  public Page<MessageView> messages(SessionId session, SessionPosition position, PageRequest page) {
    return http.get(
        path(session, "/messages") + pageQuery(page) + "&" + positionQuery(position),
        new TypeReference<>() {});
  }

  /** Lists messages of one thread: the session's own, or a subagent's. */
  public Page<MessageView> messages(SessionId session, ThreadId threadId, PageRequest page) {
    return http.get(
        path(session, "/messages") + pageQuery(page) + threadQuery(threadId),
        new TypeReference<>() {});
  }

  /** Lists tool calls of one thread. */
  public Page<ToolCallView> toolCalls(SessionId session, ThreadId threadId, PageRequest page) {
    return http.get(
        path(session, "/tool-calls") + pageQuery(page) + threadQuery(threadId),
        new TypeReference<>() {});
  }

  private static String threadQuery(ThreadId threadId) {
    return "&thread_id=" + threadId;
  }

  /** Lists tool calls as they were. */
  public Page<ToolCallView> toolCalls(
      SessionId session, SessionPosition position, PageRequest page) {
    return http.get(
        path(session, "/tool-calls") + pageQuery(page) + "&" + positionQuery(position),
        new TypeReference<>() {});
  }

  /** Lists tool calls in the order of the event log. */
  public Page<ToolCallView> toolCalls(SessionId session, PageRequest page) {
    return http.get(path(session, "/tool-calls") + pageQuery(page), new TypeReference<>() {});
  }

  /** Lists runs, newest first. */
  public Page<RunView> runs(SessionId session, PageRequest page) {
    return http.get(path(session, "/runs") + pageQuery(page), new TypeReference<>() {});
  }

  public RunView findRun(SessionId session, RunId run) {
    return http.get(path(session, "/runs/" + run), new TypeReference<>() {});
  }

  /**
   * Reads events {@code (after..after+limit]} of the session as the service wrote them, one JSON
   * object each, readable as {@link io.agentledger.api.session.stream.StreamItem}. Returns fewer
   * than {@code limit} at the end of the log.
   */
  public List<Json> events(SessionId session, long after, int limit) {
    var path = path(session, "/events?format=json&after=" + after + "&limit=" + limit);
    return http.<Page<Json>>get(path, new TypeReference<>() {}).items();
  }

  /**
   * Streams the events after {@code after}, then new ones as they occur, transient events included.
   *
   * @param after a sequence; 0 replays the whole session
   */
  public SessionEventStream stream(
      SessionId session, long after, SessionEventStream.ReconnectPolicy reconnectPolicy) {
    return new SessionEventStream(http, path(session, "/events"), after, reconnectPolicy);
  }

  /**
   * Plays the stored events after {@code after} back, each at its distance from the one before; the
   * last item is {@link StreamItem.Done}.
   *
   * @param until sequence of the last event; null for the newest one
   * @param speed multiple of the original speed, 0.1 to 1000
   * @param maxPause longer pauses are shortened to it; null for none
   */
  public SessionEventStream playback(
      SessionId session,
      long after,
      @Nullable Long until,
      double speed,
      @Nullable Duration maxPause,
      SessionEventStream.ReconnectPolicy reconnectPolicy) {
    var path =
        path(session, "/playback?speed=" + speed)
            + (until == null ? "" : "&until=" + until)
            + (maxPause == null ? "" : "&max_gap_ms=" + maxPause.toMillis());
    return new SessionEventStream(http, path, after, reconnectPolicy);
  }

  /** Lists the directories of the host that the operator offers to sessions, by name. */
  public List<NamedDirectory> availableDirectories() {
    return http.<Page<NamedDirectory>>get("/api/v1/directories", new TypeReference<>() {}).items();
  }

  /** Lists the directories of the host that the session has beside its workspace, by name. */
  public List<DirectoryView> directories(SessionId session) {
    return http.<Page<DirectoryView>>get(path(session, "/directories"), new TypeReference<>() {})
        .items();
  }

  /** Lists checkpoints of the files, newest first. */
  public Page<CheckpointView> checkpoints(SessionId session, PageRequest page) {
    return http.get(path(session, "/checkpoints") + pageQuery(page), new TypeReference<>() {});
  }

  /**
   * Compares two states of the files.
   *
   * @param from a checkpoint; null is the last one, or without any an empty workspace
   * @param to a checkpoint; null is the files as they are
   */
  public FileChanges changes(
      SessionId session, @Nullable CheckpointId from, @Nullable CheckpointId to) {
    var query =
        Stream.of(
                Optional.ofNullable(from).map(id -> "from=" + id),
                Optional.ofNullable(to).map(id -> "to=" + id))
            .flatMap(Optional::stream)
            .collect(Collectors.joining("&"));
    var path = path(session, query.isEmpty() ? "/changes" : "/changes?" + query);
    return http.get(path, new TypeReference<>() {});
  }

  /** Returns the file changes of a run. */
  public FileChanges changes(SessionId session, RunId run) {
    return http.get(path(session, "/runs/" + run + "/changes"), new TypeReference<>() {});
  }

  /**
   * Restores the files of a checkpoint.
   *
   * @param dryRun whether to return the changes without making them
   */
  public FileChanges rewind(SessionId session, CheckpointId checkpoint, boolean dryRun) {
    var body = Map.of("checkpoint_id", checkpoint.value(), "dry_run", dryRun);
    return http.<RewindResult>post(path(session, "/rewind"), body, new TypeReference<>() {})
        .changes();
  }

  private record RewindResult(FileChanges changes) {}

  /** Returns numbers of runs and tools, token usage and costs. */
  public SessionMetricsView metrics(SessionId session) {
    return http.get(path(session, "/metrics"), new TypeReference<>() {});
  }

  /** Returns a client of the files of its workspace. */
  public WorkspaceFilesClient files(SessionId session) {
    return new WorkspaceFilesClient(http, path(session, "/files"));
  }

  /**
   * Forks the session: the new one starts with its conversation and files.
   *
   * @param checkpoint checkpoint to start at; null is the last one
   */
  public SessionView fork(SessionId session, @Nullable CheckpointId checkpoint) {
    return fork(session, checkpoint, null);
  }

  /**
   * Forks the session with another executor.
   *
   * @param executionMode null keeps the executor of the original
   */
  public SessionView fork(
      SessionId session, @Nullable CheckpointId checkpoint, @Nullable ExecutionMode executionMode) {
    var body = new LinkedHashMap<String, Object>();
    SessionDefinitionJson.putIfPresent(body, "checkpoint_id", checkpoint);
    SessionDefinitionJson.putIfPresent(body, "executor", executionMode);
    return http.post(path(session, "/fork"), body, new TypeReference<>() {});
  }

  /** Clones the session with all its contents. */
  public SessionView cloneSession(SessionId session) {
    return cloneSession(session, null);
  }

  /** Clones the session with another executor. */
  public SessionView cloneSession(SessionId session, @Nullable ExecutionMode executionMode) {
    var body = new LinkedHashMap<String, Object>();
    SessionDefinitionJson.putIfPresent(body, "executor", executionMode);
    return http.post(path(session, "/clone"), body, new TypeReference<>() {});
  }

  /**
   * Renames the session.
   *
   * @param title null removes it
   */
  public SessionView rename(SessionId session, @Nullable String title) {
    var body = new LinkedHashMap<String, @Nullable Object>();
    body.put("title", title);
    return http.put(path(session, "/title"), body, new TypeReference<>() {});
  }

  /** Replaces its tags. */
  public SessionView tag(SessionId session, Set<String> tags) {
    return http.put(path(session, "/tags"), Map.of("tags", tags), new TypeReference<>() {});
  }

  /** Change of the lifecycle. */
  public enum LifecycleAction {
    PAUSE,
    UNPAUSE,
    ARCHIVE,
    RESTORE,
    /** Closes the session permanently. */
    CLOSE
  }

  /** Changes the lifecycle. Idempotent. */
  public SessionView perform(SessionId session, LifecycleAction lifecycleAction) {
    var path = path(session, "/" + lifecycleAction.name().toLowerCase(Locale.ROOT));
    return http.post(path, Map.of(), new TypeReference<>() {});
  }

  /** Closes the session and removes it from lists. */
  public void delete(SessionId session) {
    http.delete(path(session, ""));
  }

  /** Lists pending actions of all sessions that the caller may see, oldest first. */
  public Page<PendingActionView> pendingActions(PageRequest page) {
    return http.get("/api/v1/pending-actions" + pageQuery(page), new TypeReference<>() {});
  }

  /** Lists permission requests of a session and their decisions, oldest first. */
  public Page<DecisionView> decisions(SessionId session, PageRequest page) {
    return http.get(path(session, "/decisions") + pageQuery(page), new TypeReference<>() {});
  }

  private static String path(SessionId session, String suffix) {
    return PATH + "/" + session + suffix;
  }

  static String positionQuery(SessionPosition position) {
    return switch (position) {
      case SessionPosition.AtSequence(var sequence) -> "at=" + sequence;
      case SessionPosition.AsOf(var time) ->
          "as_of=" + URLEncoder.encode(time.toString(), StandardCharsets.UTF_8);
    };
  }

  static String pageQuery(PageRequest page) {
    var cursor = page.cursor();
    return "?limit="
        + page.limit()
        + (cursor == null ? "" : "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8));
  }
}
