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
import io.agentledger.api.session.query.DirectoryView;
import io.agentledger.api.session.query.MessageView;
import io.agentledger.api.session.query.RunView;
import io.agentledger.api.session.query.SessionView;
import io.agentledger.api.session.query.ToolCallView;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.api.workspace.NamedDirectory;
import io.agentledger.client.support.ApiHttpClient;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Sessions over the public API. Every call blocks; any number of threads may call. */
public final class SessionsClient {
  private static final String PATH = "/api/v1/sessions";

  private final ApiHttpClient http;

  public SessionsClient(ApiHttpClient http) {
    this.http = http;
  }

  public SessionView open(SessionDefinition sessionDefinition) {
    return http.post(PATH, SessionDefinitionJson.of(sessionDefinition), new TypeReference<>() {});
  }

  public SessionView find(SessionId session) {
    return http.get(of(session, ""), new TypeReference<>() {});
  }

  /** Newest first. */
  public Page<SessionView> list(@Nullable Activity activity, PageRequest page) {
    return list(activity, null, page);
  }

  /** Newest first, those that do this and whose work that one carries out; null is any. */
  public Page<SessionView> list(
      @Nullable Activity activity, @Nullable ExecutionMode executionMode, PageRequest page) {
    var doing = activity == null ? "" : "&activity=" + activity.name().toLowerCase(Locale.ROOT);
    var by = executionMode == null ? "" : "&executor=" + executionMode.wireName();
    return http.get(PATH + paged(page) + doing + by, new TypeReference<>() {});
  }

  /** Atomic and in order; its receipt says behind which fact the story goes on. */
  public SubmitResult submit(SessionId session, List<? extends SessionInput> sessionInputs) {
    var inputs = sessionInputs.stream().map(SessionInputJson::of).toList();
    return http.post(of(session, "/inputs"), Map.of("inputs", inputs), new TypeReference<>() {});
  }

  public SubmitResult interrupt(SessionId session) {
    return submit(session, List.of(new SessionInput.Interrupt()));
  }

  /** In order of the record, prompts included. */
  public Page<MessageView> messages(SessionId session, PageRequest page) {
    return http.get(of(session, "/messages") + paged(page), new TypeReference<>() {});
  }

  /** Of one lane alone: the session's own, or a subagent's. */
  public Page<MessageView> messages(SessionId session, ThreadId threadId, PageRequest page) {
    return http.get(
        of(session, "/messages") + paged(page) + threadParam(threadId), new TypeReference<>() {});
  }

  /** Of one lane alone. */
  public Page<ToolCallView> toolCalls(SessionId session, ThreadId threadId, PageRequest page) {
    return http.get(
        of(session, "/tool-calls") + paged(page) + threadParam(threadId), new TypeReference<>() {});
  }

  private static String threadParam(ThreadId threadId) {
    return "&thread_id=" + threadId;
  }

  /** In order of the record. */
  public Page<ToolCallView> toolCalls(SessionId session, PageRequest page) {
    return http.get(of(session, "/tool-calls") + paged(page), new TypeReference<>() {});
  }

  /** Newest first. */
  public Page<RunView> runs(SessionId session, PageRequest page) {
    return http.get(of(session, "/runs") + paged(page), new TypeReference<>() {});
  }

  public RunView run(SessionId session, RunId run) {
    return http.get(of(session, "/runs/" + run), new TypeReference<>() {});
  }

  /**
   * Facts {@code (after..after+limit]} of the record as the service wrote them, one JSON object
   * each, readable as {@link io.agentledger.api.session.stream.StreamItem}; fewer are all there
   * are.
   */
  public List<Json> events(SessionId session, long after, int limit) {
    var path = of(session, "/events?format=json&after=" + after + "&limit=" + limit);
    return http.<Page<Json>>get(path, new TypeReference<>() {}).items();
  }

