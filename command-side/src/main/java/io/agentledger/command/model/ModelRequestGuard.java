package io.agentledger.command.model;

import io.agentledger.api.shared.OrderedCopy;
import io.agentledger.command.model.ModelRequest.Operation;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Guard of the requests of one process: a request may ask the model for an answer, and the model
 * API for nothing else that reaches a network or executes a program. The only exception is the
 * search of a WebSearch call that is permitted at this moment. Accepts only bodies that have one
 * meaning, so that the model API cannot read anything else in them. Thread-safe.
 */
final class ModelRequestGuard {
  static final String SEARCH_TOOL = "web_search";
  static final int SEARCHES_MAX = 8;

  private static final String SEARCH_TYPE = "web_search_20250305";
  private static final String SEARCH_PROMPT = "Perform a web search for the query: ";
  private static final Set<String> SEARCH_FIELDS =
      Set.of("type", "name", "allowed_domains", "blocked_domains", "max_uses");

  /** Fields of a search, of which only some reach the model; those are checked one by one. */
  private static final Set<String> SEARCH_BODY =
      Set.of(
          "betas",
          "context_management",
          "max_tokens",
          "messages",
          "metadata",
          "model",
          "stream",
          "system",
          "temperature",
          "thinking",
          "tool_choice",
          "tools");

  /** Texts of the CLI's system prompt of a search. */
  private static final Pattern SEARCH_SYSTEM =
      Pattern.compile(
          "x-anthropic-billing-header:(?: [a-z_]{1,20}=[A-Za-z0-9_.-]{1,40};?){1,6}"
              + "|You are Claude Code, Anthropic's official CLI for Claude\\."
              + "|You are Claude Code, Anthropic's official CLI for Claude, running within the"
              + " Claude Agent SDK\\."
              + "|You are a Claude agent, built on Anthropic's Claude Agent SDK\\."
              + "|You are an assistant for performing a web search tool use");

  private static final Pattern JSON_TYPE =
      Pattern.compile(
          "application/json(?:\\s*;\\s*charset=\"?utf-8\"?)?", Pattern.CASE_INSENSITIVE);

  private static final Pattern EFFORT = Pattern.compile("[a-z]{1,10}");

  /** The CLI repeats a failed request up to 15 times. */
  private static final int USES_MAX = 16;

  private static final String INVALID_BODY =
      "The request body is not valid JSON without repeated names, in UTF-8.";

  private static final JsonMapper MAPPER = JsonMapper.builder(ModelRequestBody.STRICT).build();

  private final Map<String, OpenPermit> permits = new HashMap<>();

  private static final class OpenPermit {
    private final WebSearchPermit permit;
    private int uses;

    OpenPermit(WebSearchPermit permit) {
      this.permit = permit;
    }
  }

  /** Permits the search of a call until it has ended. */
  synchronized void permitSearch(String call, WebSearchPermit permit) {
    permits.put(call, new OpenPermit(permit));
  }

  /** Ends the permit of a call; does nothing if it has none. */
  synchronized void endSearch(String call) {
    permits.remove(call);
  }

  /** Ends all permits. */
  synchronized void endSearches() {
    permits.clear();
  }

  /**
   * Result of a check.
   *
   * @param refusal why the request is refused; empty if it is not
   * @param model name of the model that the request asks; empty if it names none
   * @param searchCount number of searches that the model API may make
   */
  record Check(Optional<String> refusal, String model, int searchCount) {
    private static Check refused(String reason) {
      return new Check(Optional.of(reason), "", 0);
    }
  }

  /** Checks a request. Parses the whole body, so call it outside of event loops. */
  Check check(ModelRequest request) {
    if (!isPlainJson(request.headers()))
      return Check.refused(
          "The model gateway accepts application/json in UTF-8 without a content encoding only.");
    var body = ModelRequestBody.read(request.body());
    return body.isEmpty() ? Check.refused(INVALID_BODY) : check(request, body.get());
  }

