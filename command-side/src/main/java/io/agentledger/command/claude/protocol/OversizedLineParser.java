package io.agentledger.command.claude.protocol;

import java.io.InputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Identifies a line that is too long to be held in memory: large values are skipped, never built.
 */
final class OversizedLineParser {
  private static final int SCALAR_MAX = 1 << 16;
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(SCALAR_MAX)
                  .maxDocumentLength(-1)
                  .build())
          .build();

  private OversizedLineParser() {}

  static ClaudeMessage parse(InputStream line, long bytes) {
    String type = "";
    String subtype = "";
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return new ClaudeMessage.MalformedLine(bytes);
      }
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        JsonToken value = parser.nextToken();
        if (value.isStructStart()) {
          parser.skipChildren();
        } else if (name.equals("type")) {
          type = parser.getString();
        } else if (name.equals("subtype")) {
          subtype = parser.getString();
        }
      }
      return new ClaudeMessage.OversizedLine(type, subtype, bytes);
    } catch (JacksonException broken) {
      return new ClaudeMessage.MalformedLine(bytes);
    }
  }
}
