package io.agentledger.command.trigger;

import io.agentledger.api.content.Content;
import io.agentledger.api.shared.StableNames;
import io.agentledger.api.trigger.InboundDeliveryEvent.InboundDeliveryProcessed;
import io.agentledger.api.trigger.InboundDeliveryId;
import io.agentledger.api.trigger.TriggerId;
import io.agentledger.store.crypto.ContentStore;
import io.agentledger.store.crypto.Sealer;
import io.agentledger.store.event.JsonMappers;
import tools.jackson.databind.json.JsonMapper;

/**
 * Payload of a delivery in its row, sealed under the key of the trigger and bound to the delivery.
 * Its JSON is that of sealed content in read models.
 *
 * @param event alias of an event of deliveries
 * @param field names the delivery
 */
record SealedPayload(String event, String field, Content content) {
  private static final JsonMapper JSON = JsonMappers.mapper();
  private static final Class<?> EVENT = InboundDeliveryProcessed.class;

  static byte[] seal(Sealer sealer, TriggerId trigger, InboundDeliveryId id, String payload) {
    var field = fieldOf(id);
    var content = sealer.seal(trigger, EVENT, field, payload);
    return JSON.writeValueAsBytes(new SealedPayload(StableNames.of(EVENT), field, content));
  }

  static String open(Sealer sealer, TriggerId trigger, InboundDeliveryId id, byte[] sealed) {
    return sealer.open(trigger, EVENT, fieldOf(id), read(sealed).content());
  }

  static SealedPayload read(byte[] sealed) {
    return JSON.readValue(sealed, SealedPayload.class);
  }

  /** Deletes the file of a sealed payload that is too large for its row. Idempotent. */
  static void deleteFile(ContentStore contents, byte[] sealed) {
    if (read(sealed).content() instanceof Content.Stored stored) contents.delete(stored.sha256());
  }

  private static String fieldOf(InboundDeliveryId id) {
    return "payload." + id;
  }
}
