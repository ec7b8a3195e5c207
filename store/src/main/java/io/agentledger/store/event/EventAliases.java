package io.agentledger.store.event;

import io.agentledger.api.shared.StableNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.axonframework.serialization.Revision;
import org.jspecify.annotations.Nullable;

/** Stored names of events. Each name is unique, and each event has a revision. */
public final class EventAliases {
  private final Map<String, Class<?>> classes = new HashMap<>();
  private final Map<Class<?>, String> names = new HashMap<>();

  /** Collects the records of the sealed families. */
  public EventAliases(List<Class<?>> families) {
    var open = new ArrayList<Class<?>>(families);
    while (!open.isEmpty()) {
      Class<?> type = open.removeLast();
      if (type.isSealed()) open.addAll(List.of(type.getPermittedSubclasses()));
      else add(type);
    }
  }

  private void add(Class<?> event) {
    if (!event.isAnnotationPresent(Revision.class))
      throw new IllegalStateException("an event without a revision: " + event);
    Class<?> other = classes.put(StableNames.of(event), event);
    if (other != null && other != event)
      throw new IllegalStateException("one alias for two events: " + event + ", " + other);
    names.put(event, StableNames.of(event));
  }

  /** Returns the stored names of some types. */
  List<String> namesOf(Predicate<Class<?>> selected) {
    return classes.entrySet().stream()
        .filter(entry -> selected.test(entry.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Returns the stored name of an event type, or null for another type. */
  public @Nullable String nameOf(Class<?> event) {
    return names.get(event);
  }

  /** Returns the class of a stored name, or null for an unknown name. */
  public @Nullable Class<?> classOf(String name) {
    return classes.get(name);
  }
}
