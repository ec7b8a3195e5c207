package io.agentledger.command.model;

import io.agentledger.store.support.UntrustedJson;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Contents of the body of a request, as far as {@link ModelRequestGuard} needs them for most
 * requests. They are read in one pass, without a tree of the body, which is large and checked
 * before the model is asked.
 */
final class ModelRequestBody {
  /** Factory of parsers of bodies that have one meaning. */
  static final JsonFactory STRICT =
      UntrustedJson.factory()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder().maxStringLength(Integer.MAX_VALUE).build())
          .build();

  /** Fields by which the model API connects to other services or executes programs. */
  private static final Set<String> REFUSED_FIELDS = Set.of("mcp_servers", "container");

  /** Sources of content that the request itself contains. */
  private static final Set<String> OWN_SOURCES = Set.of("base64", "text", "content");

  private boolean object;
  private boolean refersElsewhere;
  private String refusedField = "";
  private String model = "";
  private Tools tools = Tools.OF_CLI;

  /** Kinds of the value of {@code tools}. */
  enum Tools {
    /** None, or tools that the CLI executes. */
    OF_CLI,
    /** At least one that the CLI does not execute. */
    OTHERS,
    /** No array. */
    INVALID
  }

  private ModelRequestBody() {}

  /**
   * Reads a body; empty if it is not JSON without repeated names, in UTF-8, with nothing behind it.
   */
  static Optional<ModelRequestBody> read(byte[] json) {
    var text =
        new InputStreamReader(new ByteArrayInputStream(json), StandardCharsets.UTF_8.newDecoder());
    var body = new ModelRequestBody();
    try (var parser = STRICT.createParser(ObjectReadContext.empty(), text)) {
      body.read(parser);
      return parser.nextToken() == null ? Optional.of(body) : Optional.empty();
    } catch (JacksonException notJsonInUtf8) {
      return Optional.empty();
    }
  }

  boolean isObject() {
    return object;
  }

  /** Returns the last field by which the model API would connect elsewhere; empty without one. */
  String refusedField() {
    return refusedField;
  }

  /** Returns the name of the model; empty if there is none. */
  String model() {
    return model;
  }

  /**
   * Returns whether a block of {@code system} or {@code messages}, at any depth, has content that
   * the model API would have to load. The inputs of tool calls are data.
   */
  boolean refersElsewhere() {
    return refersElsewhere;
  }

  Tools tools() {
    return tools;
  }

  private void read(JsonParser parser) {
    object = parser.nextToken() == JsonToken.START_OBJECT;
    if (!object) {
      parser.skipChildren();
      return;
    }
    for (String field = parser.nextName(); field != null; field = parser.nextName()) {
      if (REFUSED_FIELDS.contains(field)) refusedField = field;
      parser.nextToken();
      switch (field) {
        case "system", "messages" -> readBlocks(parser);
        case "tools" -> tools = readTools(parser);
        case "model" -> model = readScalar(parser);
        default -> parser.skipChildren();
      }
    }
  }

  private void readBlocks(JsonParser parser) {
    switch (parser.currentToken()) {
      case START_ARRAY -> {
        while (parser.nextToken() != JsonToken.END_ARRAY) readBlocks(parser);
      }
      case START_OBJECT -> readBlock(parser);
      default -> {}
    }
  }

  /** Reads a block and returns its type; empty if it has none. */
  private String readBlock(JsonParser parser) {
    String type = "";
    for (String field = parser.nextName(); field != null; field = parser.nextName()) {
      boolean isObject = parser.nextToken() == JsonToken.START_OBJECT;
      if (field.equals("input")) parser.skipChildren();
      else if (field.equals("source") && isObject) {
        if (!OWN_SOURCES.contains(readBlock(parser))) refersElsewhere = true;
      } else if (field.equals("type") && parser.currentToken().isScalarValue())
        type = readScalar(parser);
      else readBlocks(parser);
    }
    if (type.equals("container_upload")) refersElsewhere = true;
    return type;
  }

  private static Tools readTools(JsonParser parser) {
    if (parser.currentToken() == JsonToken.VALUE_NULL) return Tools.OF_CLI;
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return Tools.INVALID;
    }
    boolean areOfCli = true;
    while (parser.nextToken() != JsonToken.END_ARRAY) areOfCli &= isExecutedByCli(parser);
    return areOfCli ? Tools.OF_CLI : Tools.OTHERS;
  }

  private static boolean isExecutedByCli(JsonParser parser) {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return false;
    }
    boolean hasSchema = false;
    boolean isCustom = true;
    for (String field = parser.nextName(); field != null; field = parser.nextName()) {
      JsonToken token = parser.nextToken();
      if (field.equals("input_schema")) hasSchema = token == JsonToken.START_OBJECT;
      else if (field.equals("type"))
        isCustom = token == JsonToken.VALUE_STRING && parser.getString().equals("custom");
      parser.skipChildren();
    }
    return hasSchema && isCustom;
  }

  private static String readScalar(JsonParser parser) {
    boolean hasText =
        parser.currentToken().isScalarValue() && !parser.hasToken(JsonToken.VALUE_NULL);
    String text = hasText ? parser.getString() : "";
    parser.skipChildren();
    return text;
  }
}
