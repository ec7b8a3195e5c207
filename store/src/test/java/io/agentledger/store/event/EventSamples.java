package io.agentledger.store.event;

import io.agentledger.api.shared.EventFamilies;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.api.shared.Json;
import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Sample values of every type of events, the same in every run: one record for each alternative of
 * each field, so that every subtype and constant occurs.
 */
public final class EventSamples {
  private EventSamples() {}

  /** Returns every stored event type. */
  public static List<Class<?>> events() {
    return EventFamilies.ALL.stream().flatMap(family -> leaves(family).stream()).toList();
  }

  private static List<Class<?>> leaves(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(c -> leaves(c).stream()).toList()
        : List.of(type);
  }

  /** Returns at least one sample. */
  public static <T> List<T> samplesOf(Class<T> type) {
    return values(type, type.getSimpleName()).stream().map(type::cast).toList();
  }

  private static List<Object> values(Type type, String at) {
    if (type instanceof ParameterizedType generic) return collection(generic, at);
    Class<?> plain = (Class<?>) type;
    if (plain == String.class) return List.of("a \"text\" for " + at + " \u00e9\u4e2d\n");
    if (plain == int.class) return List.of(at.hashCode() & 0xff);
    if (plain == long.class) return List.of(1L + Integer.MAX_VALUE + (at.hashCode() & 0xff));
    if (plain == boolean.class) return List.of(true, false);
    if (plain == Duration.class) return List.of(Duration.ofSeconds(3723, 5_000_000));
    if (plain == Instant.class) return List.of(Instant.parse("2026-11-20T09:00:00.123456Z"));
    if (plain == LocalDate.class) return List.of(LocalDate.of(2026, 11, 20));
    if (plain == byte[].class) return List.of(new byte[] {0, 1, -1, 127, -128});
    if (plain == Json.class)
      return List.of(new Json("{\"n\":1.10,\"big\":12345678901234567890,\"a\":[null,true]}"));
    if (plain.isEnum()) return List.of(plain.getEnumConstants());
    if (Id.class.isAssignableFrom(plain)) return List.of(id(plain, at));
    if (plain.isSealed())
      return Arrays.stream(plain.getPermittedSubclasses())
          .flatMap(kind -> values(kind, at + "." + kind.getSimpleName()).stream())
          .toList();
    if (plain.isRecord()) return records(plain, at);
    throw new IllegalArgumentException("no sample of " + type + " at " + at);
  }

  private static List<Object> collection(ParameterizedType type, String at) {
    List<Type> of = List.of(type.getActualTypeArguments());
    if (type.getRawType() == List.class)
      return List.of(values(of.getFirst(), at + "[0]"), List.of());
    if (type.getRawType() == Set.class)
      return List.of(new LinkedHashSet<>(values(of.getFirst(), at + "[0]")), Set.of());
    if (type.getRawType() == Map.class)
      return List.of(Map.of("a key", values(of.getLast(), at + "[key]").getFirst()), Map.of());
    throw new IllegalArgumentException("no sample of " + type + " at " + at);
  }

  private static List<Object> records(Class<?> type, String at) {
    RecordComponent[] fields = type.getRecordComponents();
    var alternatives = new ArrayList<List<Object>>();
    for (RecordComponent field : fields)
      alternatives.add(values(field.getGenericType(), at + "." + field.getName()));
    var first = alternatives.stream().map(List::getFirst).toArray();
    var all = new ArrayList<Object>();
    all.add(make(type, first));
    for (int i = 0; i < fields.length; i++)
      for (Object other : alternatives.get(i).stream().skip(1).toList()) {
        Object[] varied = first.clone();
        varied[i] = other;
        all.add(make(type, varied));
      }
    return all;
  }

  private static Object make(Class<?> type, Object[] values) {
    try {
      Class<?>[] types =
          Arrays.stream(type.getRecordComponents())
              .map(RecordComponent::getType)
              .toArray(Class<?>[]::new);
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no sample of " + type, e);
    }
  }

  private static Object id(Class<?> type, String at) {
    try {
      String prefix = (String) type.getField("PREFIX").get(null);
      return type.getConstructor(String.class).newInstance(Ids.derived(prefix, at));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no sample of " + type, e);
    }
  }
}
