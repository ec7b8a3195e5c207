package io.agentledger.gateway.support.validation;

import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Text in a request that names a model.
 *
 * @param pointer position in the body as a JSON Pointer
 */
public record ModelReference(String pointer, String name) {
  /** Creates the reference of an optional field; null has none. */
  public static Stream<ModelReference> ofNullable(String pointer, @Nullable String name) {
    return name == null ? Stream.empty() : Stream.of(new ModelReference(pointer, name));
  }

  /** Returns the same reference at another position in the body. */
  ModelReference movedBy(UnaryOperator<String> toPointer) {
    return new ModelReference(toPointer.apply(pointer), name);
  }
}