  private Check check(ModelRequest request, ModelRequestBody body) {
    if (!body.isObject()) return Check.refused("The request body is not a JSON object.");
    if (!body.refusedField().isEmpty())
      return Check.refused("The model gateway refuses " + body.refusedField() + ".");
    if (body.refersElsewhere())
      return Check.refused("The model gateway refuses content that the request does not contain.");
    return switch (body.tools()) {
      case OF_CLI -> new Check(Optional.empty(), body.model(), 0);
      case INVALID -> Check.refused("tools: must be an array");
      case OTHERS ->
          request.operation() == Operation.MESSAGES && usePermit(request.body())
              ? new Check(Optional.empty(), body.model(), SEARCHES_MAX)
              : Check.refused(
                  "The model gateway refuses tools that the model API executes, except for the"
                      + " search of a WebSearch call that is allowed and in progress.");
    };
  }

  private static boolean isPlainJson(HttpHeaders headers) {
    var types = headers.getAll(HttpHeaderNames.CONTENT_TYPE);
    return types.size() == 1
        && JSON_TYPE.matcher(types.getFirst().strip()).matches()
        && !headers.contains(HttpHeaderNames.CONTENT_ENCODING);
  }

  /** Returns whether the request is the CLI's search for an open permit, which it uses once. */
  private synchronized boolean usePermit(byte[] json) {
    if (permits.isEmpty()) return false; // Before a tree is built.
    var body = MAPPER.readTree(json);
    var tool = body.path("tools").path(0);
    if (body.path("tools").size() != 1
        || !hasNoTextBesides(body)
        || !isSearch(tool)
        || !isSystemOfSearch(body.path("system"))) return false;
    var prompt = promptOfSearch(body.path("messages"));
    var open =
        permits.values().stream()
            .filter(permit -> prompt.equals(Optional.of(SEARCH_PROMPT + permit.permit.query())))
            .filter(permit -> hasDomains(tool, permit.permit))
            .findFirst();
    if (open.isEmpty() || open.get().uses >= USES_MAX) return false;
    open.get().uses++;
    return true;
  }

  /** Returns whether no other field can contain instructions for the model. */
  private static boolean hasNoTextBesides(JsonNode body) {
    return body.properties().stream()
        .allMatch(
            field ->
                field.getKey().equals("output_config")
                    ? isEffort(field.getValue())
                    : SEARCH_BODY.contains(field.getKey()));
  }

  private static boolean isEffort(JsonNode options) {
    return options.size() == 1 && EFFORT.matcher(options.path("effort").asString("")).matches();
  }

  private static boolean isSearch(JsonNode tool) {
    var uses = tool.path("max_uses");
    return tool.isObject()
        && SEARCH_FIELDS.containsAll(tool.propertyNames())
        && tool.path("type").asString("").equals(SEARCH_TYPE)
        && tool.path("name").asString("").equals(SEARCH_TOOL)
        && uses.isInt()
        && uses.asInt() >= 1
        && uses.asInt() <= SEARCHES_MAX;
  }

  private static boolean hasDomains(JsonNode tool, WebSearchPermit permit) {
    return WebSearchPermit.texts(tool.path("allowed_domains")).equals(permit.allowedDomains())
        && WebSearchPermit.texts(tool.path("blocked_domains")).equals(permit.blockedDomains());
  }

  private static boolean isSystemOfSearch(JsonNode system) {
    if (!system.isArray() || system.isEmpty()) return false;
    var texts = system.valueStream().map(block -> block.path("text").asString("")).toList();
    return texts.size() == OrderedCopy.of(texts).size()
        && texts.stream().allMatch(text -> SEARCH_SYSTEM.matcher(text).matches());
  }

  /** Returns the text of the only message; empty if there is anything else. */
  private static Optional<String> promptOfSearch(JsonNode messages) {
    if (!messages.isArray() || messages.size() != 1) return Optional.empty();
    var message = messages.get(0);
    if (!message.path("role").asString("").equals("user")) return Optional.empty();
    var content = message.path("content");
    if (content.isString()) return Optional.of(content.asString());
    if (content.size() != 1 || !content.path(0).path("type").asString("").equals("text"))
      return Optional.empty();
    return content.path(0).path("text").asStringOpt();
  }
}