  /**
   * The facts behind {@code after}, and then what comes, frames included.
   *
   * @param after a sequence; 0 is the whole story
   */
  public SessionEventStream stream(
      SessionId session, long after, SessionEventStream.ReconnectPolicy reconnectPolicy) {
    return new SessionEventStream(http, of(session, "/events"), after, reconnectPolicy);
  }

  /** What the operator lets sessions see of its host, by name. */
  public List<NamedDirectory> offeredDirectories() {
    return http.<Page<NamedDirectory>>get("/api/v1/directories", new TypeReference<>() {}).items();
  }

  /** What it sees of the host beside its workspace, by name. */
  public List<DirectoryView> directories(SessionId session) {
    return http.<Page<DirectoryView>>get(of(session, "/directories"), new TypeReference<>() {})
        .items();
  }

  /** What its agent works with. */
  public WorkspaceFilesClient files(SessionId session) {
    return new WorkspaceFilesClient(http, of(session, "/files"));
  }

  /**
   * A branch of it, which begins with its conversation and files.
   *
   * @param checkpoint where it begins; null is the last one
   */
  public SessionView fork(SessionId session, @Nullable CheckpointId checkpoint) {
    return fork(session, checkpoint, null);
  }

  /**
   * The same, carried out by another.
   *
   * @param executionMode interactive or background; null is the original's
   */
  public SessionView fork(
      SessionId session, @Nullable CheckpointId checkpoint, @Nullable ExecutionMode executionMode) {
    var body = new LinkedHashMap<String, Object>();
    SessionDefinitionJson.put(body, "checkpoint_id", checkpoint);
    SessionDefinitionJson.put(body, "executor", executionMode);
    return http.post(of(session, "/fork"), body, new TypeReference<>() {});
  }

  /** Another one with all of it. */
  public SessionView cloneSession(SessionId session) {
    return cloneSession(session, null);
  }

  /** The same, carried out by another, as with a branch. */
  public SessionView cloneSession(SessionId session, @Nullable ExecutionMode executionMode) {
    var body = new LinkedHashMap<String, Object>();
    SessionDefinitionJson.put(body, "executor", executionMode);
    return http.post(of(session, "/clone"), body, new TypeReference<>() {});
  }

  /**
   * @param title null takes it away
   */
  public SessionView rename(SessionId session, @Nullable String title) {
    var body = new LinkedHashMap<String, Object>();
    SessionDefinitionJson.put(body, "title", title);
    return http.put(of(session, "/title"), body, new TypeReference<>() {});
  }

  /** These tags and no others. */
  public SessionView tag(SessionId session, Set<String> tags) {
    return http.put(of(session, "/tags"), Map.of("tags", tags), new TypeReference<>() {});
  }

  /** Where it goes in its life. */
  public enum LifecycleAction {
    PAUSE,
    UNPAUSE,
    ARCHIVE,
    RESTORE,
    /** For good. */
    CLOSE
  }

  /** Twice is safe. */
  public SessionView perform(SessionId session, LifecycleAction lifecycleAction) {
    var path = of(session, "/" + lifecycleAction.name().toLowerCase(Locale.ROOT));
    return http.post(path, Map.of(), new TypeReference<>() {});
  }

  /** Closes it and takes it out of sight. */
  public void delete(SessionId session) {
    http.delete(of(session, ""));
  }

  /** What waits for somebody in any session that I may see, oldest first. */
  public Page<PendingActionView> pending(PageRequest page) {
    return http.get("/api/v1/permissions/pending" + paged(page), new TypeReference<>() {});
  }

  /** What people were asked in a session and what they said, oldest first. */
  public Page<DecisionView> decisions(SessionId session, PageRequest page) {
    return http.get(of(session, "/permissions") + paged(page), new TypeReference<>() {});
  }

  private static String of(SessionId session, String what) {
    return PATH + "/" + session + what;
  }

  static String paged(PageRequest page) {
    var cursor = page.cursor();
    return "?limit="
        + page.limit()
        + (cursor == null ? "" : "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8));
  }
}
