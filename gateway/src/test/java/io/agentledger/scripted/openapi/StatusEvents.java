package io.agentledger.scripted.openapi;

import io.agentledger.api.session.event.ActionEvent;
import io.agentledger.api.session.event.CheckpointEvent;
import io.agentledger.api.session.event.ElicitationEvent;
import io.agentledger.api.session.event.OutputEvent;
import io.agentledger.api.session.event.RunEvent;
import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.session.event.TurnEvent;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Money;
import io.agentledger.api.shared.StableNames;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Events that are stream items of type {@code status}, with the fields that items have. */
final class StatusEvents {
  /** Events that are items of another type. */
  private static final Set<Class<?>> OTHERS =
      Set.of(
          OutputEvent.MessageReceived.class,
          OutputEvent.ToolCalled.class,
          OutputEvent.ToolReturned.class,
          OutputEvent.TodoUpdated.class,
          OutputEvent.RunInitialized.class,
          TurnEvent.TurnRetried.class,
          RunEvent.RunCompleted.class,
          RunEvent.RunInterrupted.class,
          RunEvent.RunFailed.class,
          ActionEvent.PermissionRequested.class,
          ActionEvent.PermissionDecided.class,
          ActionEvent.PermissionRemembered.class,
          ActionEvent.QuestionAsked.class,
          ActionEvent.QuestionAnswered.class,
          ElicitationEvent.class,
          CheckpointEvent.class);

  /** Fields that every item has, and those that no item has. */
  private static final Set<String> OMITTED =
      Set.of(
          "sessionId",
          "runId",
          "threadId",
          "sourcePosition",
          "blocks",
          "manifest",
          "hostPath",
          "definition",
          "capabilities",
          "values");

  static final List<Class<?>> TYPES =
      leaves(SessionEvent.class).sorted(Comparator.comparing(StableNames::of)).toList();

  private StatusEvents() {}

  private static Stream<Class<?>> leaves(Class<?> type) {
    if (OTHERS.contains(type)) return Stream.empty();
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(StatusEvents::leaves).distinct()
        : Stream.of(type);
  }

  static List<RecordComponent> fields(Class<?> event) {
    return Arrays.stream(event.getRecordComponents())
        .filter(component -> !OMITTED.contains(component.getName()))
        .toList();
  }

  /** Returns whether a field is written as its type says; content and nested events are not. */
  static boolean isPlain(RecordComponent component) {
    return isPlain(component.getGenericType());
  }

  private static boolean isPlain(Type type) {
    if (type instanceof ParameterizedType list)
      return list.getRawType() instanceof Class<?> raw
          && Collection.class.isAssignableFrom(raw)
          && isPlain(list.getActualTypeArguments()[0]);
    return type instanceof Class<?> plain
        && (plain.isPrimitive()
            || plain.isEnum()
            || plain == String.class
            || plain == Instant.class
            || plain == Money.class
            || Id.class.isAssignableFrom(plain));
  }
}
