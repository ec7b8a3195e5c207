package io.agentledger.store.event;

import io.agentledger.store.support.UntrustedJson;
import java.nio.charset.StandardCharsets;
import org.axonframework.serialization.ChainingConverter;
import org.axonframework.serialization.SerializationException;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.UnknownSerializedType;
import org.axonframework.serialization.jackson3.ByteArrayToJsonNodeConverter;
import org.axonframework.serialization.jackson3.Jackson3Serializer;
import tools.jackson.core.JacksonException;

/**
 * Serializes as JSON, and reads it by a parser of {@link UntrustedJson}, because others have chosen
 * names of fields in it and the factory of Axon's mapper cannot be replaced.
 */
class StoredJsonSerializer extends Jackson3Serializer {
  StoredJsonSerializer(Builder builder) {
    super(builder);
  }

  /** Creates a serializer of tokens, snapshots and messages. */
  static StoredJsonSerializer create() {
    return new StoredJsonSerializer(
        builder().jsonMapperBuilderCustomizer(JsonMappers::configureStored));
  }

  @Override
  protected void registerConverters(ChainingConverter converter) {
    super.registerConverters(converter);
    converter.registerConverter(new ByteArrayToJsonNodeConverter(UntrustedJson.MAPPER));
  }

  @Override
  @SuppressWarnings("unchecked") // The class is that of the serialized type.
  public <S, T> T deserialize(SerializedObject<S> object) {
    var type = classForType(object.getType());
    if (!(object.getData() instanceof byte[] json)
        || type == Void.class
        || UnknownSerializedType.class.isAssignableFrom(type)) return super.deserialize(object);
    try (var parser = UntrustedJson.MAPPER.createParser(new String(json, StandardCharsets.UTF_8))) {
      return (T) getReader(type).readValue(parser);
    } catch (JacksonException e) {
      throw new SerializationException("an object of " + type.getName() + " is not readable", e);
    }
  }
}
