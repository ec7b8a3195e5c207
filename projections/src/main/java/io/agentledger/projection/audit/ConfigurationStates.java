package io.agentledger.projection.audit;

import io.agentledger.projection.audit.AuditRow.AuditedChanges;
import io.agentledger.store.support.UntrustedJson;
import org.axonframework.eventhandling.DomainEventMessage;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps the last state of each configuration, and finds what an event changes in it. Handles the
 * events of a resource in their order.
 */
class ConfigurationStates {
  private static final JsonMapper JSON = UntrustedJson.MAPPER;

  private final AuditStateRepository states;

  ConfigurationStates(AuditStateRepository states) {
    this.states = states;
  }

  /** Updates the state by an event and returns the changes; a repeated event changes nothing. */
  AuditedChanges update(DomainEventMessage<?> message) {
    String resourceId = message.getAggregateIdentifier();
    var update = ConfigurationEvents.toUpdate(message.getPayload(), resourceId);
    if (update.isEmpty()) return AuditedChanges.NONE;
    var key = new AuditStateKey(resourceId, update.part());
    var row = states.findById(key).orElseGet(() -> new AuditStateRow(key));
    if (message.getSequenceNumber() <= row.sequence()) return AuditedChanges.NONE;
    var state = (ObjectNode) JSON.readTree(row.state());
    var before = JsonNodeFactory.instance.objectNode();
    (update.removed() ? state : update.properties())
        .propertyNames()
        .forEach(name -> before.set(name, state.get(name)));
    before.setAll(update.known());
    if (update.removed()) states.deleteById(key);
    else {
      row.update(
          message.getSequenceNumber(), JSON.writeValueAsString(state.setAll(update.properties())));
      states.save(row);
    }
    var diff = ConfigurationDiff.between(update.part(), before, update.properties());
    return new AuditedChanges(diff.toJson(), diff.omitted());
  }

  void deleteAll() {
    states.deleteAllInBatch();
  }
}
