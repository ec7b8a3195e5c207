package io.agentledger.projection.support;

import jakarta.persistence.AttributeConverter;
import org.jspecify.annotations.Nullable;

/** A value of the published language as the text of its JSON; for what is no content. */
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
