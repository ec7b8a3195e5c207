package io.agentledger.gateway.docs;

import io.agentledger.api.session.stream.StreamItem;
import io.agentledger.api.shared.StableNames;
import io.agentledger.gateway.ApiTestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Checks references to the API: {@code POST /path field.of.the.body}, {@code GET /path ->
 * field.of.the.answer}, either with {@code =value} behind it, {@code RSocket route}, {@code
 * WebSocket path} or {@code stream type}.
 */
final class ApiReferenceChecker {
  private final JsonNode document;
  private final String features;

  ApiReferenceChecker() {
    try {
      document =
          new JsonMapper()
              .readTree(Files.readString(ApiTestServer.root().resolve("docs/openapi.json")));
      var pages = new StringBuilder();
      try (var files = Files.list(ApiTestServer.root().resolve("docs/features"))) {
        for (var file : files.toList()) pages.append(Files.readString(file));
      }
      features = pages.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the error of a reference; empty if it is valid. */
  Optional<String> findError(String address) {
    var words = address.split(" ");
    boolean known =
        switch (words[0]) {
          case "RSocket", "WebSocket" ->
              words.length == 2 && features.contains("| " + words[0] + " | `" + words[1] + "` |");
          case "stream" -> words.length == 2 && streamTypes().contains(words[1]);
          default -> isOperation(words);
        };
    return known ? Optional.empty() : Optional.of("there is no " + address);
  }

  private static List<String> streamTypes() {
    return Arrays.stream(StreamItem.Body.class.getPermittedSubclasses())
        .map(StableNames::of)
        .toList();
  }

  private boolean isOperation(String[] words) {
    if (words.length < 2) return false;
    var operation = document.path("paths").path(words[1]).path(words[0].toLowerCase(Locale.ROOT));
    return switch (words.length) {
      case 2 -> operation.isObject();
      case 3 ->
          words[2].startsWith("?")
              ? hasParameter(operation, words[2].substring(1))
              : hasField(schemas(operation.path("requestBody")), words[2]);
      case 4 ->
          words[2].equals("->")
              && hasField(
                  operation.path("responses").valueStream().flatMap(this::schemas), words[3]);
      default -> false;
    };
  }

  private static boolean hasParameter(JsonNode operation, String parameter) {
    return operation
        .path("parameters")
        .valueStream()
        .anyMatch(node -> node.path("name").asString("").equals(parameter));
  }

  private Stream<JsonNode> schemas(JsonNode content) {
    return content.path("content").valueStream().map(type -> type.path("schema"));
  }

  private boolean hasField(Stream<JsonNode> schemas, String field) {
    var parts = field.split("=", 2);
    var found = schemas.flatMap(this::alternatives);
    for (var name : parts[0].split("\\."))
      found = found.map(schema -> schema.path("properties").path(name)).flatMap(this::alternatives);
    return found.anyMatch(schema -> parts.length == 1 || isAllowed(schema, parts[1]));
  }

  /** Returns every schema that a value may have, with resolved references and items of lists. */
  private Stream<JsonNode> alternatives(JsonNode schema) {
    if (schema.isMissingNode()) return Stream.empty();
    var reference = schema.path("$ref").asString("");
    if (!reference.isEmpty()) return alternatives(document.at(reference.substring(1)));
    if (schema.has("oneOf")) return schema.path("oneOf").valueStream().flatMap(this::alternatives);
    if (schema.has("items")) return Stream.concat(Stream.of(schema), items(schema));
    return Stream.of(schema);
  }

  private Stream<JsonNode> items(JsonNode schema) {
    return alternatives(schema.path("items"));
  }

  private static boolean isAllowed(JsonNode schema, String value) {
    return schema.path("const").asString("").equals(value)
        || schema.path("enum").valueStream().anyMatch(node -> node.asString("").equals(value));
  }
}
