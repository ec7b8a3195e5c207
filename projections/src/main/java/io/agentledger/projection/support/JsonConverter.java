package io.agentledger.projection.support;

import jakarta.persistence.AttributeConverter;
import org.jspecify.annotations.Nullable;

/** Converts a value of {@code api} to its JSON text; not for content. */
public abstract class JsonConverter<T> implements AttributeConverter<T, String> {
  private final Class<T> type;

  protected JsonConverter(Class<T> type) {
    this.type = type;
  }

  @Override
  public @Nullable String convertToDatabaseColumn(@Nullable T value) {
    return value == null ? null : ColumnJsonMapper.MAPPER.writerFor(type).writeValueAsString(value);
  }

  @Override
  public @Nullable T convertToEntityAttribute(@Nullable String column) {
    return column == null ? null : ColumnJsonMapper.MAPPER.readValue(column, type);
  }
}
