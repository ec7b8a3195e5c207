package io.agentledger.gateway.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Names of the Claude Agent SDK, as {@code surface.mjs} found them in its type declarations.
 *
 * @param version of the npm package
 * @param cli version of the CLI that it is made for
 * @param names by kind, both in the SDK's order
 */
record SdkSurface(String version, String cli, Map<String, List<String>> names) {
  static final String PACKAGE = "@anthropic-ai/claude-agent-sdk";
  static final String FOLDER = "/sdk/";

  static SdkSurface committed() {
    var document = new JsonMapper().readTree(resource("surface.json"));
    var names = new LinkedHashMap<String, List<String>>();
    document
        .path("surface")
        .properties()
        .forEach(
            kind ->
                names.put(
                    kind.getKey(),
                    kind.getValue().values().stream().map(JsonNode::asString).toList()));
    return new SdkSurface(
        document.path("version").asString(), document.path("cli").asString(), names);
  }

  /** Reads a file beside the list of names. */
  static String resource(String name) {
    try (var file = SdkSurface.class.getResourceAsStream(FOLDER + name)) {
      if (file == null) throw new IllegalStateException("no " + FOLDER + name);
      return new String(file.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
