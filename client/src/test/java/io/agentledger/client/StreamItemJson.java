package io.agentledger.client;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Literal JSON in the format of the API. */
public final class StreamItemJson {
  public static final String STATUS =
      """
      {"version":"0.1.0","revision":"abc","node":"node-1","upstream":"rehearsal",\
      "sandbox":"full","sandbox_reason":"","cli_version":"2.1.197"}""";

  private static final Pattern SEQUENCE = Pattern.compile("\"sequence\":(\\d+)");
  private static final String USAGE =
      """
      {"input_tokens":120,"output_tokens":30,"cache_read_tokens":0,"cache_write_tokens":0,\
      "long_cache_write_tokens":0}""";

  private StreamItemJson() {}

  public static String session(String activity, long sequence) {
    return """
        {"id":"%s","owner_id":"usr_hhhhhhhhhh","metadata":{},"lifecycle":"open","activity":"%s","sequence":%d,
         "agent":{"id":"agt_jjjjjjjjjj","version":1,"name":"default"},
         "environment":{"id":"env_kkkkkkkkkk","name":"default"},
         "options":{"model":"claude-sonnet-4-5","permission_mode":"default","allowed_tools":[],
          "disallowed_tools":[],"max_turns":100,"timeout_seconds":3600},
         "budget":{"type":"unlimited"},"workspace":{"type":"copy","files":3,"bytes":2048},
         "origin":{"type":"fresh"},"queued":0,"pending_actions":[],"runs":1,"usage":%s,
         "cost_usd":"0.0123","created_at":"2026-11-20T09:00:00Z",
         "updated_at":"2026-11-20T09:00:01Z","of_a_later_version":true}"""
        .formatted(FakeService.SESSION, activity, sequence, USAGE);
  }

  /** Returns a prompt in a list of messages. */
  public static String prompt(String text) {
    return """
        {"message_id":"msg_gggggggggg","block_index":0,"query_id":"%s","run_id":"%s",
         "thread_id":"%s","role":"user","block_type":"text",
         "block":{"type":"text","text":"%s"},"retracted":false,"sequence":2,
         "at":"2026-11-20T09:00:00Z"}"""
        .formatted(FakeService.QUERY, FakeService.RUN, FakeService.THREAD, text);
  }

  public static String receipt(long after, boolean prompt) {
    var queries =
        """
        {"query_id":"%s","run_id":"%s","queue_position":0}"""
            .formatted(FakeService.QUERY, FakeService.RUN);
    return """
        {"session_id":"%s","after":%d,"queries":[%s]}"""
        .formatted(FakeService.SESSION, after, prompt ? queries : "");
  }

  public static String init(long sequence) {
    return statusEvent(
        sequence,
        "init",
        "RunInitialized",
        """
        "model":"rehearsal-1","tools":["Read","Bash"],\
        "mcp_servers":[{"name":"files","status":"failed"}],"permission_mode":"default",\
        "cli_version":"2.1.197","upstream":"rehearsal","sandbox":"shared-uid"
            """);
  }

  public static String delta(int block, String blockType, String text) {
    return transientEvent(
        "partial",
        """
        "message_id":"msg_gggggggggg","block_index":%d,"phase":"delta","block_type":"%s","text":"%s"
            """
            .formatted(block, blockType, text));
  }

  /** Returns a transient progress item. */
  public static String progress(String fields) {
    return transientEvent("progress", fields);
  }

  /** Last item of a playback. */
  public static String playedBack() {
    return transientEvent("done", "\"reason\":\"played_back\",\"replay\":true");
  }

  public static String message(long sequence, int block, String blockType, String text) {
    return statusEvent(
        sequence,
        "message",
        "MessageReceived",
        """
        "message_id":"msg_gggggggggg","block_index":%d,"role":"assistant","origin":"model",\
        "block":{"type":"%s","%s":"%s"}"""
            .formatted(block, blockType, blockType, text));
  }

  public static String called(long sequence, String name, String input, String verdict) {
    return statusEvent(
        sequence,
        "tool",
        "ToolCalled",
        """
        "phase":"called","tool_call_id":"%s","name":"%s","input":%s,"verdict":"%s",\
        "rule":"the rule"
            """
            .formatted(FakeService.CALL, name, input, verdict));
  }

  public static String returned(long sequence, String output, String status) {
    return statusEvent(
        sequence,
        "tool",
        "ToolReturned",
        """
        "phase":"returned","tool_call_id":"%s","output":%s,"status":"%s","is_error":false"""
            .formatted(FakeService.CALL, output, status));
  }

  public static String permission(long sequence) {
    return statusEvent(
        sequence,
        "permission",
        "PermissionRequested",
        """
        "phase":"requested","action_id":"%s","tool_call_id":"%s","tool":"Bash",\
        "input":{"command":"npm test"},"input_digest":"d1","reason":"no rule allows it"
            """
            .formatted(FakeService.ACTION, FakeService.CALL));
  }

  public static String decided(long sequence, String decision) {
    return statusEvent(
        sequence,
        "permission",
        "PermissionDecided",
        """
        "phase":"decided","action_id":"%s","decision":"%s","actor":"user:usr_hhhhhhhhhh"
            """
            .formatted(FakeService.ACTION, decision));
  }

  public static String question(long sequence) {
    return statusEvent(
        sequence,
        "question",
        "QuestionAsked",
        """
        "phase":"asked","action_id":"%s","tool_call_id":"%s","questions":[{"question":"Which?",\
        "options":[{"label":"Red","description":"warm"},{"label":"Blue"}]}]"""
            .formatted(FakeService.ACTION, FakeService.CALL));
  }

  public static String elicitation(long sequence) {
    return statusEvent(
        sequence,
        "elicitation",
        "ElicitationRequested",
        """
        "phase":"asked","action_id":"%s","tool_call_id":"%s","server":"shop","mode":"form",\
        "request":{"message":"Who pays?","requested_schema":{"type":"object","properties":{\
        "name":{"type":"string","title":"Your name"},"count":{"type":"integer"},\
        "size":{"type":"string","enum":["S","M"],"default":"M"}}}}"""
            .formatted(FakeService.ACTION, FakeService.CALL));
  }

  public static String status(long sequence, String event, String fields) {
    return statusEvent(sequence, "status", event, fields);
  }

  public static String result(long sequence, String stopReason, boolean isError, String text) {
    return statusEvent(
        sequence,
        "result",
        isError ? "RunFailed" : "RunCompleted",
        """
        "stop_reason":"%s","result":"%s","usage":%s,"cost_usd":"0","duration_ms":8400,\
        "num_turns":3,"is_error":%s,"upstream":"rehearsal"
            """
            .formatted(stopReason, text, USAGE, isError));
  }

  public static String statusEvent(long sequence, String type, String event, String fields) {
    return """
        {"type":"%s","event":"%s","session_id":"%s","run_id":"%s","thread_id":"%s","sequence":%d,\
        "at":"2026-11-20T09:00:00Z",%s}"""
        .formatted(
            type,
            event,
            FakeService.SESSION,
            FakeService.RUN,
            FakeService.THREAD,
            sequence,
            fields.strip());
  }

  private static String transientEvent(String type, String fields) {
    return """
        {"type":"%s","session_id":"%s","run_id":"%s","thread_id":"%s",\
        "at":"2026-11-20T09:00:00Z",%s}"""
        .formatted(type, FakeService.SESSION, FakeService.RUN, FakeService.THREAD, fields.strip());
  }

  static @Nullable Long sequence(String item) {
    var found = SEQUENCE.matcher(item);
    return found.find() ? Long.valueOf(found.group(1)) : null;
  }
}
