package io.agentledger.store.event;

import static org.assertj.core.api.Assertions.assertThat;

import io.agentledger.api.shared.Discriminated;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.StableNames;
import io.agentledger.api.shared.WireNamed;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.axonframework.serialization.Revision;
import org.junit.jupiter.api.Test;

/** The format of stored events is fixed in {@code events.lock}. */
class EventsLockTest {
  private static final Path LOCK = Path.of("events.lock");

  private final TreeMap<String, String> shapes = new TreeMap<>();

  @Test
  void eventShapesMatchTheLockFile() throws IOException {
    EventSamples.events().forEach(this::describe);
    String now =
        shapes.entrySet().stream()
            .map(shape -> shape.getKey() + shape.getValue() + "\n")
            .collect(Collectors.joining());
    if (Boolean.getBoolean("events.update")) Files.writeString(LOCK, now);
    assertThat(Files.readString(LOCK))
        .as(
            "The shape of a stored event has changed. A released event never does: give the new"
                + " shape a new @Revision, write an upcaster, keep its golden history. An event"
                + " that is new, or was never released, is locked by"
                + " mvn -pl store -am test -Dtest='EventsLockTest,GoldenHistoryTest'"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Devents.update=true")
        .isEqualTo(now);
  }

  private void describe(Type type) {
    if (type instanceof ParameterizedType generic) {
      Arrays.stream(generic.getActualTypeArguments()).forEach(this::describe);
      return;
    }
    Class<?> plain = (Class<?>) type;
    if (!plain.getName().startsWith("io.agentledger.") || shapes.containsKey(name(plain))) return;
    shapes.put(name(plain), "");
    shapes.put(name(plain), shape(plain));
  }

  private String shape(Class<?> type) {
    if (Id.class.isAssignableFrom(type)) return " = id";
    if (type.isEnum())
      return Arrays.stream(type.getEnumConstants())
          .map(c -> c instanceof WireNamed named ? named.wireName() : ((Enum<?>) c).name())
          .collect(Collectors.joining(" | ", " = ", ""));
    if (type.isSealed()) {
      Arrays.stream(type.getPermittedSubclasses()).forEach(this::describe);
      return Arrays.stream(type.getPermittedSubclasses())
          .map(StableNames::of)
          .collect(Collectors.joining(" | ", " = " + Discriminated.PROPERTY + " ", ""));
    }
    for (RecordComponent field : type.getRecordComponents()) describe(field.getGenericType());
    Revision revision = type.getAnnotation(Revision.class);
    return (revision == null ? "" : " @" + revision.value())
        + Arrays.stream(type.getRecordComponents())
            .map(field -> "\n  " + field.getName() + ": " + name(field.getGenericType()))
            .collect(Collectors.joining());
  }

  /**
   * Events by their stored names; other types, whose names are not stored, by those of their
   * classes, nested types after their outer one. Records of a discriminated type have its name and
   * the value of the discriminator.
   */
  private static String name(Type type) {
    if (type instanceof ParameterizedType generic)
      return name(generic.getRawType())
          + Arrays.stream(generic.getActualTypeArguments())
              .map(EventsLockTest::name)
              .collect(Collectors.joining(", ", "<", ">"));
    Class<?> plain = (Class<?>) type;
    Class<?> outer = plain.getEnclosingClass();
    if (plain.isAnnotationPresent(Revision.class)) return StableNames.of(plain);
    if (plain.isRecord() && Discriminated.class.isAssignableFrom(plain))
      return name(plain.getInterfaces()[0]) + "." + StableNames.of(plain);
    return outer == null ? plain.getSimpleName() : name(outer) + "." + plain.getSimpleName();
  }
}
