package io.agentledger.projection.support;

import jakarta.persistence.AttributeConverter;
import org.jspecify.annotations.Nullable;

/** Converts an immutable value of {@code api} to its JSON text; not for content. */
public abstract class JsonConverter<T> implements AttributeConverter<T, String> {
  private static final int REMEMBERED_CHARACTERS_MAX = 4_096;

  private final Class<T> type;

  /** The last value that was read, because most rows have the same one; null at first. */
  private volatile @Nullable Read<T> last;

  protected JsonConverter(Class<T> type) {
    this.type = type;
  }

  /** Value of a column. */
  private record Read<T>(String column, T value) {}

  @Override
  public @Nullable String convertToDatabaseColumn(@Nullable T value) {
    return value == null ? null : ColumnJsonMapper.MAPPER.writerFor(type).writeValueAsString(value);
  }

  @Override
  public @Nullable T convertToEntityAttribute(@Nullable String column) {
    if (column == null) return null;
    var known = last;
    if (known != null && known.column.equals(column)) return known.value;
    var value = ColumnJsonMapper.MAPPER.readValue(column, type);
    if (column.length() <= REMEMBERED_CHARACTERS_MAX) last = new Read<>(column, value);
    return value;
  }
}
