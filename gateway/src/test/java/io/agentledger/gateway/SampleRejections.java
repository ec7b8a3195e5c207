package io.agentledger.gateway;

import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.Rejection;
import io.agentledger.gateway.support.json.WireNames;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Samples of all rejections: their texts are the names of their fields in braces, so that codes
 * that contain them are recognized.
 */
public final class SampleRejections {
  private SampleRejections() {}

  /** Returns one rejection of each type. */
  public static List<Rejection> all() {
    var samples = new ArrayList<Rejection>();
    var open = new ArrayList<Class<?>>(List.of(Rejection.class));
    while (!open.isEmpty()) {
      var type = open.removeLast();
      if (type.isSealed()) open.addAll(List.of(type.getPermittedSubclasses()));
      else samples.add(sample(type));
    }
    return samples;
  }

  private static Rejection sample(Class<?> type) {
    var fields = type.getRecordComponents();
    var types = Arrays.stream(fields).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return (Rejection)
          constructor.newInstance(Arrays.stream(fields).map(SampleRejections::value).toArray());
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(type.getName(), e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Object value(RecordComponent field) {
    var type = field.getType();
    if (type == String.class) return "{" + WireNames.toSnakeCase(field.getName()) + "}";
    if (type == int.class) return 1;
    if (type == long.class) return 1L;
    if (type == boolean.class) return true;
    if (type == List.class) return List.of();
    if (type == Duration.class) return Duration.ofSeconds(1);
    if (type == Instant.class) return Instant.EPOCH;
    if (type == Money.class) return Money.ofUsd("1");
    if (type.isEnum()) return type.getEnumConstants()[0];
    throw new IllegalStateException("no sample of " + field);
  }
}
