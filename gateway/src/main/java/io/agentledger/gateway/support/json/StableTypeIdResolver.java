package io.agentledger.gateway.support.json;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.agentledger.api.shared.StableNames;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DatabindContext;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.jsontype.impl.TypeIdResolverBase;

/** Resolves the discriminator of the records of a sealed type, by their stable names. */
final class StableTypeIdResolver extends TypeIdResolverBase {
  private @Nullable JavaType baseType;

  @Override
  public void init(JavaType sealedType) {
    baseType = sealedType;
  }

  @Override
  public String idFromValue(DatabindContext context, Object value) {
    return StableNames.of(value.getClass());
  }

  @Override
  public String idFromValueAndType(DatabindContext context, Object value, Class<?> type) {
    return StableNames.of(type);
  }

  @Override
  @SuppressWarnings("NullAway") // Null means an unknown type; Jackson is not annotated.
  public JavaType typeFromId(DatabindContext context, String id) {
    var sealedType = Objects.requireNonNull(baseType);
    return StableNames.find(sealedType.getRawClass(), id)
        .map(record -> context.constructSpecializedType(sealedType, record))
        .orElse(null);
  }

  @Override
  public JsonTypeInfo.Id getMechanism() {
    return JsonTypeInfo.Id.CUSTOM;
  }
}
