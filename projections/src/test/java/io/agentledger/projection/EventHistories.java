package io.agentledger.projection;

import io.agentledger.api.session.event.SessionEvent;
import io.agentledger.api.shared.Id;
import io.agentledger.api.shared.Ids;
import io.agentledger.store.event.EventSamples;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;

/** Samples of every stored type of event whose ids are those of objects that exist. */
public final class EventHistories {
  private static final Pattern ID = Pattern.compile("\"([a-z]{3})_[0-9a-z]{10}\"");

  /** Marks content that is absent, which the columns of most rows do not permit. */
  private static final String ABSENT = "\"absent\"";

  private final Serializer events;

  public EventHistories(Serializer events) {
    this.events = events;
  }

  /**
   * Returns the events of a history that has one sample of each type, except of sessions, in the
   * order of their declaration; empty if there are no further samples.
   *
   * @param number from 0
   */
  public List<EventMessage<?>> ofConfiguration(int number, Map<String, Object> metadata) {
    var history = new ArrayList<EventMessage<?>>();
    var sequences = new HashMap<String, Long>();
    for (Class<?> type : EventSamples.events()) {
      var samples = EventSamples.samplesOf(type);
      if (SessionEvent.class.isAssignableFrom(type) || number >= samples.size()) continue;
      boolean another = type.getSimpleName().equals("DefaultEnvironmentCreated");
      Object event =
          replaceIds(
              samples.get(number),
              (prefix, id) -> Ids.derived(prefix, "history " + number + another));
      if (toJson(event).contains(ABSENT)) continue;
      String aggregate = idOf(event);
      long sequence = sequences.merge(aggregate, 1L, Long::sum) - 1;
      history.add(
          new GenericDomainEventMessage<>(type.getSimpleName(), aggregate, sequence, event)
              .withMetaData(metadata));
    }
    return history;
  }

  /** Returns samples of all events of sessions. */
  public Stream<SessionEvent> ofSessions() {
    return EventSamples.events().stream()
        .filter(SessionEvent.class::isAssignableFrom)
        .flatMap(type -> EventSamples.samplesOf(type).stream())
        .map(SessionEvent.class::cast)
        .filter(event -> !toJson(event).contains(ABSENT));
  }

  /** Returns the event about the given objects, one for each prefix of ids, and new ones. */
  public SessionEvent about(Map<String, Id> objects, SessionEvent event) {
    return (SessionEvent)
        replaceIds(
            event,
            (prefix, id) ->
                objects.containsKey(prefix)
                    ? objects.get(prefix).value()
                    : Ids.derived(prefix, id, objects.get("ses").value()));
  }

  private String toJson(Object event) {
    return new String(events.serialize(event, byte[].class).getData(), StandardCharsets.UTF_8);
  }

  private Object replaceIds(Object event, BinaryOperator<String> replacement) {
    String replaced =
        ID.matcher(toJson(event))
            .replaceAll(
                id ->
                    '"'
                        + replacement.apply(
                            id.group(1), id.group().substring(1, id.group().length() - 1))
                        + '"');
    return events.deserialize(
        new SimpleSerializedObject<>(
            replaced.getBytes(StandardCharsets.UTF_8),
            byte[].class,
            events.serialize(event, byte[].class).getType()));
  }

  private static String idOf(Object event) {
    for (var field : event.getClass().getRecordComponents())
      if (Id.class.isAssignableFrom(field.getType()))
        try {
          var accessor = field.getAccessor();
          accessor.setAccessible(true);
          return accessor.invoke(event).toString();
        } catch (ReflectiveOperationException e) {
          throw new IllegalStateException(e);
        }
    return event.getClass().getSimpleName();
  }
}
