package io.agentledger.store.event;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.ValueSerializer;
import tools.jackson.databind.module.SimpleModule;

/**
 * Bytes in Base64, read and written by the JDK, which uses vector instructions; Jackson, whose
 * format is the same, takes several times as long. Most of a stored event is sealed content.
 */
final class Base64Module extends SimpleModule {
  private static final long serialVersionUID = 1L;

  Base64Module() {
    addSerializer(byte[].class, new Writer());
    addDeserializer(byte[].class, new Reader());
  }

  private static final class Writer extends ValueSerializer<byte[]> {
    @Override
    public void serialize(byte[] bytes, JsonGenerator to, SerializationContext context) {
      to.writeString(new String(Base64.getEncoder().encode(bytes), StandardCharsets.ISO_8859_1));
    }
  }

  private static final class Reader extends ValueDeserializer<byte[]> {
    @Override
    public byte[] deserialize(JsonParser from, DeserializationContext context) {
      if (!from.hasToken(JsonToken.VALUE_STRING)) return from.getBinaryValue();
      String text = from.getString();
      try {
        return Base64.getDecoder().decode(text);
      } catch (IllegalArgumentException e) {
        return (byte[])
            context.handleWeirdStringValue(byte[].class, text, "is not Base64: %s", e.getMessage());
      }
    }
  }
}
