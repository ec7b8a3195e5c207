package io.agentledger.command.trigger;

import io.agentledger.command.trigger.InboundDeliveryTable.ExpiredDelivery;
import io.agentledger.store.crypto.ContentStore;
import java.time.Clock;
import java.time.Duration;

/** Deletes deliveries whose retention has ended, with their payloads. Idempotent. */
record ExpiredDeliveriesJob(InboundDeliveryTable deliveries, ContentStore contents, Clock clock) {
  static final String NAME = "delete-expired-inbound-deliveries";
  static final Duration RETENTION = Duration.ofDays(30);
  private static final int BATCH_SIZE = 500;

  void run() {
    int deleted;
    do {
      var expired = deliveries.findBefore(clock.instant().minus(RETENTION), BATCH_SIZE);
      deleted = expired.size();
      // Files first: without its row, nothing would lead to a file any more.
      for (var delivery : expired) SealedPayload.deleteFile(contents, delivery.payload());
      deliveries.delete(expired.stream().map(ExpiredDelivery::id).toList());
    } while (deleted == BATCH_SIZE);
  }
}
