package io.agentledger.client;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Literal JSON of the API, as DESIGN 7 has it. */
public final class Items {
  public static final String STATUS =
      """
      {"version":"0.1.0","revision":"abc","node":"node-1","upstream":"rehearsal",\
      "sandbox":"full","sandbox_reason":"","cli_version":"2.1.197"}""";

  private static final Pattern SEQUENCE = Pattern.compile("\"sequence\":(\\d+)");
  private static final String USAGE =
      """
      {"input_tokens":120,"output_tokens":30,"cache_read_tokens":0,"cache_write_tokens":0,\
      "long_cache_write_tokens":0}""";

  private Items() {}

  public static String session(String activity, long sequence) {
    return """
        {"id":"%s","owner":"usr_hhhhhhhhhh","metadata":{},"activity":"%s","sequence":%d,
         "agent":{"id":"agt_jjjjjjjjjj","version":1,"name":"default"},
         "environment":{"id":"env_kkkkkkkkkk","name":"default"},
         "options":{"model":"claude-sonnet-4-5","permission_mode":"acceptEdits","allowed_tools":[],
          "disallowed_tools":[],"max_turns":100,"timeout_seconds":3600},
         "budget":{"type":"unlimited"},"workspace":{"type":"copied","files":3,"bytes":2048},
         "origin":{"type":"fresh"},"queued":0,"pending_actions":[],"runs":1,"usage":%s,
         "cost_usd":"0.0123","created_at":"2026-11-20T09:00:00Z",
         "updated_at":"2026-11-20T09:00:01Z","of_a_later_version":true}"""
        .formatted(StandIn.SESSION, activity, sequence, USAGE);
  }

  public static String receipt(long after, boolean prompt) {
    var queries =
        """
        {"query_id":"%s","run_id":"%s","queued":0}"""
            .formatted(StandIn.QUERY, StandIn.RUN);
    return """
        {"session_id":"%s","after":%d,"queries":[%s]}"""
        .formatted(StandIn.SESSION, after, prompt ? queries : "");
  }

  public static String init(long sequence) {
    return fact(
        sequence,
        "init",
        "RunInitialized",
        """
        "model":"rehearsal-1","tools":["Read","Bash"],\
        "mcp_servers":[{"name":"files","status":"failed"}],"permission_mode":"default",\
        "cli_version":"2.1.197","upstream":"rehearsal","sandbox":"shared-uid"
            """);
  }

  public static String delta(int block, String kind, String text) {
    return frame(
        "partial",
        """
        "message_id":"msg_gggggggggg","block_index":%d,"phase":"delta","kind":"%s","text":"%s"
            """
            .formatted(block, kind, text));
  }

  /** What goes on and is not recorded. */
  public static String progress(String own) {
    return frame("progress", own);
  }

  public static String message(long sequence, int block, String kind, String text) {
    return fact(
        sequence,
        "message",
        "MessageReceived",
        """
        "message_id":"msg_gggggggggg","block_index":%d,"role":"assistant",\
        "block":{"type":"%s","%s":"%s"}"""
            .formatted(block, kind, kind, text));
  }

  public static String called(long sequence, String name, String input, String verdict) {
    return fact(
        sequence,
        "tool",
        "ToolCalled",
        """
        "phase":"called","tool_call_id":"%s","name":"%s","input":%s,"verdict":"%s",\
        "rule":"the rule"
            """
            .formatted(StandIn.CALL, name, input, verdict));
  }

  public static String returned(long sequence, String output, String outcome) {
    return fact(
        sequence,
        "tool",
        "ToolReturned",
        """
        "phase":"returned","tool_call_id":"%s","output":%s,"outcome":"%s","is_error":false"""
            .formatted(StandIn.CALL, output, outcome));
  }

  public static String permission(long sequence) {
    return fact(
        sequence,
        "permission",
        "PermissionRequested",
        """
        "phase":"requested","action_id":"%s","tool_call_id":"%s","tool":"Bash",\
        "input":{"command":"npm test"},"input_digest":"d1","reason":"no rule allows it"
            """
            .formatted(StandIn.ACTION, StandIn.CALL));
  }

  public static String decided(long sequence, String decision) {
    return fact(
        sequence,
        "permission",
        "PermissionDecided",
        """
        "phase":"decided","action_id":"%s","decision":"%s","by":"person:usr_hhhhhhhhhh"
            """
            .formatted(StandIn.ACTION, decision));
  }

  public static String question(long sequence) {
    return fact(
        sequence,
        "question",
        "QuestionAsked",
        """
        "phase":"asked","action_id":"%s","tool_call_id":"%s","questions":[{"question":"Which?",\
        "options":[{"label":"Red","description":"warm"},{"label":"Blue"}]}]"""
            .formatted(StandIn.ACTION, StandIn.CALL));
  }

  public static String elicitation(long sequence) {
    return fact(
        sequence,
        "elicitation",
        "ElicitationRequested",
        """
        "phase":"asked","action_id":"%s","tool_call_id":"%s","server":"shop","mode":"form",\
        "ask":{"message":"Who pays?","requested_schema":{"type":"object","properties":{\
        "name":{"type":"string","title":"Your name"},"count":{"type":"integer"},\
        "size":{"type":"string","enum":["S","M"],"default":"M"}}}}"""
            .formatted(StandIn.ACTION, StandIn.CALL));
  }

  public static String status(long sequence, String fact, String fields) {
    return fact(sequence, "status", fact, fields);
  }

  public static String result(long sequence, String stopReason, boolean isError, String text) {
    return fact(
        sequence,
        "result",
        isError ? "RunFailed" : "RunCompleted",
        """
        "stop_reason":"%s","result":"%s","usage":%s,"cost_usd":"0","duration_ms":8400,\
        "num_turns":3,"is_error":%s,"upstream":"rehearsal"
            """
            .formatted(stopReason, text, USAGE, isError));
  }

  public static String fact(long sequence, String type, String fact, String fields) {
    return """
        {"type":"%s","fact":"%s","session_id":"%s","run_id":"%s","thread_id":"%s","sequence":%d,\
        "at":"2026-11-20T09:00:00Z",%s}"""
        .formatted(
            type, fact, StandIn.SESSION, StandIn.RUN, StandIn.THREAD, sequence, fields.strip());
  }

  private static String frame(String type, String fields) {
    return """
        {"type":"%s","session_id":"%s","run_id":"%s","thread_id":"%s",\
        "at":"2026-11-20T09:00:00Z",%s}"""
        .formatted(type, StandIn.SESSION, StandIn.RUN, StandIn.THREAD, fields.strip());
  }

  static @Nullable Long sequence(String item) {
    var found = SEQUENCE.matcher(item);
    return found.find() ? Long.valueOf(found.group(1)) : null;
  }
}
