package io.agentledger.projection.support;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A {@link Sealed} as the bytes of its ColumnJson.MAPPER. */
@Converter
@Immutable
public class SealedColumn implements AttributeConverter<Sealed, byte[]> {
  @Override
  public byte @Nullable [] convertToDatabaseColumn(@Nullable Sealed sealed) {
    return sealed == null ? null : ColumnJson.MAPPER.writeValueAsBytes(sealed);
  }

  @Override
  public @Nullable Sealed convertToEntityAttribute(byte @Nullable [] column) {
    return column == null ? null : ColumnJson.MAPPER.readValue(column, Sealed.class);
  }
}
