package io.agentledger.store.event;

import io.agentledger.api.shared.Json;
import io.agentledger.store.support.UntrustedJson;
import java.io.StringWriter;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;

/**
 * Reads and writes a third party's JSON value token by token: no number is rounded, no key sorted.
 */
final class RawJsonModule extends SimpleModule {
  private static final long serialVersionUID = 1L;
  private static final JsonMapper PLAIN = UntrustedJson.MAPPER;

  RawJsonModule() {
    addSerializer(Json.class, new Writer());
    addDeserializer(Json.class, new Reader());
  }

  private static final class Writer extends ValueSerializer<Json> {
    @Override
    public void serialize(Json json, JsonGenerator to, SerializationContext context) {
      try (JsonParser text = PLAIN.createParser(json.text())) {
        text.nextToken();
        to.copyCurrentStructureExact(text);
        if (text.nextToken() != null)
          throw new IllegalArgumentException("more than one JSON value");
      }
    }
  }

  private static final class Reader extends ValueDeserializer<Json> {
    @Override
    public Json deserialize(JsonParser from, DeserializationContext context) {
      var text = new StringWriter();
      try (JsonGenerator to = PLAIN.createGenerator(text)) {
        to.copyCurrentStructureExact(from);
      }
      return new Json(text.toString());
    }

    @Override
    public Json getNullValue(DeserializationContext context) {
      return Json.NULL;
    }
  }
}
