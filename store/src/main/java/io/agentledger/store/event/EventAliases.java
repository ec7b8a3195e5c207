package io.agentledger.store.event;

import io.agentledger.api.shared.StableNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.serialization.Revision;
import org.jspecify.annotations.Nullable;

/** The stored names of events: simple names, each one once, every one with a revision. */
public final class EventAliases {
  private final Map<String, Class<?>> classes = new HashMap<>();
  private final Map<Class<?>, String> names = new HashMap<>();

  /** Walks the sealed families down to their records. */
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

  /** The name of a stored event, or null for what is no event of ours. */
  public @Nullable String nameOf(Class<?> event) {
    return names.get(event);
  }

  /** The class of a stored name, or null for a name that is no alias. */
  public @Nullable Class<?> classOf(String name) {
    return classes.get(name);
  }
}
