package io.agentledger.command.trigger;

import io.agentledger.api.content.Content;
import io.agentledger.api.identity.UserId;
import io.agentledger.api.trigger.TriggerCommand.TriggerProperties;
import io.agentledger.api.trigger.TriggerDefinition;
import io.agentledger.api.trigger.TriggerEvaluator.InvalidTriggerException;
import io.agentledger.api.trigger.TriggerEvent.TriggerChanged;
import io.agentledger.api.trigger.TriggerEvent.TriggerCreated;
import io.agentledger.api.trigger.TriggerId;
import io.agentledger.command.support.Memoizer;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.JsonMappers;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** Reads triggers from the event store. Keeps compiled versions in memory. Thread-safe. */
final class TriggerReader {
  private static final JsonMapper JSON = JsonMappers.mapper();

  private static final int VERSIONS_MAX = 500;

  private final EventStore store;
  private final Sealer sealer;
  private final Memoizer<Version, ReadTrigger> versions;

  TriggerReader(EventStore store, Sealer sealer) {
    this.store = store;
    this.sealer = sealer;
    this.versions = new Memoizer<>(VERSIONS_MAX, version -> read(version.id()));
  }

  private record Version(TriggerId id, long version) {}

  /**
   * Trigger in its present version.
   *
   * @param rules null if an earlier release saved it with what is not permitted any more
   */
  record ReadTrigger(
      UserId owner,
      TriggerProperties properties,
      TriggerDefinition definition,
      @Nullable CompiledTrigger rules) {}

  /** Returns a trigger; the version is the one that the lookup table has. */
  ReadTrigger read(TriggerId id, long version) {
    return versions.get(new Version(id, version));
  }

  private ReadTrigger read(TriggerId id) {
    @Nullable UserId owner = null;
    @Nullable TriggerProperties properties = null;
    var definition = Content.ABSENT;
    Class<?> event = TriggerCreated.class;
    var events = store.readEvents(id.value());
    while (events.hasNext())
      switch (events.next().getPayload()) {
        case TriggerCreated created -> {
          owner = created.ownerId();
          properties = created.properties();
          definition = created.definition();
        }
        case TriggerChanged changed -> {
          properties = changed.properties();
          definition = changed.definition();
          event = TriggerChanged.class;
        }
        default -> {}
      }
    if (owner == null || properties == null) throw new IllegalStateException("no trigger " + id);
    var read =
        JSON.readValue(sealer.open(id, event, "definition", definition), TriggerDefinition.class);
    return new ReadTrigger(owner, properties, read, compile(properties, read));
  }

  private static @Nullable CompiledTrigger compile(
      TriggerProperties properties, TriggerDefinition definition) {
    try {
      return new CompiledTrigger(properties.provider(), properties.taskId(), definition);
    } catch (InvalidTriggerException e) {
      return null;
    }
  }
}
