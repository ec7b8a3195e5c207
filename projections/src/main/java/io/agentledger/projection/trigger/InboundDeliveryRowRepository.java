package io.agentledger.projection.trigger;

import io.agentledger.api.trigger.DeliveryStatus;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Query;

/** Repository of deliveries. The access to their trigger must be checked before. */
public interface InboundDeliveryRowRepository extends JpaRepository<InboundDeliveryRow, String> {
  /** Returns a delivery without its payload. */
  @Query(
      """
      select d from InboundDeliveryRow d
      where d.deliveryId = :id and d.triggerId = :trigger and d.tenant = :tenant
      """)
  Optional<InboundDeliveryRow> find(String tenant, String trigger, String id);

  /** Returns the sealed payload of a delivery, JSON. */
  @Query(nativeQuery = true, value = "select payload from inbound_delivery where delivery_id = :id")
  Optional<byte[]> payloadOf(String id);

  /**
   * Filter of a list of deliveries.
   *
   * @param eventType empty for all
   */
  record DeliveryFilter(
      String tenant, String trigger, Collection<DeliveryStatus> statuses, String eventType) {}

  /** Returns rows newest first, after the given position. */
  @Query(
      """
      select d from InboundDeliveryRow d
      where d.tenant = :#{#filter.tenant} and d.triggerId = :#{#filter.trigger}
        and d.status in :#{#filter.statuses}
        and (:#{#filter.eventType} = '' or d.eventType = :#{#filter.eventType})
        and d.receivedAt >= :since
        and (d.receivedAt, d.deliveryId) < (:before, :id)
      order by d.receivedAt desc, d.deliveryId desc
      """)
  List<InboundDeliveryRow> page(
      DeliveryFilter filter, Instant since, Instant before, String id, Limit limit);
}
