package io.agentledger.projection.support;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** Converts {@link SealedContent} to the bytes of its JSON. */
@Converter
@Immutable
public class SealedContentConverter implements AttributeConverter<SealedContent, byte[]> {
  @Override
  public byte @Nullable [] convertToDatabaseColumn(@Nullable SealedContent sealed) {
    return sealed == null ? null : ColumnJsonMapper.MAPPER.writeValueAsBytes(sealed);
  }

  @Override
  public @Nullable SealedContent convertToEntityAttribute(byte @Nullable [] column) {
    return column == null ? null : ColumnJsonMapper.MAPPER.readValue(column, SealedContent.class);
  }
}
