package io.agentledger.command.model;

import io.agentledger.command.model.ModelRequest.Operation;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
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

  /** Fields by which the model API connects to other services or executes programs. */
  private static final List<String> REFUSED_FIELDS = List.of("mcp_servers", "container");

  /** Sources of content that the request itself contains. */
  private static final Set<String> OWN_SOURCES = Set.of("base64", "text", "content");

  private static final Pattern EFFORT = Pattern.compile("[a-z]{1,10}");

  /** The CLI repeats a failed request up to 15 times. */
  private static final int USES_MAX = 16;

  private static final String INVALID_BODY =
      "The request body is not valid JSON without repeated names, in UTF-8.";

  private static final JsonMapper STRICT =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

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
    private static Check permitted(JsonNode body, int searchCount) {
      return new Check(Optional.empty(), body.path("model").asString(""), searchCount);
    }

    private static Check refused(String reason) {
      return new Check(Optional.of(reason), "", 0);
    }
  }

  /** Checks a request. Parses the whole body, so call it outside of event loops. */
  Check check(ModelRequest request) {
    if (!isPlainJson(request.headers()))
      return Check.refused(
          "The model gateway accepts application/json in UTF-8 without a content encoding only.");
    JsonNode body;
    try {
      var text = new String(request.body(), StandardCharsets.UTF_8);
      if (!isUtf8(request.body(), text)) return Check.refused(INVALID_BODY);
      body = STRICT.readTree(text);
    } catch (JacksonException e) {
      return Check.refused(INVALID_BODY);
    }
    if (!body.isObject()) return Check.refused("The request body is not a JSON object.");
    for (String field : REFUSED_FIELDS)
      if (body.has(field)) return Check.refused("The model gateway refuses " + field + ".");
    if (refersElsewhere(body.path("system")) || refersElsewhere(body.path("messages")))
      return Check.refused("The model gateway refuses content that the request does not contain.");
    return checkTools(request.operation(), body);
  }

  /** Returns whether the text was decoded from UTF-8 without a replacement. */
  private static boolean isUtf8(byte[] bytes, String text) {
    return Arrays.equals(bytes, text.getBytes(StandardCharsets.UTF_8));
  }

  private static boolean isPlainJson(HttpHeaders headers) {
    var types = headers.getAll(HttpHeaderNames.CONTENT_TYPE);
    return types.size() == 1
        && JSON_TYPE.matcher(types.getFirst().strip()).matches()
        && !headers.contains(HttpHeaderNames.CONTENT_ENCODING);
  }

  /**
   * Returns whether a block, at any depth, has content that the model API would have to load. The
   * inputs of tool calls are data.
   */
  private static boolean refersElsewhere(JsonNode node) {
    if (node.isArray()) {
      for (var element : node) if (refersElsewhere(element)) return true;
      return false;
    }
    if (!node.isObject()) return false;
    var source = node.path("source");
    if (source.isObject() && !OWN_SOURCES.contains(source.path("type").asString(""))) return true;
    if (node.path("type").asString("").equals("container_upload")) return true;
    for (var field : node.properties())
      if (!field.getKey().equals("input") && refersElsewhere(field.getValue())) return true;
    return false;
  }

  private Check checkTools(Operation operation, JsonNode body) {
    var tools = body.path("tools");
    if (tools.isMissingNode() || tools.isNull()) return Check.permitted(body, 0);
    if (!tools.isArray()) return Check.refused("tools: must be an array");
    if (tools.valueStream().allMatch(ModelRequestGuard::isExecutedByCli))
      return Check.permitted(body, 0);
    return operation == Operation.MESSAGES && tools.size() == 1 && usePermit(body, tools.get(0))
        ? Check.permitted(body, SEARCHES_MAX)
        : Check.refused(
            "The model gateway refuses tools that the model API executes, except for the search of"
                + " a WebSearch call that is allowed and in progress.");
  }

  private static boolean isExecutedByCli(JsonNode tool) {
    var type = tool.path("type");
    return tool.isObject()
        && tool.path("input_schema").isObject()
        && (type.isMissingNode() || type.isString() && type.asString().equals("custom"));
  }

  /** Returns whether the request is the CLI's search for an open permit, which it uses once. */
  private synchronized boolean usePermit(JsonNode body, JsonNode tool) {
    if (!hasNoTextBesides(body) || !isSearch(tool) || !isSystemOfSearch(body.path("system")))
      return false;
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
    return texts.size() == Set.copyOf(texts).size()
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
