package io.agentledger.projection.session.search;

import io.agentledger.projection.session.search.SearchReader.Kind;
import io.agentledger.store.support.UntrustedJson;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Extracts what is searchable from the content of a message or tool call: its text, or the strings
 * and numbers of its JSON, a line each. Binary data, names of JSON fields and everything after
 * {@link #CHARS_MAX} are not searchable.
 */
public final class SearchableText {
  /** Number of characters of a message, input or output that are searchable. */
  public static final int CHARS_MAX = 256 * 1024;

  private static final JsonMapper JSON = UntrustedJson.MAPPER;
  private static final Set<String> TEXT_BLOCKS = Set.of("text", "thinking");
  private static final Set<String> BINARY_TYPES = Set.of("image", "document", "base64");
  private static final Set<String> UNREADABLE_FIELDS = Set.of("type", "signature", "data");

  private SearchableText() {}

  /** Returns whether a block of a message is searchable; tool calls are on their own. */
  static boolean isText(String blockType) {
    return TEXT_BLOCKS.contains(blockType);
  }

  /** Returns the searchable text of a content that was decrypted. */
  public static String of(Kind kind, String content) {
    if (kind == Kind.PROMPT) return cut(content);
    var text = new StringBuilder();
    try {
      var json = JSON.readTree(content);
      if (kind.isToolCall() || !json.isObject()) append(json, text);
      else {
        append(json.path("text"), text);
        append(json.path("thinking"), text);
      }
    } catch (JacksonException e) {
      return cut(content); // An output may be any text.
    }
    return cut(text.toString());
  }

  private static void append(JsonNode json, StringBuilder text) {
    if (text.length() > CHARS_MAX) return;
    if (json.isObject()) {
      if (BINARY_TYPES.contains(json.path("type").asString(""))) return;
      for (var field : json.properties())
        if (!UNREADABLE_FIELDS.contains(field.getKey()) || field.getValue().isContainer())
          append(field.getValue(), text);
    } else if (json.isArray()) json.forEach(item -> append(item, text));
    else if (json.isString() || json.isNumber()) {
      if (!text.isEmpty()) text.append('\n');
      text.append(json.asString());
    }
  }

  private static String cut(String text) {
    if (text.length() <= CHARS_MAX) return text;
    return text.substring(
        0, Character.isHighSurrogate(text.charAt(CHARS_MAX - 1)) ? CHARS_MAX - 1 : CHARS_MAX);
  }
}
