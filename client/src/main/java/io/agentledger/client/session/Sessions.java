package io.agentledger.client.session;

import io.agentledger.api.session.Activity;
import io.agentledger.api.session.MessageView;
import io.agentledger.api.session.Receipt;
import io.agentledger.api.session.RunId;
import io.agentledger.api.session.RunView;
import io.agentledger.api.session.SessionId;
import io.agentledger.api.session.SessionView;
import io.agentledger.api.session.ThreadId;
import io.agentledger.api.session.ToolCallView;
import io.agentledger.api.shared.Json;
import io.agentledger.api.shared.Page;
import io.agentledger.api.shared.PageRequest;
import io.agentledger.client.support.Http;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Sessions over the public API. Every call blocks; any number of threads may call. */
public final class Sessions {
  private static final String PATH = "/api/v1/sessions";

  private final Http http;

  public Sessions(Http http) {
    this.http = http;
  }

  public SessionView open(Opening opening) {
    var body = new LinkedHashMap<String, Object>();
    if (opening.title() != null) body.put("title", opening.title());
    if (!opening.metadata().isEmpty()) body.put("metadata", opening.metadata());
    if (opening.folder() != null) body.put("workspace", copyOf(opening.folder()));
    SayingJson.options(body, opening.wishes());
    return http.post(PATH, body, new TypeReference<>() {});
  }

  public SessionView find(SessionId session) {
    return http.get(of(session, ""), new TypeReference<>() {});
  }

  /** Newest first. */
  public Page<SessionView> list(@Nullable Activity activity, PageRequest page) {
    var filter = activity == null ? "" : "&activity=" + activity.name().toLowerCase(Locale.ROOT);
    return http.get(PATH + paged(page) + filter, new TypeReference<>() {});
  }

  /** Atomic and in order; its receipt says behind which fact the story goes on. */
  public Receipt submit(SessionId session, List<? extends Saying> sayings) {
    var inputs = sayings.stream().map(SayingJson::of).toList();
    return http.post(of(session, "/inputs"), Map.of("inputs", inputs), new TypeReference<>() {});
  }

  public Receipt interrupt(SessionId session) {
    return submit(session, List.of(new Saying.Interrupt()));
  }

  /** In order of the record, prompts included. */
  public Page<MessageView> messages(SessionId session, PageRequest page) {
    return http.get(of(session, "/messages") + paged(page), new TypeReference<>() {});
  }

  /** Of one lane alone: the session's own, or a subagent's. */
  public Page<MessageView> messages(SessionId session, ThreadId lane, PageRequest page) {
    return http.get(of(session, "/messages") + paged(page) + on(lane), new TypeReference<>() {});
  }

  /** Of one lane alone. */
  public Page<ToolCallView> toolCalls(SessionId session, ThreadId lane, PageRequest page) {
    return http.get(of(session, "/tool-calls") + paged(page) + on(lane), new TypeReference<>() {});
  }

  private static String on(ThreadId lane) {
    return "&thread_id=" + lane;
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
   * each, readable as {@link io.agentledger.api.session.StreamItem}; fewer are all there are.
   */
  public List<Json> facts(SessionId session, long after, int limit) {
    var path = of(session, "/events?format=json&after=" + after + "&limit=" + limit);
    return http.<Page<Json>>get(path, new TypeReference<>() {}).items();
  }

  /**
   * The facts behind {@code after}, and then what comes, frames included.
   *
   * @param after a sequence; 0 is the whole story
   */
  public Story follow(SessionId session, long after, Story.Patience patience) {
    return new Story(http, of(session, "/events"), after, patience);
  }

  private static Map<String, String> copyOf(Path folder) {
    var copy = new LinkedHashMap<String, String>();
    copy.put("kind", "copy");
    copy.put("path", folder.toString());
    return copy;
  }

  private static String of(SessionId session, String what) {
    return PATH + "/" + session + what;
  }

  private static String paged(PageRequest page) {
    var cursor = page.cursor();
    return "?limit="
        + page.limit()
        + (cursor == null ? "" : "&cursor=" + URLEncoder.encode(cursor, StandardCharsets.UTF_8));
  }
}
