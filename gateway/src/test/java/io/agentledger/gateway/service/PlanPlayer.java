package io.agentledger.gateway.service;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Fake model that executes a plan in its prompt, {@code plan NAME STEPS [PREFIX]}: one command for
 * each step, which appends the step's mark and the call's id to a file. At a new prompt it begins;
 * after an interruption it first reads the file. It keeps no state between requests.
 */
final class PlanPlayer {
  /** File in the workspace to which each call appends a line. */
  static final String NONCES = "nonces.txt";

  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern PLAN = Pattern.compile("plan ([a-z0-9]+) (\\d+)(?: (\\S+))?");
  private static final String INTERRUPTED = "You were interrupted by a failure of the machine";
  private static final String LOOK = "look";
  private static final int CALLS_PER_STEP_MAX = 4;

  private final String plan;
  private final int steps;
  private final String prefix;
  private final Map<String, String> marks = new HashMap<>();
  private final Set<String> done = new HashSet<>();
  private final StringBuilder results = new StringBuilder();
  private boolean mustLook;

  /**
   * One response.
   *
   * @param plan name of the plan; empty for a request without one
   */
  record Step(String plan, String text, Optional<Call> call) {
    String stopReason() {
      return call.isPresent() ? "tool_use" : "end_turn";
    }
  }

  /**
   * A shell command.
   *
   * @param mark mark of its step, or of a read
   */
  record Call(String id, String mark, String command) {
    ObjectNode input() {
      return JSON.createObjectNode().put("command", command).put("description", "Go on");
    }
  }

  private PlanPlayer(Matcher plan) {
    this.plan = plan.group(1);
    this.steps = Integer.parseInt(plan.group(2));
    this.prefix = plan.group(3) == null ? "" : ": " + plan.group(3) + "; ";
  }

  /**
   * Returns the next response.
   *
   * @param callId id of the call, if there is one
   */
  static Step next(JsonNode messages, String callId) {
    for (int at = messages.size() - 1; at >= 0; at--) {
      if (!messages.get(at).path("role").asString("").equals("user")) continue;
      Matcher found = PLAN.matcher(text(messages.get(at)));
      if (!found.find()) continue;
      var player = new PlanPlayer(found);
      for (; at < messages.size(); at++) player.read(messages.get(at));
      return player.next(callId);
    }
    return new Step("", "There is no plan.", Optional.empty());
  }

  private static String text(JsonNode message) {
    JsonNode content = message.path("content");
    if (content.isString()) return content.asString();
    var text = new StringBuilder();
    content.forEach(block -> text.append(block.path("text").asString("")).append('\n'));
    return text.toString();
  }

  private void read(JsonNode message) {
    if (text(message).contains(INTERRUPTED)) mustLook = true;
    for (JsonNode block : message.path("content")) {
      String type = block.path("type").asString("");
      if (type.equals("tool_use")) readCall(block);
      if (type.equals("tool_result")) readResult(block);
    }
  }

  private void readCall(JsonNode block) {
    Matcher mark =
        Pattern.compile("echo (" + plan + "-\\d+) ")
            .matcher(block.path("input").path("command").asString(""));
    marks.put(block.path("id").asString(""), mark.find() ? mark.group(1) : LOOK);
  }

  private void readResult(JsonNode block) {
    String mark = marks.getOrDefault(block.path("tool_use_id").asString(""), "");
    if (mark.equals(LOOK)) mustLook = false;
    if (block.path("is_error").asBoolean(false)) done.add(mark);
    results.append(block.path("content")).append('\n');
  }

  private Step next(String callId) {
    boolean tooMany = marks.size() > steps * CALLS_PER_STEP_MAX;
    if (mustLook && !tooMany) {
      var look = new Call(callId, LOOK, "cat " + NONCES + " 2>/dev/null; true");
      return new Step(plan, "I was interrupted, so I look first.", Optional.of(look));
    }
    for (int step = 0; step < steps && !tooMany; step++) {
      String mark = plan + "-" + step;
      if (done.contains(mark) || results.indexOf(mark + " ") >= 0) continue;
      String append = "echo %s %s >> %s".formatted(mark, callId, NONCES);
      String command = prefix + "sleep 0.2; " + append + "; sleep 0.4; cat " + NONCES;
      return new Step(
          plan, "I go on with the next step of it.", Optional.of(new Call(callId, mark, command)));
    }
    return new Step(plan, tooMany ? "It does not get on." : "All is done.", Optional.empty());
  }
}
