package io.agentledger.command.trigger;

import io.agentledger.command.trigger.InboundDeliveryTable.ExpiredDelivery;
import io.agentledger.store.crypto.ContentStore;
import java.time.Clock;
import java.time.Duration;

/**
 * Deletes deliveries whose retention has ended, with their payloads. The digests of their
 * signatures are kept longer, because some providers sign no time. Idempotent.
 */
record ExpiredDeliveriesJob(InboundDeliveryTable deliveries, ContentStore contents, Clock clock) {
  static final String NAME = "delete-expired-inbound-deliveries";
  static final Duration RETENTION = Duration.ofDays(30);
  static final Duration SIGNATURE_RETENTION = Duration.ofDays(400);
  private static final int BATCH_SIZE = 500;

  void run() {
    var now = clock.instant();
    int deleted;
    do {
      var expired = deliveries.findBefore(now.minus(RETENTION), BATCH_SIZE);
      deleted = expired.size();
      // Files first: without its row, nothing would lead to a file any more.
      for (var delivery : expired) SealedPayload.deleteFile(contents, delivery.payload());
      deliveries.delete(expired.stream().map(ExpiredDelivery::id).toList());
    } while (deleted == BATCH_SIZE);
    while (deliveries.deleteSignaturesBefore(now.minus(SIGNATURE_RETENTION), BATCH_SIZE)
        == BATCH_SIZE) if (Thread.currentThread().isInterrupted()) return;
  }
}
