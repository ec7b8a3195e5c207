package io.agentledger.projection.trigger;

import io.agentledger.api.trigger.DeliveryOutcome;
import io.agentledger.api.trigger.DeliveryStatus;
import io.agentledger.projection.support.JsonConverter;
import jakarta.persistence.Convert;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** Webhook that a trigger received. The command side writes the row; it is only read here. */
@Entity
@Immutable
@Table(name = "inbound_delivery")
@SuppressWarnings("NullAway.Init")
public class InboundDeliveryRow {
  @Id private String deliveryId;
  private String tenant;
  private String triggerId;
  private String providerDeliveryId;
  private String eventType;
  private String sourceAddress;
  private long payloadBytes;

  @Enumerated(EnumType.STRING)
  private DeliveryStatus status;

  private int attempt;

  @Convert(converter = OutcomeColumn.class)
  private @Nullable DeliveryOutcome outcome;

  private Instant receivedAt;
  private @Nullable Instant processedAt;

  protected InboundDeliveryRow() {}

  public String deliveryId() {
    return deliveryId;
  }

  public String triggerId() {
    return triggerId;
  }

  public String providerDeliveryId() {
    return providerDeliveryId;
  }

  public String eventType() {
    return eventType;
  }

  public String sourceAddress() {
    return sourceAddress;
  }

  public long payloadBytes() {
    return payloadBytes;
  }

  public DeliveryStatus status() {
    return status;
  }

  public int attempt() {
    return attempt;
  }

  public @Nullable DeliveryOutcome outcome() {
    return outcome;
  }

  public Instant receivedAt() {
    return receivedAt;
  }

  public @Nullable Instant processedAt() {
    return processedAt;
  }

  @Immutable
  static final class OutcomeColumn extends JsonConverter<DeliveryOutcome> {
    OutcomeColumn() {
      super(DeliveryOutcome.class);
    }
  }
}
