package io.agentledger.command.trigger;

import io.agentledger.api.content.Content;
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
      var payloads = deliveries.deleteBefore(clock.instant().minus(RETENTION), BATCH_SIZE);
      deleted = payloads.size();
      for (var payload : payloads)
        if (SealedPayload.read(payload).content() instanceof Content.Stored stored)
          contents.delete(stored.sha256());
    } while (deleted == BATCH_SIZE);
  }
}
